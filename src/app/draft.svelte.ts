import type { Preferences } from '#data/db/preferences'

const NAME = 'chatDraft'

/** Typing is stored after a pause of this length. */
const PAUSE_MS = 300

/** What the user is typing in the chat; survives a reload. */
export class Draft {
  readonly #preferences: Pick<Preferences, 'get' | 'set'>
  #text = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(preferences: Pick<Preferences, 'get' | 'set'>) {
    this.#preferences = preferences
  }

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    clearTimeout(this.#timer)
    // A draft that cannot be stored is still on the screen; sending will say what is wrong.
    const store = () => void this.#preferences.set(NAME, text).catch(() => undefined)
    this.#timer = setTimeout(store, PAUSE_MS)
  }

  /** Reads the stored draft, unless something has been typed already. */
  async restore(): Promise<void> {
    const stored = await this.#preferences.get(NAME)
    if (typeof stored === 'string' && this.#text === '') this.#text = stored
  }
}

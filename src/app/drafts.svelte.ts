import { SvelteMap } from 'svelte/reactivity'
import type { ConversationId, MessageId } from '#core/chat/types'
import type { DraftDatabase } from '#data/db/drafts'
import type { OwnDrafts } from './own-drafts'

/** Typing is stored after a pause of this length. */
const PAUSE_MS = 300

export interface DraftsPorts {
  database: Pick<DraftDatabase, 'get' | 'put'>
  /** What this tab typed, for its reloads: another tab may have typed something else into the same conversation. */
  own?: Pick<OwnDrafts, 'get' | 'put'>
  /** Milliseconds since 1970. */
  now: () => number
}

/** What the user is typing into the open conversation: the next question, and messages being rewritten. */
export class Drafts {
  readonly #ports: DraftsPorts
  #id: ConversationId | '' = ''
  #text = $state('')
  readonly #edits = new SvelteMap<MessageId, string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ports: DraftsPorts) {
    this.#ports = ports
  }

  /** The next question. */
  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    this.#touch()
  }

  /** The messages being rewritten, and what of. */
  get edits(): ReadonlyMap<MessageId, string> {
    return this.#edits
  }

  /** Null ends the rewriting of a message. */
  setEdit(id: MessageId, text: string | null): void {
    if (text === null) this.#edits.delete(id)
    else this.#edits.set(id, text)
    this.#touch()
  }

  /** Stores what was typed so far and goes to another conversation's draft. */
  async open(id: ConversationId | ''): Promise<void> {
    // Not waited for: the disk may be busy, and what is typed from now on belongs to the other conversation.
    const flushed = this.flush()
    this.#id = id
    this.#text = ''
    this.#edits.clear()
    const own = this.#ports.own?.get(id)
    const [shared] = await Promise.all([this.#ports.database.get(id), flushed])
    const stored = own ?? shared
    if (!stored || this.#id !== id) return
    for (const edit of stored.edits) if (!this.#edits.has(edit.id)) this.#edits.set(edit.id, edit.text)
    if (this.#text === '') this.#text = stored.text
    // What has been typed meanwhile goes on behind what was typed before.
    else if (stored.text !== '') this.text = `${stored.text}\n${this.#text}`
  }

  /** The conversation that was not begun has begun as `id`: what is typed goes on there. */
  async moveTo(id: ConversationId): Promise<void> {
    const left = this.#id
    this.#id = id
    this.#touch()
    const nothing = { text: '', edits: [], at: this.#ports.now() }
    this.#ports.own?.put(left, nothing)
    await this.#ports.database.put(left, nothing)
  }

  /** Stores at once what waits for a pause. A draft that cannot be stored is still on the screen. */
  async flush(): Promise<void> {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const edits = [...this.#edits].map(([id, text]) => ({ id, text }))
    const draft = { text: this.#text, edits, at: this.#ports.now() }
    this.#ports.own?.put(this.#id, draft)
    await this.#ports.database.put(this.#id, draft).catch(() => undefined)
  }

  #touch(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), PAUSE_MS)
  }
}

import type { ConversationId, MessageId } from '#core/chat/types'

/** Erased with everything that begins with the app's name. */
const PREFIX = 'somnus-draft/'

/** What this tab typed belongs to conversations that are here no more. */
export function forgetOwnDrafts(storage: Storage): void {
  for (const name of Object.keys(storage)) if (name.startsWith(PREFIX)) storage.removeItem(name)
}

interface Draft {
  text: string
  edits: readonly { id: MessageId; text: string }[]
}

/** The drafts that were typed in this tab. The browser forgets them with the tab; what is for good is in the database. */
export class OwnDrafts {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage
  }

  get(id: ConversationId | ''): Draft | null {
    const stored = this.#storage.getItem(PREFIX + id)
    // Nobody but this tab can have written it.
    return stored === null ? null : (JSON.parse(stored) as Draft)
  }

  /** An empty draft is erased. */
  put(id: ConversationId | '', { text, edits }: Draft): void {
    const name = PREFIX + id
    this.#storage.removeItem(name)
    if (text === '' && edits.length === 0) return
    try {
      this.#storage.setItem(name, JSON.stringify({ text, edits }))
    } catch {
      // Longer than a browser keeps for a tab: the database has it.
    }
  }
}

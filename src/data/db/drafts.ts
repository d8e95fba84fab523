import type { ConversationId } from '#core/chat/types'
import type { SomnusDatabase, StoredDraft } from './schema'

/** What is typed and not sent, by conversation; "" is the one not begun. */
export class DraftDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  get(id: ConversationId | ''): Promise<StoredDraft | undefined> {
    return this.#database.get('drafts', id)
  }

  /** Stores a draft; an empty one is erased. */
  async put(id: ConversationId | '', draft: StoredDraft): Promise<void> {
    const transaction = this.#database.transaction('drafts', 'readwrite')
    if (draft.text === '' && draft.edits.length === 0) void transaction.store.delete(id)
    else void transaction.store.put(draft, id)
    // Not left to the end of the requests: a page that is going away would not live to see it.
    transaction.commit()
    await transaction.done
  }
}

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { parsePrivacyState, type PrivacyState } from '#core/privacy/state'

/** A database of its own, which the service worker reads: the app's changes its version and may be blocked by a tab. */
export const PRIVACY_DATABASE = 'somnus-privacy'

const STORE = 'state'
const KEY = 'state'

interface Schema extends DBSchema {
  state: { key: string; value: unknown }
}

/** Whether the app is locked and which hosts were chosen, for all tabs, workers and visits. */
export class PrivacyRecord {
  #database: Promise<IDBPDatabase<Schema>> | undefined

  async read(): Promise<PrivacyState> {
    const database = await this.#open()
    return parsePrivacyState(await database.get(STORE, KEY))
  }

  /** Changes what is stored, in one transaction, and gives what is stored then; safe on the disk when it resolves. */
  async change(change: (state: PrivacyState) => PrivacyState): Promise<PrivacyState> {
    const database = await this.#open()
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
    const before = parsePrivacyState(await transaction.store.get(KEY))
    const after = change(before)
    if (after !== before) await transaction.store.put({ ...after, hosts: [...after.hosts] }, KEY)
    await transaction.done
    return after
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const opened = (this.#database ??= openDB<Schema>(PRIVACY_DATABASE, 1, {
      upgrade: (database) => void database.createObjectStore(STORE),
      // Erasing everything must not wait for this.
      blocking: () => {
        void this.#database?.then((database) => database.close())
        this.#database = undefined
      },
      terminated: () => (this.#database = undefined),
    }))
    opened.catch(() => (this.#database = undefined))
    return opened
  }
}

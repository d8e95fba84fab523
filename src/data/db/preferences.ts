import type { SomnusDatabase } from './schema'

/** Small named values: settings, remembered consents, drafts. */
export class Preferences {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** The stored value, unchecked: callers parse it. Undefined when nothing is stored. */
  get(name: string): Promise<unknown> {
    return this.#database.get('preferences', name)
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.#database.put('preferences', value, name)
  }

  async remove(name: string): Promise<void> {
    await this.#database.delete('preferences', name)
  }
}

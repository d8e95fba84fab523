/** Prompts that users made, in IndexedDB. A run keeps its own copy, so none of them is needed to read a result. */
import type { PromptSet, PromptSetId } from '#core/prompt/prompt-set'
import type { SomnusDatabase, StoredPrompts } from './schema'

export class PromptDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** The last saved first. */
  async list(): Promise<StoredPrompts[]> {
    const stored = await this.#database.getAll('prompts')
    return stored.sort((one, other) => other.savedAt - one.savedAt || (one.id < other.id ? -1 : 1))
  }

  /** Stores the prompts, in place of earlier ones of the same id. */
  async save(prompts: PromptSet, savedAt: number): Promise<void> {
    await this.#database.put('prompts', { id: prompts.id, prompts, savedAt })
  }

  async remove(id: PromptSetId): Promise<void> {
    await this.#database.delete('prompts', id)
  }
}

/** The records of stored models in IndexedDB, for the page (reading) and for the model worker (writing). */
import type { StoredFile, StoredModel, StoredModelId } from '#core/model/stored'
import type { SomnusDatabase } from './schema'

export class ModelDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** All models, newest first. */
  async list(): Promise<StoredModel[]> {
    const models = await this.#database.getAll('models')
    return models.sort((one, other) => other.addedAt - one.addedAt || (one.id < other.id ? -1 : 1))
  }

  get(id: StoredModelId): Promise<StoredModel | undefined> {
    return this.#database.get('models', id)
  }

  /** On the disk when it resolves: a record must not be older than the bytes that it tells of. */
  async put(model: StoredModel): Promise<void> {
    const transaction = this.#database.transaction('models', 'readwrite', { durability: 'strict' })
    await Promise.all([transaction.store.put(model), transaction.done])
  }

  /** Changes a record as it is now; gives the new one, or undefined where there is none. */
  async update(
    id: StoredModelId,
    change: (model: StoredModel) => StoredModel,
  ): Promise<StoredModel | undefined> {
    const transaction = this.#database.transaction('models', 'readwrite', { durability: 'strict' })
    const model = await transaction.store.get(id)
    const changed = model && change(model)
    if (changed) await transaction.store.put(changed)
    await transaction.done
    return changed
  }

  /** Replaces what is known of one file. */
  updateFile(id: StoredModelId, path: string, change: Partial<StoredFile>): Promise<StoredModel | undefined> {
    return this.update(id, (model) => ({
      ...model,
      files: model.files.map((file) => (file.path === path ? { ...file, ...change } : file)),
    }))
  }

  async remove(id: StoredModelId): Promise<void> {
    const transaction = this.#database.transaction('models', 'readwrite', { durability: 'strict' })
    await Promise.all([transaction.store.delete(id), transaction.done])
  }
}

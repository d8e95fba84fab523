/** Presets that users made or were given, in IndexedDB. A conversation keeps its own copy of what it asks with. */
import type { ChatPreset, PresetId } from '#core/chat/types'
import type { SomnusDatabase, StoredPreset } from './schema'

export class PresetDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** The last saved first. */
  async list(): Promise<StoredPreset[]> {
    const stored = await this.#database.getAll('presets')
    return stored.sort((one, other) => other.savedAt - one.savedAt || (one.id < other.id ? -1 : 1))
  }

  /** Stores a preset, in place of an earlier one of the same id. */
  async save(preset: ChatPreset, savedAt: number): Promise<void> {
    await this.#database.put('presets', { id: preset.id, preset, savedAt })
  }

  async remove(id: PresetId): Promise<void> {
    await this.#database.delete('presets', id)
  }
}

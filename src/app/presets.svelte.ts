import { BUILT_IN_PRESETS, builtInPreset, type BuiltInPreset } from '#core/chat/presets'
import type { ChatPreset, PresetId } from '#core/chat/types'
import type { ItemLanguage } from '#core/prompt/question'
import type { PresetDatabase } from '#data/db/presets'

export interface PresetsPorts {
  database: Pick<PresetDatabase, 'list' | 'save' | 'remove'>
  /** In the language of the interface, which is also that of the system messages. */
  texts: () => {
    language: ItemLanguage
    presets: Record<BuiltInPreset, Pick<ChatPreset, 'name' | 'description'>>
  }
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => PresetId
}

/** How a user likes to be answered: the presets that come with the app, and the user's own. */
export class Presets {
  readonly #ports: PresetsPorts
  #own = $state.raw<readonly ChatPreset[]>([])
  readonly #builtIn = $derived.by(() => {
    const { language, presets } = this.#ports.texts()
    return BUILT_IN_PRESETS.map((preset) => builtInPreset(preset, language, presets[preset]))
  })

  constructor(ports: PresetsPorts) {
    this.#ports = ports
  }

  get builtIn(): readonly ChatPreset[] {
    return this.#builtIn
  }

  /** The user's own, the last saved first. */
  get own(): readonly ChatPreset[] {
    return this.#own
  }

  find(id: PresetId | null): ChatPreset | null {
    return [...this.#builtIn, ...this.#own].find((preset) => preset.id === id) ?? null
  }

  isOwn(id: PresetId): boolean {
    return this.#own.some((preset) => preset.id === id)
  }

  async restore(): Promise<void> {
    this.#own = (await this.#ports.database.list()).map(({ preset }) => preset)
  }

  /** Keeps a preset under a name, in place of one of the user's own with that name. */
  async save(shared: Omit<ChatPreset, 'id'>): Promise<ChatPreset> {
    const { name, description, settings } = shared
    const id = this.#own.find((own) => own.name === name)?.id ?? this.#ports.newId()
    const preset = { id, name, description, settings }
    await this.bringBack(preset)
    return preset
  }

  /** Stores a preset that was removed, for the conversations that name it. */
  async bringBack(preset: ChatPreset): Promise<void> {
    await this.#ports.database.save(preset, this.#ports.now())
    await this.restore()
  }

  /** Removes one of the user's own; the preset, to be brought back. */
  async remove(id: PresetId): Promise<ChatPreset | null> {
    const preset = this.#own.find((own) => own.id === id) ?? null
    await this.#ports.database.remove(id)
    await this.restore()
    return preset
  }
}

import { MIRROR_SETTING, parseMirror } from '#core/model/mirror'
import type { Preferences } from '#data/db/preferences'

/** The address that stands in for the hosts of public models (see core/model/mirror); kept between visits. */
export class ModelMirror {
  readonly #preferences: Pick<Preferences, 'get' | 'set' | 'remove'>
  #address = $state<string | null>(null)

  constructor(preferences: Pick<Preferences, 'get' | 'set' | 'remove'>) {
    this.#preferences = preferences
  }

  get address(): string | null {
    return this.#address
  }

  async restore(): Promise<void> {
    const stored = await this.#preferences.get(MIRROR_SETTING)
    this.#address = typeof stored === 'string' ? parseMirror(stored) : null
  }

  /** False, and nothing changes, when it is not an http(s) address; an empty one is none. */
  async set(typed: string | null): Promise<boolean> {
    const isNone = typed === null || typed.trim() === ''
    const address = isNone ? null : parseMirror(typed)
    if (!isNone && address === null) return false
    this.#address = address
    if (address === null) await this.#preferences.remove(MIRROR_SETTING)
    else await this.#preferences.set(MIRROR_SETTING, address)
    return true
  }
}

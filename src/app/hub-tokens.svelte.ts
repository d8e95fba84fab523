import { SvelteMap } from 'svelte/reactivity'
import { HUB, parseAddress } from '#core/model/address'
import { mirrored } from '#core/model/mirror'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { originOf, parseToken, type Access, type HubToken } from '#core/transfer/hub-token'
import type { Preferences } from '#data/db/preferences'

const REMEMBERED = 'hubTokens'

/**
 * Access tokens of the user's: kept in memory for the model that they were given for, and stored only where the user
 * asked for it.
 */
export class HubTokens {
  readonly #preferences: Pick<Preferences, 'get' | 'set' | 'remove'>
  readonly #remembered = new SvelteMap<string, string>()
  readonly #lent = new SvelteMap<StoredModelId, HubToken>()

  constructor(preferences: Pick<Preferences, 'get' | 'set' | 'remove'>) {
    this.#preferences = preferences
  }

  /** The origins whose token is stored in this browser. */
  get origins(): string[] {
    return [...this.#remembered.keys()]
  }

  async restore(): Promise<void> {
    const stored = await this.#preferences.get(REMEMBERED)
    // Another tab may have forgotten some.
    this.#remembered.clear()
    if (typeof stored !== 'object' || stored === null) return
    for (const [origin, token] of Object.entries(stored)) {
      const parsed = typeof token === 'string' ? parseToken(token) : null
      if (parsed !== null && originOf(origin) === origin) this.#remembered.set(origin, parsed)
    }
  }

  async remember({ origin, token }: HubToken): Promise<void> {
    await this.restore()
    this.#remembered.set(origin, token)
    await this.#store()
  }

  async forget(origin: string): Promise<void> {
    await this.restore()
    this.#remembered.delete(origin)
    await this.#store()
  }

  /** For whatever is done to the model in this visit. */
  lend(id: StoredModelId, token: HubToken | null): void {
    if (token) this.#lent.set(id, token)
  }

  takeBack(id: StoredModelId): void {
    this.#lent.delete(id)
  }

  /** How the hosts of a model are reached. */
  accessFor({ id, origin }: Pick<StoredModel, 'id' | 'origin'>, mirror: string | null): Access {
    const remembered = origin.kind === 'remote' ? this.rememberedFor(origin.address, mirror) : null
    return { mirror, token: this.#lent.get(id) ?? remembered }
  }

  /** The stored one for the host that an address is asked at. */
  rememberedFor(address: string, mirror: string | null): HubToken | null {
    const parsed = parseAddress(address)
    const place =
      parsed?.kind === 'hub' ? `${parsed.hub}/` : parsed?.kind === 'folder' ? parsed.base : parsed?.url
    const origin = originOf(mirrored(place ?? `${HUB}/`, mirror))
    const token = origin === null ? undefined : this.#remembered.get(origin)
    return origin === null || token === undefined ? null : { origin, token }
  }

  async #store(): Promise<void> {
    if (this.#remembered.size === 0) await this.#preferences.remove(REMEMBERED)
    else await this.#preferences.set(REMEMBERED, Object.fromEntries(this.#remembered))
  }
}

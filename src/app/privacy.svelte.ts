import { choosable } from '#core/privacy/hosts'
import type { SentUnder } from '#core/privacy/policy'
import {
  FIRST_VISIT,
  reachKey,
  UNREADABLE,
  withHosts,
  withoutHost,
  type PrivacyState,
} from '#core/privacy/state'
import { failure, success, type Result } from '#core/result'
import type { PrivacyRecord } from '#data/privacy/record'
import type { Control, PolicyKeeper } from './policy-keeper'

export type HostFailure =
  | { kind: 'locked'; url: string }
  /** Not http(s), or an address that a policy cannot name: one of IPv6. */
  | { kind: 'address-invalid'; address: string }

/** What the doors of the download workers ask before they reach a host. */
export interface HostGate {
  /**
   * Called where the user starts something that names these addresses on the screen: that is the choice of their
   * hosts. Resolves when a worker that starts now is under a policy with them.
   */
  admit(addresses: readonly string[]): Promise<Result<void, HostFailure>>
  /** Another value when a worker that starts now would be under another policy. */
  readonly reach: string
}

export interface PrivacyPorts {
  record: Pick<PrivacyRecord, 'read' | 'change'>
  keeper: PolicyKeeper
  /** Tells other tabs and workers that the state changed, and hears it from them. */
  announce(): void
  hear(listener: () => void): void
  ownOrigin: string
  wait(milliseconds: number): Promise<void>
}

/** On a first visit the service worker is there within a second or two; a download may begin without it. */
const CONTROL_LIMIT_MS = 5000
const CONTROL_CHECK_MS = 100

/** The two phases: what may be reached, and whether that is in force. */
export class Privacy implements HostGate {
  readonly #ports: PrivacyPorts
  readonly #sentUnder: SentUnder | null
  #state = $state.raw<PrivacyState>(FIRST_VISIT)
  #control = $state<Control>('starting')
  /** What the service worker has said that it obeys. */
  #obeyed = $state.raw<PrivacyState | null>(null)
  #onLock: (() => void | Promise<void>)[] = []

  constructor(ports: PrivacyPorts) {
    this.#ports = ports
    this.#sentUnder = ports.keeper.sentUnder()
    ports.hear(() => void this.#refresh())
    ports.keeper.onControl(() => void this.#refresh())
  }

  async restore(): Promise<void> {
    this.#state = await this.#read()
    // The service worker may take seconds to answer while the browser starts it.
    void this.#check()
  }

  get locked(): boolean {
    return this.#state.locked
  }

  /** In the order in which they were chosen; kept while locked. */
  get hosts(): readonly string[] {
    return this.#state.hosts
  }

  get reach(): string {
    return reachKey(this.#state)
  }

  /** Whether page and workers are held to the state by more than the app's own code. */
  get inForce(): boolean {
    const { control, sentUnder } = this
    return control === 'controlled' && sentUnder !== null && this.#obeyed !== null && this.#isObeyed
  }

  get control(): Control {
    return this.#control
  }

  /** The policy that this page was loaded with; null: the host sent none and the service worker was not there yet. */
  get sentUnder(): SentUnder | null {
    return this.#sentUnder
  }

  /** To be called when the app is locked, here or in another tab: ends what reaches other hosts. */
  whenLocked(listener: () => void | Promise<void>): void {
    this.#onLock.push(listener)
  }

  async lock(): Promise<void> {
    await this.#change((state) => (state.locked ? state : { ...state, locked: true }))
  }

  async unlock(): Promise<void> {
    await this.#change((state) => (state.locked ? { ...state, locked: false } : state))
  }

  /** Adds the host of an address, also while locked; false where it names none. */
  async choose(address: string): Promise<boolean> {
    const origin = originOf(address.trim())
    if (origin === null) return false
    await this.#change((state) => withHosts(state, [origin]))
    return true
  }

  async forget(origin: string): Promise<void> {
    await this.#change((state) => withoutHost(state, origin))
  }

  async admit(addresses: readonly string[]): Promise<Result<void, HostFailure>> {
    const origins: string[] = []
    for (const address of addresses) {
      const origin = originOf(address)
      if (origin === this.#ports.ownOrigin) continue
      if (origin === null) return failure({ kind: 'address-invalid', address })
      origins.push(origin)
    }
    const [first] = addresses
    if (origins.length === 0 || first === undefined) return success(undefined)
    const isChosen = (state: PrivacyState) => withHosts(state, origins) === state
    const state = await this.#read()
    const after =
      state.locked || isChosen(state)
        ? state
        : await this.#change((now) => (now.locked ? now : withHosts(now, origins)))
    this.#state = after
    if (after.locked) return failure({ kind: 'locked', url: first })
    await this.#underControl()
    return success(undefined)
  }

  get #isObeyed(): boolean {
    return this.#obeyed !== null && reachKey(this.#obeyed) === this.reach
  }

  async #change(change: (state: PrivacyState) => PrivacyState): Promise<PrivacyState> {
    const before = this.#state
    this.#state = await this.#ports.record.change(change)
    this.#ports.announce()
    await this.#check()
    if (this.#state.locked && !before.locked) await this.#endDownloads()
    return this.#state
  }

  /** Another tab, or another service worker. */
  async #refresh(): Promise<void> {
    const before = this.#state
    this.#state = await this.#read()
    if (this.#state.locked && !before.locked) await this.#endDownloads()
    await this.#check()
  }

  #read(): Promise<PrivacyState> {
    return this.#ports.record.read().catch(() => UNREADABLE)
  }

  async #check(): Promise<void> {
    const { keeper } = this.#ports
    this.#obeyed = await keeper.tell()
    this.#control = await keeper.control()
  }

  async #endDownloads(): Promise<void> {
    await Promise.all(this.#onLock.map(async (end) => end()))
  }

  /** Waits, not for long, until a worker that starts gets its policy from the service worker; a host's own will do. */
  async #underControl(): Promise<void> {
    if (this.#sentUnder !== null) return
    for (let waited = 0; waited < CONTROL_LIMIT_MS; waited += CONTROL_CHECK_MS) {
      this.#control = await this.#ports.keeper.control()
      if (this.#control !== 'starting') return
      await this.#ports.wait(CONTROL_CHECK_MS)
    }
  }
}

/** The origin of an http(s) address as policies compare it; "example.org" is taken for https. */
function originOf(address: string): string | null {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`
  return URL.canParse(full) ? choosable(new URL(full).origin) : null
}

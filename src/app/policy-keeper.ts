/** Who keeps the page and its workers to the policy: the service worker, or the host that sent the page. */
import { POLICY_TIMING, type SentUnder } from '#core/privacy/policy'
import { parsePrivacyState, type PrivacyState } from '#core/privacy/state'
import { STATE_CHANGED } from '#data/privacy/announce'

export type Control =
  /** Every request of this page and its workers passes through the service worker. */
  | 'controlled'
  /** The service worker is being set up. */
  | 'starting'
  /** It is there, but this page was loaded past it ("hard reload"). */
  | 'bypassed'
  /** This browser, address or build has none. */
  | 'none'

/** A service worker that does not answer in this time is taken for one that does not obey. */
const ANSWER_LIMIT_MS = 3000

export interface PolicyKeeper {
  /** The policy that the page came with; null: none. */
  sentUnder(): SentUnder | null
  control(): Promise<Control>
  /** Makes the service worker read the stored state; gives what it obeys then, null where nobody answers. */
  tell(): Promise<PrivacyState | null>
  /** Calls when another service worker takes the page over. */
  onControl(listener: () => void): void
}

export class BrowserPolicyKeeper implements PolicyKeeper {
  readonly #workers: ServiceWorkerContainer | undefined

  constructor(workers: ServiceWorkerContainer | undefined) {
    this.#workers = workers
  }

  sentUnder(): SentUnder | null {
    // Browsers keep the timing of the server from pages that came without https.
    const [loaded] = performance.getEntriesByType('navigation') as Partial<PerformanceNavigationTiming>[]
    const timing = loaded?.serverTiming?.find(({ name }) => name === POLICY_TIMING)
    return (timing?.description as SentUnder | undefined) ?? null
  }

  async control(): Promise<Control> {
    const workers = this.#workers
    if (!workers) return 'none'
    if (workers.controller) return 'controlled'
    const registration = await workers.getRegistration().catch(() => undefined)
    if (registration?.active?.state === 'activated') return 'bypassed'
    // Registering begins when the browser is idle.
    return registration || import.meta.env.PROD ? 'starting' : 'none'
  }

  async tell(): Promise<PrivacyState | null> {
    const registration = await this.#workers?.getRegistration().catch(() => undefined)
    const worker = this.#workers?.controller ?? registration?.active
    if (!worker) return null
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise<PrivacyState | null>((resolve) => {
      port1.onmessage = ({ data }) => resolve(parsePrivacyState(data))
      setTimeout(resolve, ANSWER_LIMIT_MS, null)
    })
    worker.postMessage(STATE_CHANGED, [port2])
    return answer.finally(() => port1.close())
  }

  onControl(listener: () => void): void {
    this.#workers?.addEventListener('controllerchange', listener)
  }
}

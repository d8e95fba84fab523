import { RESERVED_TARGET } from '#core/privacy/canary'
import { EMPTY_LEDGER, type Ledger, type LedgerEntry } from '#core/privacy/ledger'
import type { Reach } from '#core/privacy/policy'
import { privacyReport, type PrivacyReport } from '#core/privacy/report'
import { countVerdicts, judge, type Trial, type Verdict } from '#core/privacy/self-test'
import type { LedgerLog } from '#data/privacy/ledger-log'
import { runSelfTest, type SelfTestPorts } from './proof-runner'

/** The service worker writes its lines in its own time; this is twice as long. */
const LEDGER_WAIT_MS = 700

export interface ProofPorts {
  log: Pick<LedgerLog, 'read' | 'clear' | 'flush' | 'onChange'>
  selfTest: SelfTestPorts
  privacy: PrivacyFacts
  buildHash: () => Promise<string | null>
  appVersion: string
  now: () => number
}

/** What the app says of its two phases. */
export interface PrivacyFacts {
  readonly locked: boolean
  readonly hosts: readonly string[]
  /** Whether page and workers are held to it by more than the app's own code. */
  readonly inForce: boolean
}

export interface TestedCanary {
  trial: Trial
  verdict: Verdict
}

/** A self-test that is running or has run. */
export interface SelfTestRun {
  target: string
  startedAt: number
  reach: Reach
  state: 'running' | 'finished' | 'stopped'
}

/** The ledger and the self-test of this browser. */
export class Proof {
  readonly #ports: ProofPorts
  #ledger = $state.raw<Ledger | null>(null)
  #isRefused = $state(false)
  #run = $state.raw<SelfTestRun | null>(null)
  #trials = $state.raw<readonly Trial[]>([])
  #lines = $state.raw<readonly LedgerEntry[]>([])
  readonly #tested = $derived.by(() => this.#judged())
  #stop: AbortController | null = null

  constructor(ports: ProofPorts) {
    this.#ports = ports
  }

  /** Null until it has been read. */
  get ledger(): Ledger | null {
    return this.#ledger
  }

  /** The browser refuses the database. */
  get isRefused(): boolean {
    return this.#isRefused
  }

  get run(): SelfTestRun | null {
    return this.#run
  }

  get tested(): readonly TestedCanary[] {
    return this.#tested
  }

  get counts() {
    return countVerdicts(this.#tested.map(({ verdict }) => verdict))
  }

  /** Reads the ledger, and again whenever somebody writes into it; gives the way to stop. */
  watch(): () => void {
    void this.refresh()
    return this.#ports.log.onChange(() => void this.refresh())
  }

  async refresh(): Promise<void> {
    try {
      await this.#ports.log.flush()
      this.#ledger = await this.#ports.log.read()
      this.#isRefused = false
    } catch {
      this.#ledger ??= EMPTY_LEDGER
      this.#isRefused = true
    }
  }

  async clear(): Promise<void> {
    await this.#ports.log.clear()
    await this.refresh()
  }

  /** Tries all canaries. Resolves when each has been judged, or when it was stopped. */
  async test(target: string = RESERVED_TARGET): Promise<void> {
    if (this.#run?.state === 'running') return
    const stop = (this.#stop = new AbortController())
    const { log, now, selfTest } = this.#ports
    this.#trials = []
    this.#lines = []
    this.#run = { target, startedAt: now(), reach: this.#reach(), state: 'running' }
    const id = crypto.randomUUID().slice(0, 8)
    await runSelfTest(
      { target, run: id },
      (trial) => (this.#trials = [...this.#trials, trial]),
      selfTest,
      stop.signal,
    )
    if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, LEDGER_WAIT_MS))
    await log.flush()
    const { entries } = await log.read().catch(() => EMPTY_LEDGER)
    this.#lines = entries.filter(({ purpose }) => purpose === 'self-test')
    this.#run = { ...this.#run, state: stop.signal.aborted ? 'stopped' : 'finished' }
  }

  stop(): void {
    this.#stop?.abort()
  }

  async report(): Promise<PrivacyReport> {
    await this.refresh()
    const { privacy, buildHash, appVersion, now } = this.#ports
    const { locked, hosts, inForce } = privacy
    const run = this.#run
    return privacyReport({
      at: now(),
      address: document.baseURI,
      ownHost: location.host,
      appVersion,
      buildHash: await buildHash(),
      browser: navigator.userAgent,
      state: { locked, hosts },
      inForce,
      selfTest: run && { ...run, finished: run.state === 'finished', tested: this.#tested },
      ledger: this.#ledger ?? EMPTY_LEDGER,
    })
  }

  /** What the workers that download may reach now. */
  #reach(): Reach {
    const { locked, hosts, inForce } = this.#ports.privacy
    // Without a service worker the host's own policy holds, which does not know what was chosen. Locked means locked.
    return locked || inForce ? { locked, hosts } : 'any-host'
  }

  #judged(): TestedCanary[] {
    const reach = this.#run?.reach
    if (!reach) return []
    return this.#trials.map((trial) => ({ trial, verdict: judge(trial, this.#lines, reach) }))
  }
}

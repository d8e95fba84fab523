/** Tries canaries one after the other, and listens meanwhile for what the policy of this scope reports. */
import { canaryUrl, type Canary } from '#core/privacy/canary'
import { isAbout, type Observation, type PolicyReport, type Trial } from '#core/privacy/self-test'
import type { LedgerEntry } from '#core/privacy/ledger'
import { shownAddress } from '#core/privacy/ledger-address'
import type { LedgerLog } from './ledger-log'
import { failed, type Probe } from './probes'

/** A canary that is neither answered nor refused by then is given up. */
const TRIAL_LIMIT_MS = 3_000
/** A report comes a task or two after the refusal; where nothing is reported this is how long it was waited for. */
const REPORT_WAIT_MS = 200
/** After a report, this long for an answer that would prove it wrong. */
const ANSWER_WAIT_MS = 30

/** Observations that no report can add to. */
const SURE: readonly Observation['kind'][] = ['absent', 'untestable', 'stopped', 'reached', 'forbidden']

export interface TrialRun {
  target: string
  run: string
  canaries: readonly Canary[]
}

/** Where the attempts are written down, as any request of the app's is. */
export interface TrialBooks {
  log: Pick<LedgerLog, 'record'>
  from: LedgerEntry['from']
}

/** The trials as they end. Stops, without an error, when the signal aborts. */
export async function* tryCanaries(
  { target, run, canaries }: TrialRun,
  probeOf: (canary: Canary) => Probe | undefined,
  books: TrialBooks,
  signal: AbortSignal,
): AsyncGenerator<Trial> {
  for (const canary of canaries) {
    if (signal.aborted) return
    const trial = await tryCanary(canary, canaryUrl(target, run, canary), probeOf(canary), signal)
    write(trial, books)
    if (signal.aborted) return
    yield trial
  }
}

/** Attempts that cannot have asked for anything are no requests; leaving is stopped by the attempt itself. */
function write({ url, canary, observation, reports }: Trial, { log, from }: TrialBooks): void {
  const { kind } = observation
  if (kind === 'absent' || kind === 'untestable' || canary.id === 'navigation') return
  const isReported = reports.some((report) => isAbout(report, canary, url))
  const isStopped = kind === 'stopped' || kind === 'forbidden'
  const isLetOut = kind === 'reached' || (kind === 'accepted' && !isReported)
  const isRefused = !isLetOut && (isReported || isStopped)
  log.record({
    at: Date.now(),
    from,
    url: shownAddress(url),
    redirectedBy: null,
    purpose: 'self-test',
    bytes: null,
    outcome: isLetOut ? 'allowed' : isRefused ? 'refused' : 'failed',
    refusedBy: isRefused ? (isStopped ? 'app' : 'policy') : null,
    witness: 'app',
  })
}

async function tryCanary(
  canary: Canary,
  url: string,
  probe: Probe | undefined,
  signal: AbortSignal,
): Promise<Trial> {
  if (!probe) return { canary, url, observation: { kind: 'untestable' }, reports: [] }
  const end = new AbortController()
  const reports: PolicyReport[] = []
  let reported: () => void = () => undefined
  const isReported = new Promise<void>((resolve) => (reported = resolve))
  const report = (one: PolicyReport) => {
    reports.push(one)
    if (isAbout(one, canary, url)) reported()
  }
  addEventListener(
    'securitypolicyviolation',
    (event) => {
      const { effectiveDirective, blockedURI, disposition } = event as SecurityPolicyViolationEvent
      // A host may send a policy that only reports: it refuses nothing.
      if (disposition === 'enforce') report({ directive: effectiveDirective, blocked: blockedURI })
    },
    { signal: end.signal },
  )
  const observed = start(probe, { url, report, signal: end.signal })
  const silent: Observation = { kind: 'silent' }
  const observation = await Promise.race([
    observed,
    isReported.then(() => after(ANSWER_WAIT_MS)).then(() => silent),
    after(TRIAL_LIMIT_MS, signal).then(() => silent),
  ])
  if (!SURE.includes(observation.kind)) await Promise.race([isReported, after(REPORT_WAIT_MS, signal)])
  end.abort()
  return { canary, url, observation, reports }
}

async function start(probe: Probe, attempt: Parameters<Probe>[0]): Promise<Observation> {
  try {
    return await probe(attempt)
  } catch (error) {
    return failed(error)
  }
}

function after(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** What is made of a canary: refused, with evidence; failed without; or through. */
import { originOf } from '../transfer/hub-token'
import type { Canary } from './canary'
import { isOpenTo } from './hosts'
import type { LedgerEntry } from './ledger'
import { shownAddress } from './ledger-address'
import type { Reach } from './policy'

/** What the browser let the code see that tried it. `detail` is in the browser's own words. */
export type Observation =
  /** The browser, or the app at its start, does not have this way out. */
  | { kind: 'absent' }
  /** An answer came. */
  | { kind: 'reached' }
  /** The browser took it on and said nothing against it. */
  | { kind: 'accepted' }
  | { kind: 'failed'; detail: string }
  /** Refused at once, by a rule that nobody can switch off (a script of another origin, say). */
  | { kind: 'forbidden'; detail: string }
  /** A guard of the app's stopped it. */
  | { kind: 'stopped' }
  /** Neither an answer nor an error in time. */
  | { kind: 'silent' }
  /** Cannot be tried without leaving the page, or cannot be seen. */
  | { kind: 'untestable' }

/** A report of the content security policy that came while the canary was tried. */
export interface PolicyReport {
  directive: string
  /** An address, or a word such as "inline". */
  blocked: string
}

/** A canary that was tried. */
export interface Trial {
  canary: Canary
  url: string
  observation: Observation
  reports: readonly PolicyReport[]
}

/** Who refused it, and how that is known. */
export type Evidence =
  | { by: 'policy'; directive: string }
  | { by: 'service-worker' }
  | { by: 'absent' }
  | { by: 'app' }
  | { by: 'browser'; detail: string }

export type Verdict =
  | { kind: 'refused'; evidence: readonly Evidence[] }
  /** It failed, but nothing says that it was refused. */
  | { kind: 'unproven'; detail: string | null }
  /** `byDesign`: this way out is open now, as the app says. */
  | { kind: 'through'; how: 'answered' | 'let-out'; byDesign: boolean }
  | { kind: 'untestable' }

/** How the words of reports that name no address are counted: these canaries are stopped before their address counts. */
const INLINE_CANARIES: readonly Canary['id'][] = [
  'inline-script',
  'prerender',
  'css-import',
  'script',
  'worker',
  'blob-worker',
]

const FRAMED_CANARIES: readonly Canary['id'][] = ['frame', 'object', 'embed', 'form']

/** `seen` are the lines of the service worker; `reach` is what the download workers may reach now. */
export function judge(trial: Trial, seen: readonly LedgerEntry[], reach: Reach): Verdict {
  const { observation } = trial
  const byDesign = isOpenByDesign(trial, reach)
  if (observation.kind === 'reached') return { kind: 'through', how: 'answered', byDesign }
  const lines = seen.filter(
    ({ witness, url }) => witness === 'service-worker' && url === shownAddress(trial.url),
  )
  const evidence = evidenceOf(trial, lines)
  if (evidence.length > 0) return { kind: 'refused', evidence }
  if (observation.kind === 'untestable' && lines.length === 0) return { kind: 'untestable' }
  // Where the way is open, a failure is no refusal either.
  const isLetOut =
    byDesign || observation.kind === 'accepted' || lines.some(({ outcome }) => outcome !== 'refused')
  if (isLetOut) return { kind: 'through', how: 'let-out', byDesign }
  return { kind: 'unproven', detail: observation.kind === 'failed' ? observation.detail : null }
}

function evidenceOf({ canary, url, observation, reports }: Trial, lines: readonly LedgerEntry[]): Evidence[] {
  const directives = new Set(
    reports.filter((report) => isAbout(report, canary, url)).map(({ directive }) => directive),
  )
  const evidence: Evidence[] = [...directives].map((directive) => ({ by: 'policy', directive }))
  if (lines.some(({ outcome }) => outcome === 'refused')) evidence.push({ by: 'service-worker' })
  if (observation.kind === 'absent') evidence.push({ by: 'absent' })
  if (observation.kind === 'stopped') evidence.push({ by: 'app' })
  if (observation.kind === 'forbidden') evidence.push({ by: 'browser', detail: observation.detail })
  return evidence
}

/** Whether a report speaks of this canary: by its whole address, or by a word where it stops the canary as such. */
export function isAbout({ blocked }: PolicyReport, { id }: Canary, url: string): boolean {
  if (withoutScheme(blocked) === withoutScheme(url)) return true
  // Of frames the origin is reported.
  if (FRAMED_CANARIES.includes(id) && blocked === originOf(url)) return true
  return INLINE_CANARIES.includes(id) && !blocked.includes('://')
}

/** Sockets have schemes of their own, and some ways are tried with encryption only. */
function withoutScheme(url: string): string {
  return url.replace(/^[a-z]+:/, '')
}

/** What is open as long as the app is not locked, and says so: the chosen hosts, and links that lead away. */
function isOpenByDesign({ canary: { realm, id }, url }: Trial, reach: Reach): boolean {
  if (reach !== 'any-host' && reach.locked) return false
  if (id === 'navigation' || id === 'window-open') return true
  if (realm !== 'download-worker') return false
  return reach === 'any-host' || isOpenTo(reach, originOf(url) ?? '')
}

/** How many of each verdict; `byDesign` counts apart from `through`. */
export interface VerdictCounts {
  refused: number
  unproven: number
  through: number
  byDesign: number
  untestable: number
}

export function countVerdicts(verdicts: readonly Verdict[]): VerdictCounts {
  const counts = { refused: 0, unproven: 0, through: 0, byDesign: 0, untestable: 0 }
  for (const verdict of verdicts) {
    counts[verdict.kind === 'through' && verdict.byDesign ? 'byDesign' : verdict.kind] += 1
  }
  return counts
}

/** The origin to aim at that a user typed; null where it is none, or the app's own, which may be reached. */
export function parseTarget(typed: string, ownOrigin: string): string | null {
  const origin = originOf(typed.trim())
  return origin === null || origin === ownOrigin ? null : origin
}

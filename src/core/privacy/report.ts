/** What a security officer takes away: the state of the app, its self-test and its ledger, at one moment. */
import { calendarDay } from '../export/calendar-day'
import type { CanaryId, Realm } from './canary'
import type { Ledger, LedgerTotal } from './ledger'
import { compareBooks, type BookRow } from './ledger-books'
import { addToTotals } from './ledger-totals'
import type { Reach } from './policy'
import { countVerdicts, type Trial, type Verdict, type VerdictCounts } from './self-test'
import type { PrivacyState } from './state'

export interface ReportSubject {
  /** Milliseconds since 1970. */
  at: number
  /** The address of the app, with its base path. */
  address: string
  ownHost: string
  appVersion: string
  /** SHA-256 of the build's list of hashes; null where it could not be read. */
  buildHash: string | null
  /** As the browser calls itself. */
  browser: string
  state: PrivacyState
  /** Whether what the user chose binds the page and its workers now; null: it cannot be told. */
  inForce: boolean | null
  selfTest: {
    target: string
    startedAt: number
    finished: boolean
    reach: Reach
    tested: readonly { trial: Trial; verdict: Verdict }[]
  } | null
  ledger: Ledger
}

export interface PrivacyReport {
  format: 'somnus-privacy-report'
  version: 1
  madeAt: string
  app: { address: string; version: string; buildHash: string | null }
  browser: string
  lock: { locked: boolean; hosts: readonly string[]; inForce: boolean | null }
  selfTest: {
    target: string
    startedAt: string
    finished: boolean
    reach: Reach
    counts: VerdictCounts
    canaries: readonly ReportedCanary[]
  } | null
  ledger: {
    since: string | null
    kept: number
    unwritten: number
    /** Of all entries, also those that are no longer kept. */
    totals: readonly LedgerTotal[]
    /** The app's own count and the service worker's, per other host, of the entries that are kept. */
    books: readonly BookRow[]
  }
}

export interface ReportedCanary {
  realm: Realm
  id: CanaryId
  address: string
  verdict: Verdict
}

export function privacyReport(subject: ReportSubject): PrivacyReport {
  const { state, selfTest, ledger } = subject
  return {
    format: 'somnus-privacy-report',
    version: 1,
    madeAt: iso(subject.at),
    app: { address: subject.address, version: subject.appVersion, buildHash: subject.buildHash },
    browser: subject.browser,
    lock: { locked: state.locked, hosts: state.hosts, inForce: subject.inForce },
    selfTest: selfTest && {
      target: selfTest.target,
      startedAt: iso(selfTest.startedAt),
      finished: selfTest.finished,
      reach: selfTest.reach,
      counts: countVerdicts(selfTest.tested.map(({ verdict }) => verdict)),
      canaries: selfTest.tested.map(({ trial: { canary, url }, verdict }) => ({
        ...canary,
        address: url,
        verdict,
      })),
    },
    ledger: {
      since: ledger.since === null ? null : iso(ledger.since),
      kept: ledger.entries.length,
      unwritten: ledger.unwritten,
      totals: addToTotals(ledger.dropped, ledger.entries),
      books: compareBooks(ledger.entries, subject.ownHost),
    },
  }
}

/** "somnus-privacy-2026-11-22.json" */
export function reportFileName({ madeAt }: PrivacyReport, extension: 'json' | 'html'): string {
  return `somnus-privacy-${calendarDay(Date.parse(madeAt))}.${extension}`
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

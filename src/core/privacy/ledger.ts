/** One request that the app made or tried, as its ledger keeps it. */

export const PURPOSES = [
  'app',
  'built-in-model',
  'built-in-dataset',
  'weights',
  'library',
  'dataset',
  'inspection',
  'update-check',
  'self-test',
  /** What nobody in the app has announced. */
  'unknown',
] as const
export type Purpose = (typeof PURPOSES)[number]

export const OUTCOMES = [
  /** From the copy on this computer; no network was used. */
  'from-cache',
  'allowed',
  /** By the content security policy, the service worker or the app itself. */
  'refused',
  /** Allowed, but no answer came. */
  'failed',
] as const
export type Outcome = (typeof OUTCOMES)[number]

export interface LedgerEntry {
  /** When it was made, in ms since 1970. */
  at: number
  from: 'page' | 'worker' | 'service-worker'
  /** Origin and path, without query and fragment, which may hold keys (see ledger-address). */
  url: string
  /** The host that sent a request of the app's on to this address; null where the app named it itself. */
  redirectedBy: string | null
  purpose: Purpose
  /** Bytes of the body that came; null where they cannot be counted. */
  bytes: number | null
  outcome: Outcome
  /** Who refused it; null where nobody did. */
  refusedBy: 'policy' | 'service-worker' | 'app' | null
  /** Who wrote this entry: the app's own code, the service worker that sees every request, or the browser's report. */
  witness: 'app' | 'service-worker' | 'browser'
}

/** Entries that are kept; of older ones only the totals stay. A visit makes about a hundred, a large download thousands. */
export const MOST_ENTRIES = 10_000

/** What the ledger holds, the oldest entry first. */
export interface Ledger {
  entries: readonly LedgerEntry[]
  /** Of the entries that were dropped for newer ones, by what tells them apart (see ledger-totals). */
  dropped: readonly LedgerTotal[]
  /** Entries that could not be written: the database was refused or full. */
  unwritten: number
  /** When the ledger was begun or last emptied, in ms since 1970; null where nothing was written since. */
  since: number | null
}

/** Entries that are alike, counted. */
export interface LedgerTotal extends Pick<LedgerEntry, 'purpose' | 'outcome' | 'refusedBy' | 'witness'> {
  host: string
  requests: number
  /** Where they were counted. */
  bytes: number
}

export const EMPTY_LEDGER: Ledger = { entries: [], dropped: [], unwritten: 0, since: null }

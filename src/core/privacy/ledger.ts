/** One request that the app made or tried, as its ledger keeps it. */

/** What a request is for. `unknown` is what nobody in the app has announced. */
export type Purpose =
  | 'app'
  | 'built-in-model'
  | 'built-in-dataset'
  | 'weights'
  | 'library'
  | 'dataset'
  | 'inspection'
  | 'update-check'
  | 'self-test'
  | 'unknown'

export type Outcome =
  /** From the copy on this computer; no network was used. */
  | 'from-cache'
  | 'allowed'
  /** By the content security policy, the service worker or the app itself. */
  | 'refused'
  /** Allowed, but no answer came. */
  | 'failed'

export interface LedgerEntry {
  /** When it was made, in ms since 1970. */
  at: number
  from: 'page' | 'worker' | 'service-worker'
  /** Origin and path, without query and fragment, which may hold keys. */
  url: string
  purpose: Purpose
  /** Bytes of the body that came; null where they cannot be counted. */
  bytes: number | null
  outcome: Outcome
  /** Who refused it; null where nobody did. */
  refusedBy: 'policy' | 'service-worker' | 'app' | null
  /** Who wrote this entry: the app's own code, the service worker that sees every request, or the browser's report. */
  witness: 'app' | 'service-worker' | 'browser'
}

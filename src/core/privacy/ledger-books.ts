/** Two books of the same requests, side by side: what the app's code says it asked for, and what the service worker saw. */
import type { LedgerEntry } from './ledger'
import { hostOf, isNetworkAddress } from './ledger-address'

export interface BookRow {
  host: string
  /** Requests that the app's own code wrote down, without those that a redirect made of them. */
  app: number
  /** Requests that the service worker let out. */
  seen: number
  /** Of the app's: those from before the service worker wrote its first line, which it cannot have seen. */
  before: number
  verdict: 'same' | 'seen-more' | 'app-more'
}

/**
 * Per host other than `ownHost`, over the entries given, of requests that were let out. More seen than announced is a
 * request that the app's code does not own up to; more announced than seen is one that passed the service worker by.
 */
export function compareBooks(entries: readonly LedgerEntry[], ownHost: string): BookRow[] {
  let firstSeen = Infinity
  for (const { witness, at } of entries) if (witness === 'service-worker') firstSeen = Math.min(firstSeen, at)
  const rows = new Map<string, BookRow>()
  for (const entry of entries) {
    const host = hostOf(entry.url)
    if (!isOutside(entry, host, ownHost)) continue
    const row = rows.get(host) ?? { host, app: 0, seen: 0, before: 0, verdict: 'same' }
    if (entry.witness === 'service-worker') row.seen += 1
    else row.app += 1
    if (entry.witness === 'app' && entry.at < firstSeen) row.before += 1
    rows.set(host, row)
  }
  return [...rows.values()].map((row) => ({ ...row, verdict: verdictOn(row) }))
}

function isOutside(entry: LedgerEntry, host: string, ownHost: string): boolean {
  return (
    isNetworkAddress(entry.url) &&
    host !== ownHost &&
    entry.outcome !== 'refused' &&
    entry.redirectedBy === null &&
    entry.witness !== 'browser'
  )
}

function verdictOn({ app, seen, before }: BookRow): BookRow['verdict'] {
  if (seen > app) return 'seen-more'
  // Those from before may have been seen all the same, where another tab had a service worker already.
  return app - before > seen ? 'app-more' : 'same'
}

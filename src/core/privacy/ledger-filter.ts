/** The part of a ledger that somebody wants to see. */
import type { LedgerEntry, Outcome, Purpose } from './ledger'
import { hostOf, isNetworkAddress } from './ledger-address'

/** Every host but the app's own; no host has such a name. */
export const OUTSIDE = '*outside'

export interface LedgerFilter {
  /** A host, `OUTSIDE`, or null for all. */
  host: string | null
  purpose: Purpose | null
  outcome: Outcome | null
}

/** An entry and its number in the ledger, from 0. */
export interface LedgerRow {
  number: number
  entry: LedgerEntry
}

/** The entries that match, the newest first. */
export function filterLedger(
  entries: readonly LedgerEntry[],
  { host, purpose, outcome }: LedgerFilter,
  ownHost: string,
): LedgerRow[] {
  return entries
    .map((entry, number) => ({ number, entry }))
    .filter(
      ({ entry }) =>
        (purpose === null || entry.purpose === purpose) &&
        (outcome === null || entry.outcome === outcome) &&
        isOf(host, entry.url, ownHost),
    )
    .reverse()
}

function isOf(host: string | null, url: string, ownHost: string): boolean {
  if (host === null) return true
  if (host === OUTSIDE) return isNetworkAddress(url) && hostOf(url) !== ownHost
  return hostOf(url) === host
}

/** All hosts of the entries, in the order of their names. */
export function hostsOf(entries: readonly LedgerEntry[]): string[] {
  return [...new Set(entries.map(({ url }) => hostOf(url)))].sort()
}

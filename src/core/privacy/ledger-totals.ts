/** Counts of a ledger's entries. */
import type { LedgerEntry, LedgerTotal } from './ledger'
import { hostOf } from './ledger-address'

/** Kinds of dropped entries that are told apart; a hostile page of addresses must not make the totals endless. */
export const MOST_TOTALS = 2_000

/** Stands for all hosts beyond them. */
export const OTHER_HOSTS = '*'

/** The totals with some entries more. Entries count as alike by host, purpose, outcome, who refused and who wrote. */
export function addToTotals(totals: readonly LedgerTotal[], entries: readonly LedgerEntry[]): LedgerTotal[] {
  return mergeTotals(totals, entries.map(totalOf))
}

export function mergeTotals(totals: readonly LedgerTotal[], more: readonly LedgerTotal[]): LedgerTotal[] {
  const byKind = new Map(totals.map((total) => [kindOf(total), total]))
  for (const total of more) {
    const isRoom = byKind.size < MOST_TOTALS || byKind.has(kindOf(total))
    const counted = isRoom ? total : { ...total, host: OTHER_HOSTS }
    const before = byKind.get(kindOf(counted))
    byKind.set(kindOf(counted), before ? sum(before, counted) : counted)
  }
  return [...byKind.values()]
}

export interface HostTotal {
  witness: LedgerEntry['witness']
  host: string
  requests: number
  bytes: number
  fromCache: number
  allowed: number
  refused: number
  failed: number
}

const FIELDS = {
  'from-cache': 'fromCache',
  allowed: 'allowed',
  refused: 'refused',
  failed: 'failed',
} as const

/**
 * The totals per host, apart by who wrote them: one request may be in several books, and must not count twice. The
 * host with the most requests comes first in each.
 */
export function hostTotals(totals: readonly LedgerTotal[]): HostTotal[] {
  const books = (['service-worker', 'app', 'browser'] as const).map((witness) => {
    const hosts = new Map<string, HostTotal>()
    for (const total of totals.filter((one) => one.witness === witness))
      hosts.set(total.host, increased(hosts.get(total.host), total))
    return [...hosts.values()].sort((one, other) => other.requests - one.requests || order(one, other))
  })
  return books.flat()
}

function increased(before: HostTotal | undefined, { host, witness, outcome, requests, bytes }: LedgerTotal) {
  const all = before ?? {
    ...{ host, witness, requests: 0, bytes: 0 },
    ...{ fromCache: 0, allowed: 0, refused: 0, failed: 0 },
  }
  const field = FIELDS[outcome]
  return {
    ...all,
    requests: all.requests + requests,
    bytes: all.bytes + bytes,
    [field]: all[field] + requests,
  }
}

function order(one: HostTotal, other: HostTotal): number {
  return one.host < other.host ? -1 : 1
}

function totalOf({ url, purpose, outcome, refusedBy, witness, bytes }: LedgerEntry): LedgerTotal {
  return { host: hostOf(url), purpose, outcome, refusedBy, witness, requests: 1, bytes: bytes ?? 0 }
}

function kindOf({ host, purpose, outcome, refusedBy, witness }: LedgerTotal): string {
  return [host, purpose, outcome, refusedBy, witness].join(' ')
}

function sum(one: LedgerTotal, other: LedgerTotal): LedgerTotal {
  return { ...one, requests: one.requests + other.requests, bytes: one.bytes + other.bytes }
}

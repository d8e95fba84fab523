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

/** The totals per host of the same witness, the one with the most requests first. */
export interface HostTotal {
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

export function hostTotals(totals: readonly LedgerTotal[]): HostTotal[] {
  const hosts = new Map<string, HostTotal>()
  for (const { host, outcome, requests, bytes } of totals) {
    const before = hosts.get(host) ?? NOTHING_FROM(host)
    const field = FIELDS[outcome]
    hosts.set(host, {
      ...before,
      requests: before.requests + requests,
      bytes: before.bytes + bytes,
      [field]: before[field] + requests,
    })
  }
  return [...hosts.values()].sort((one, other) => other.requests - one.requests || compare(one, other))
}

const NOTHING_FROM = (host: string): HostTotal => ({
  host,
  requests: 0,
  bytes: 0,
  fromCache: 0,
  allowed: 0,
  refused: 0,
  failed: 0,
})

function compare(one: HostTotal, other: HostTotal): number {
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

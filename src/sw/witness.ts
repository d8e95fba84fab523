/** The service worker's own record of the requests that it sees. */
import { isCanary } from '#core/privacy/canary'
import type { LedgerEntry, Outcome, Purpose } from '#core/privacy/ledger'
import { shownAddress } from '#core/privacy/ledger-address'
import { LedgerLog } from '#data/privacy/ledger-log'
import { pathInSite, worker } from './scope'

/** What became of a request. */
export interface Seen {
  outcome: Outcome
  /** Bytes of the body; null where they are not counted. */
  bytes: number | null
}

const log = new LedgerLog()

/** Folders and files of the site that are asked for with a purpose of their own. */
const PURPOSES: readonly [string, Purpose][] = [
  ['models/', 'built-in-model'],
  ['datasets/', 'built-in-dataset'],
  ['sw.js', 'update-check'],
  ['SHA256SUMS', 'update-check'],
]

/** Who made the requests of a client: a page or a worker. Few clients live as long as the service worker does. */
const sources = new Map<string, Promise<LedgerEntry['from']>>()
const MOST_SOURCES = 100

/** Records one request; never keeps its answer waiting, and never throws. */
export function witness(event: ExtendableEvent, request: Request, { outcome, bytes }: Seen): void {
  const at = Date.now()
  const recorded = sourceOf(event, request).then((from) => {
    log.record({
      at,
      from,
      url: shownAddress(request.url),
      redirectedBy: null,
      purpose: purposeOf(request.url),
      bytes,
      outcome,
      refusedBy: outcome === 'refused' ? 'service-worker' : null,
      witness: 'service-worker',
    })
    return log.written()
  })
  try {
    event.waitUntil(recorded)
  } catch {
    // The event is over: the browser may end the service worker before the line is written, but seldom does at once.
  }
}

function sourceOf(event: ExtendableEvent, { mode }: Request): Promise<LedgerEntry['from']> {
  const id = 'clientId' in event ? String(event.clientId) : ''
  if (id === '') return Promise.resolve(mode === 'navigate' ? 'page' : 'worker')
  const known = sources.get(id)
  if (known) return known
  if (sources.size >= MOST_SOURCES) sources.clear()
  const source = worker.clients.get(id).then(
    (client) => (client && client.type !== 'window' ? 'worker' : 'page'),
    () => 'page' as const,
  )
  sources.set(id, source)
  return source
}

function purposeOf(url: string): Purpose {
  if (isCanary(url)) return 'self-test'
  const path = pathInSite(url)
  if (path === null) return 'unknown'
  return PURPOSES.find(([start]) => path.startsWith(start))?.[1] ?? 'app'
}

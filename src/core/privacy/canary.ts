/**
 * Requests that must not get out, made on purpose. Each has an address of its own, so that a policy report, the service
 * worker's ledger and the log of the user's own server can be told apart by it.
 */

/** Nobody may ever own this name (RFC 2606): what gets out ends at the first name server. */
export const RESERVED_TARGET = 'https://canary.invalid'

const PATH = '/somnus-canary/'

/** Where it is tried: each of them obeys a policy of its own. */
export const REALMS = ['page', 'engine-worker', 'download-worker', 'service-worker'] as const
export type Realm = (typeof REALMS)[number]

const IN_PAGES_AND_WORKERS = [
  'fetch',
  'keepalive',
  'xhr',
  'websocket',
  'webtransport',
  'eventsource',
  'webrtc',
  'import',
  'worker',
  'blob-worker',
] as const

const IN_PAGES = [
  'beacon',
  'fetch-later',
  'image',
  'css-image',
  'font',
  'stylesheet',
  'css-import',
  'script',
  'inline-script',
  'module-preload',
  'preload',
  'prefetch',
  'prerender',
  'media',
  'frame',
  'object',
  'embed',
  'form',
  'ping',
  'worklet',
  'webrtc-frame',
  'navigation',
  'window-open',
  'preconnect',
] as const

export type CanaryId = (typeof IN_PAGES_AND_WORKERS)[number] | (typeof IN_PAGES)[number]

export interface Canary {
  realm: Realm
  id: CanaryId
}

/** In the order in which they are tried. */
export const CANARIES: readonly Canary[] = [
  ...[...IN_PAGES_AND_WORKERS, ...IN_PAGES].map((id) => ({ realm: 'page', id }) as const),
  ...IN_PAGES_AND_WORKERS.map((id) => ({ realm: 'engine-worker', id }) as const),
  ...IN_PAGES_AND_WORKERS.map((id) => ({ realm: 'download-worker', id }) as const),
  { realm: 'service-worker', id: 'fetch' },
]

/** The address of a canary. `target` is an origin, `run` tells this run from others. */
export function canaryUrl(target: string, run: string, { realm, id }: Canary): string {
  return `${target}${PATH}${run}/${realm}/${id}`
}

/** Also of a report that has only the origin, where that is the reserved one. */
export function isCanary(url: string): boolean {
  return url.includes(PATH) || url === RESERVED_TARGET || url.startsWith(`${RESERVED_TARGET}/`)
}

/** What the service worker lets out, and the policy that it puts on what the pages get. */
import { headersOf } from '#core/privacy/policy'
import { mayAskHost, type HostRequest } from '#core/privacy/own-host'
import { UNREADABLE, type PrivacyState } from '#core/privacy/state'
import { verdictOf } from '#core/privacy/verdict'
import { SUMS_FILE, WORKER_FILE } from '#core/site/build'
import { hearChanges, STATE_CHANGED } from '#data/privacy/announce'
import { PrivacyRecord } from '#data/privacy/record'
import { clientOf } from './client'
import { pathInSite, worker } from './scope'
import { THIS_BUILD } from './this-build'
import { witness } from './witness'

const record = new PrivacyRecord()

/** What is obeyed; null while it is being read. */
let state: PrivacyState | null = null
let reading: Promise<PrivacyState> | null = null

/** Pages and workers by id, with their paths below the site's root; few live as long as the service worker does. */
const askers = new Map<string, string | null>()
const MOST_ASKERS = 100

hearChanges(() => void readAgain())

// A page that changed the state waits for the answer: from then on every request is judged by what it stored.
worker.addEventListener('message', (event) => {
  if (event.origin !== worker.location.origin || event.data !== STATE_CHANGED) return
  event.waitUntil(readAgain().then((obeyed) => event.ports[0]?.postMessage(obeyed)))
})

/**
 * Answers a request to another origin with an error where it is refused; else leaves it to the browser, since a
 * request that passes through a service worker lasts no longer than that does. The browser must be told at once; where
 * that needs knowledge that this worker has not got yet, it is sent back here by a redirect to the same address.
 */
export function guardForeign(event: FetchEvent): void {
  const { request, clientId } = event
  const asker = askers.get(clientId)
  if (!state || asker === undefined) return event.respondWith(askAgain(event))
  if (verdictOf(new URL(request.url).origin, asker, state) === 'chosen-host')
    witness(event, request, { outcome: 'allowed', bytes: null })
  else event.respondWith(refused(event))
}

async function askAgain(event: FetchEvent): Promise<Response> {
  const { request, clientId } = event
  const [obeyed, asker] = await Promise.all([current(), askerOf(clientId)])
  const verdict = verdictOf(new URL(request.url).origin, asker, obeyed)
  return verdict === 'chosen-host' ? Response.redirect(request.url, 307) : refused(event)
}

/** What a page may ask the own host for by name; "" is the start page. */
const FILES = new Set(['', SUMS_FILE, WORKER_FILE, ...THIS_BUILD.files.map(({ path }) => path)])

/** Guards a request to the own host that no kept file can answer, in the same way as one to another origin. */
export function guardOwnHost(event: FetchEvent, path: string | null): void {
  const asker = askers.get(event.clientId)
  const site = { files: FILES, isKept: true }
  if (state && (!state.locked || asker !== undefined))
    if (mayAskHost(hostRequest(event, path, asker ?? null), state, site)) return
  event.respondWith(
    mayAsk(event, path, true).then((may) =>
      may ? Response.redirect(event.request.url, 307) : refused(event),
    ),
  )
}

/** Whether the own host may be asked for what is not kept; `isKept`: the app itself is. */
export async function mayAsk(event: FetchEvent, path: string | null, isKept: boolean): Promise<boolean> {
  const [obeyed, asker] = await Promise.all([current(), askerOf(event.clientId)])
  return mayAskHost(hostRequest(event, path, asker), obeyed, { files: FILES, isKept })
}

function hostRequest({ request }: FetchEvent, path: string | null, asker: string | null): HostRequest {
  const { method, mode, url } = request
  // Only pages go elsewhere; Chromium does not say which one.
  return { method, path, hasQuery: new URL(url).search !== '', asker: mode === 'navigate' ? null : asker }
}

export function refused(event: FetchEvent): Response {
  witness(event, event.request, { outcome: 'refused', bytes: null })
  return Response.error()
}

/** The headers that the file at `path`, below the site's root, must have. */
export async function policyHeaders(path: string): Promise<Record<string, string>> {
  return headersOf(path, await current())
}

async function askerOf(clientId: string): Promise<string | null> {
  const client = await clientOf(clientId)
  const asker = client ? pathInSite(client.url) : null
  // A worker without an id may come later.
  if (clientId === '' && asker === null) return null
  if (askers.size >= MOST_ASKERS) askers.clear()
  askers.set(clientId, asker)
  return asker
}

/** The stored state, read once; what cannot be read counts as locked. */
function current(): Promise<PrivacyState> {
  return (reading ??= read())
}

function readAgain(): Promise<PrivacyState> {
  state = null
  reading = null
  return current()
}

function read(): Promise<PrivacyState> {
  const mine: Promise<PrivacyState> = record
    .read()
    .catch(() => UNREADABLE)
    .then((found) => {
      // An earlier reading may have missed a change.
      if (reading === mine) state = found
      return found
    })
  return mine
}

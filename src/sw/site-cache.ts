/** Answers the pages from the kept files, with all headers, and keeps only the builds that are needed. */
import { BUILD_TIMING, PAGE_LOCK, type BuildSummary, type SiteStatus } from '#core/site/messages'
import { confirmStart, openPage, take, type Served } from '#core/site/served'
import type { SiteBuild } from '#core/site/build'
import { buildNames, describeBuild, findFile, readServed, removeBuild, writeServed } from './build-cache'
import { mayAsk, policyHeaders, refused } from './guard'
import { tell } from './install'
import { worker } from './scope'
import { THIS_BUILD } from './this-build'
import { witness } from './witness'

const START_PAGE = 'index.html'

/** Answers a GET for `path` below the site's root: a kept file, or what the host has. */
export async function answer(event: FetchEvent, path: string): Promise<Response> {
  const isPage = event.request.mode === 'navigate' && (path === '' || path === START_PAGE)
  const found = await findServed(path === '' ? START_PAGE : path, isPage)
  if (!found) {
    const isKept = (await findServed(START_PAGE, false)) !== null
    return (await mayAsk(event, path, isKept)) ? fromHost(event, path) : refused(event)
  }
  const { build, kept } = found
  witness(event, event.request, {
    outcome: 'from-cache',
    bytes: Number(kept.headers.get('Content-Length')),
  })
  return withHeaders(kept, path, isPage ? { 'Server-Timing': `${BUILD_TIMING};desc="${build}"` } : {})
}

/** A kept file with its build; null where there is none, or the browser's storage fails: the host has it still. */
async function findServed(path: string, isPage: boolean): Promise<{ build: string; kept: Response } | null> {
  try {
    const { build } = isPage ? await changeServed(openPage) : await readServed()
    const kept = await findFile(path, build)
    return kept ? { build, kept } : null
  } catch {
    return null
  }
}

async function fromHost(event: FetchEvent, path: string): Promise<Response> {
  try {
    const response = await fetch(staying(event.request))
    witness(event, event.request, { outcome: 'allowed', bytes: null })
    return response.type === 'basic' ? withHeaders(response, path) : response
  } catch (error) {
    witness(event, event.request, { outcome: 'failed', bytes: null })
    throw error
  }
}

/**
 * A redirect that is followed here passes by the policy of whoever asks, so none is. Those of navigations are the
 * browser's to follow.
 */
function staying(request: Request): Request {
  return request.mode === 'navigate' ? request : new Request(request, { redirect: 'error' })
}

async function withHeaders(
  { body, status, statusText, headers }: Response,
  path: string,
  further: Record<string, string> = {},
): Promise<Response> {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(await policyHeaders(path))) all.set(name, value)
  // Beside what the policy says under the same name.
  for (const [name, value] of Object.entries(further)) all.append(name, value)
  return new Response(body, { status, statusText, headers: all })
}

/**
 * This worker is the active one. The first that a browser keeps notes that its build is the one that the pages get:
 * later ones wait for the user. One that the user has just taken lets every page reload, now that it can answer them.
 */
export async function becameActive(): Promise<void> {
  const { build, previous, attempts } = await changeServed((served) => ({ ...served }))
  await worker.clients.claim()
  if (build === THIS_BUILD.id && previous !== null && attempts <= 0) tell({ kind: 'taken', build })
  await removeOldBuilds()
}

/** The pages get this worker's build from now on; once it is active, which need not be now, they reload. */
export async function takeThisBuild(): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  await changeServed((served) => take(served, THIS_BUILD.id, pages.length))
  if (worker.serviceWorker.state === 'activated') tell({ kind: 'taken', build: THIS_BUILD.id })
  else await worker.skipWaiting()
}

/** A page of a build has started. */
export async function pageStarted(started: string): Promise<void> {
  await changeServed((served) => (served.build === started ? confirmStart(served) : served))
  await removeOldBuilds()
}

/** Removes the builds that no page uses and none will get. What is not whole yet is its own installation's. */
async function removeOldBuilds(): Promise<void> {
  // Only the newest worker knows which builds are old.
  if (worker.registration.installing ?? worker.registration.waiting) return
  const { build, previous } = await readServed()
  const { held = [] } = await worker.navigator.locks.query()
  const inUse = held.map(({ name = '' }) => name.startsWith(PAGE_LOCK) && name.slice(PAGE_LOCK.length))
  const needed = new Set([THIS_BUILD.id, build, previous, ...inUse])
  for (const name of await buildNames())
    if (!needed.has(name) && (await describeBuild(name))) await removeBuild(name)
}

export async function siteStatus(): Promise<SiteStatus> {
  const { build, failed } = await readServed()
  const served = await describeBuild(build)
  return { served: served && summary(served), own: summary(THIS_BUILD), failed }
}

function summary({ id, version, files }: SiteBuild): BuildSummary {
  return { id, version, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function changeServed(change: (served: Served) => Served): Promise<Served> {
  return worker.navigator.locks.request('somnus/served', async () => {
    const before = await readServed()
    const after = change(before)
    if (after !== before) await writeServed(after)
    return after
  })
}

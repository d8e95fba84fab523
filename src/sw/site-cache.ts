/** Answers the pages from the kept files, with all headers, and keeps only the builds that are needed. */
import { PAGE_LOCK, type BuildSummary, type SiteStatus } from '#core/site/messages'
import { confirmStart, openPage, take, type Served } from '#core/site/served'
import type { SiteBuild } from '#core/site/build'
import { buildNames, describeBuild, findFile, readServed, removeBuild, writeServed } from './build-cache'
import { policyHeaders } from './guard'
import { tell } from './install'
import { pathInSite, worker } from './scope'
import { THIS_BUILD } from './this-build'
import { witness } from './witness'

const START_PAGE = 'index.html'

/** Answers a GET for `path` below the site's root: a kept file, or what the host has. */
export async function answer(event: FetchEvent, path: string): Promise<Response> {
  const isPage = event.request.mode === 'navigate' && (path === '' || path === START_PAGE)
  const { build } = isPage ? await changeServed(openPage) : await readServed()
  const kept = await findFile(path === '' ? START_PAGE : path, build)
  if (kept) {
    witness(event, event.request, {
      outcome: 'from-cache',
      bytes: Number(kept.headers.get('Content-Length')),
    })
    return withHeaders(kept, path)
  }
  return fromHost(event, path)
}

async function fromHost(event: FetchEvent, path: string): Promise<Response> {
  try {
    const response = await fetch(event.request)
    witness(event, event.request, { outcome: 'allowed', bytes: null })
    // Redirects of navigations are the browser's to follow.
    return response.type === 'basic' ? withHeaders(response, path) : response
  } catch (error) {
    witness(event, event.request, { outcome: 'failed', bytes: null })
    throw error
  }
}

async function withHeaders({ body, status, statusText, headers }: Response, path: string): Promise<Response> {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(await policyHeaders(path))) all.set(name, value)
  return new Response(body, { status, statusText, headers: all })
}

/** The pages get this worker's build from now on. */
export async function takeThisBuild(): Promise<void> {
  await changeServed((served) => take(served, THIS_BUILD.id))
  tell({ kind: 'taken', build: THIS_BUILD.id })
}

/** A page has started with the entry script at `entry`. */
export async function pageStarted(entry: string): Promise<void> {
  const path = pathInSite(entry)
  const { build } = await readServed()
  const isServed = (await describeBuild(build))?.files.some((file) => file.path === path)
  if (isServed) await changeServed(confirmStart)
  await removeOldBuilds()
}

/** Removes the builds that no page uses and none will get. What is not whole yet is its own installation's. */
export async function removeOldBuilds(): Promise<void> {
  // Only the newest worker knows which builds are old.
  if (worker.registration.installing ?? worker.registration.waiting) return
  const { build, previous } = await readServed()
  const { held = [] } = await navigator.locks.query()
  const inUse = held.flatMap(({ name = '' }) =>
    name.startsWith(PAGE_LOCK) ? [pathInSite(name.slice(PAGE_LOCK.length))] : [],
  )
  for (const name of await buildNames()) {
    if ([THIS_BUILD.id, build, previous].includes(name)) continue
    const files = (await describeBuild(name))?.files
    if (files && !files.some(({ path }) => inUse.includes(path))) await removeBuild(name)
  }
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

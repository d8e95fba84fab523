/** Keeps all files of this build, each checked against its hash, or none of it counts. */
import { parseSums, SUMS_FILE, WORKER_FILE, type SiteFile } from '#core/site/build'
import { mediaType } from '#core/site/media-type'
import { SITE_CHANNEL, type InstallFailure, type SiteEvent, type SiteNews } from '#core/site/messages'
import { addressOf, buildNames, cacheName, describeBuild, markWhole, removeBuild } from './build-cache'
import { worker } from './scope'
import { THIS_BUILD } from './this-build'

/** As many as a browser opens to one host of HTTP/1.1. */
const PARALLEL = 6

const channel = new BroadcastChannel(SITE_CHANNEL)

export function tell(event: SiteEvent): void {
  channel.postMessage({ scope: worker.registration.scope, ...event } satisfies SiteNews)
}

class InstallError extends Error {
  readonly failure: InstallFailure
  constructor(failure: InstallFailure) {
    super(JSON.stringify(failure))
    this.failure = failure
  }
}

/** Rejects where anything is missing or different; what was kept until then is used by the next attempt. */
export async function install(): Promise<void> {
  try {
    await keepAll()
  } catch (error) {
    const failure: InstallFailure =
      error instanceof InstallError ? error.failure : { kind: 'storage', detail: String(error) }
    // What does not fit helps no later attempt, and takes the room of what the user stores.
    if (failure.kind === 'storage') await removeUnfinished()
    tell({ kind: 'failed', build: THIS_BUILD.id, failure })
    throw error
  }
}

async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName(THIS_BUILD.id))
  const others = await Promise.all((await buildNames()).map((name) => caches.open(cacheName(name))))
  const totalBytes = THIS_BUILD.files.reduce((sum, { bytes }) => sum + bytes, 0)
  let storedBytes = 0
  const queue = THIS_BUILD.files.values()
  let isOver = false
  const work = async () => {
    for (const file of queue) {
      const content = (await keptBefore(file, others)) ?? (await fetchFile(file))
      await put(cache, file.path, content)
      // The others end with the file that they are at.
      if (isOver) return
      storedBytes += file.bytes
      tell({ kind: 'progress', build: THIS_BUILD.id, storedBytes, totalBytes })
    }
  }
  const working = Array.from({ length: PARALLEL }, work)
  await Promise.all(working).finally(async () => {
    isOver = true
    await Promise.allSettled(working)
  })
  await put(cache, SUMS_FILE, await fetchSums())
  await markWhole(cache)
}

async function removeUnfinished(): Promise<void> {
  const { id } = THIS_BUILD
  if (!(await describeBuild(id))) await removeBuild(id)
}

/** The same file of a build that is kept; checked again, since it will be trusted again. */
async function keptBefore({ path, sha256 }: SiteFile, kept: readonly Cache[]): Promise<ArrayBuffer | null> {
  for (const cache of kept) {
    const found = await cache.match(addressOf(path), { ignoreVary: true })
    if (!found) continue
    const content = await found.arrayBuffer()
    if ((await digest(content)) === sha256) return content
  }
  return null
}

/** What the browser has got from the host already may be used as well: the hash tells whether it is right. */
async function fetchFile({ path, sha256 }: SiteFile): Promise<ArrayBuffer> {
  for (const mode of ['no-cache', 'reload'] as const) {
    const content = await fetchBytes(path, mode)
    if ((await digest(content)) === sha256) return content
  }
  throw new InstallError({ kind: 'wrong-content', path })
}

/** The list of hashes that everyone can check; it must say the same as this worker's own. */
async function fetchSums(): Promise<ArrayBuffer> {
  const content = await fetchBytes(SUMS_FILE, 'reload')
  const sums = new Map(
    parseSums(new TextDecoder().decode(content))?.map(({ path, sha256 }) => [path, sha256]),
  )
  const own = { path: WORKER_FILE, sha256: await digest(await fetchBytes(WORKER_FILE, 'reload')) }
  if (![...THIS_BUILD.files, own].every(({ path, sha256 }) => sums.get(path) === sha256))
    throw new InstallError({ kind: 'wrong-content', path: SUMS_FILE })
  return content
}

async function fetchBytes(path: string, cache: RequestCache): Promise<ArrayBuffer> {
  const response = await orUnreachable(path, fetch(addressOf(path), { cache }))
  if (!response.ok) throw new InstallError({ kind: 'status', path, status: response.status })
  return orUnreachable(path, response.arrayBuffer())
}

function orUnreachable<Value>(path: string, attempt: Promise<Value>): Promise<Value> {
  return attempt.catch(() => {
    throw new InstallError({ kind: 'unreachable', path })
  })
}

async function put(cache: Cache, path: string, content: ArrayBuffer): Promise<void> {
  const headers = { 'Content-Type': mediaType(path), 'Content-Length': String(content.byteLength) }
  await cache.put(addressOf(path), new Response(content, { headers }))
}

async function digest(content: ArrayBuffer): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

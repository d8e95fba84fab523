/** The kept files of each build, in a cache of its own, and the note of which build the pages get. */
import { firstServed, type Served } from '#core/site/served'
import type { SiteBuild } from '#core/site/build'
import { worker } from './scope'
import { THIS_BUILD } from './this-build'

/** Another copy of the app may lie at the same origin, and keeps its own builds. */
const PREFIX = `somnus-site-${new URL(worker.registration.scope).pathname}-`
const NOTES = `${PREFIX}notes`
const SERVED_NOTE = 'served'

/** Where a build's own description lies in its cache: put there last, so that a cache that has it is whole. */
const DESCRIPTION = 'sw.js?build'

export const cacheName = (build: string) => PREFIX + build

export const addressOf = (path: string) => new URL(path, worker.registration.scope).href

export async function buildNames(): Promise<string[]> {
  const names = await caches.keys()
  return names
    .filter((name) => name.startsWith(PREFIX) && name !== NOTES)
    .map((name) => name.slice(PREFIX.length))
}

/** What was read once: a build that is whole does not change. */
const described = new Map<string, SiteBuild>()

/** The description of a build that is kept whole; null for others. */
export async function describeBuild(build: string): Promise<SiteBuild | null> {
  const known = described.get(build) ?? (await readDescription(build))
  if (known) described.set(build, known)
  return known
}

async function readDescription(build: string): Promise<SiteBuild | null> {
  if (!(await caches.has(cacheName(build)))) return null
  const cache = await caches.open(cacheName(build))
  const found = await cache.match(addressOf(DESCRIPTION))
  return found ? ((await found.json()) as SiteBuild) : null
}

/** This worker's own build is kept whole now; what other attempts left unfinished has had its use. */
export async function markWhole(cache: Cache): Promise<void> {
  await cache.put(addressOf(DESCRIPTION), Response.json(THIS_BUILD))
  for (const name of await buildNames()) if (!(await describeBuild(name))) await removeBuild(name)
}

export async function removeBuild(build: string): Promise<void> {
  described.delete(build)
  await caches.delete(cacheName(build))
}

/** A kept file, from `build` if it has it, else from any other. */
export async function findFile(path: string, build: string): Promise<Response | undefined> {
  const inBuild = await matchIn(build, path)
  if (inBuild) return inBuild
  for (const name of await buildNames()) {
    const found = (await describeBuild(name)) && (await matchIn(name, path))
    if (found) return found
  }
  return undefined
}

/** `ignoreVary`: scripts are asked for with other headers than they were kept with. */
async function matchIn(build: string, path: string): Promise<Response | undefined> {
  return caches.match(addressOf(path), { cacheName: cacheName(build), ignoreVary: true })
}

/** Which build the pages get; this worker's own where no other is kept whole. */
export async function readServed(): Promise<Served> {
  const notes = await caches.open(NOTES)
  const note = await notes.match(addressOf(SERVED_NOTE))
  const served = note ? ((await note.json()) as Served) : null
  return served && (await describeBuild(served.build)) ? served : firstServed(THIS_BUILD.id)
}

export async function writeServed(served: Served): Promise<void> {
  const notes = await caches.open(NOTES)
  await notes.put(addressOf(SERVED_NOTE), Response.json(served))
}

/**
 * Erases what the app has stored in this browser, part by part, and looks again. Other apps may live at the same origin,
 * so only what bears the app's name is touched.
 */
import { deleteDB } from 'idb'
import { EXPORT_FOLDER } from './byte-sink'

export type ErasedPart = 'workers' | 'databases' | 'files' | 'caches' | 'storage'

/** Names found before and after; null where the browser does not tell. */
export interface Erasure {
  part: ErasedPart
  before: readonly string[] | null
  after: readonly string[] | null
  /** Somebody still has it open, or the browser refused. */
  problem: 'blocked' | 'refused' | null
}

const NAME = 'somnus'

/** Folders of the private file system; `gguf` is where the first version kept weights. */
const FOLDERS: readonly string[] = ['models', 'gguf', EXPORT_FOLDER]

/** Caches of earlier versions that do not begin with the app's name. */
const OLD_CACHE = 'webllm/'

/** Databases are told to whoever lists them; where the browser cannot list them, these are tried. */
const KNOWN_DATABASES: readonly string[] = ['somnus', 'somnus-staging', 'somnus-ledger', 'somnus-privacy']

/** A tab that was asked to let go does so at once; one that is frozen may take until it is woken. */
const BLOCKED_AFTER_MS = 5_000

export interface Part {
  part: ErasedPart
  list(): Promise<string[] | null>
  erase(name: string): Promise<void>
}

/** Workers first: they might write again what was erased. `scope` is the address of the app's folder. */
export function erasableParts(scope: string): readonly Part[] {
  return [
    {
      part: 'workers',
      list: async () => (await registrationsAt(scope)).map((registration) => registration.scope),
      async erase(name) {
        for (const registration of await registrationsAt(scope))
          if (registration.scope === name) await registration.unregister()
      },
    },
    { part: 'databases', list: listDatabases, erase: eraseDatabase },
    { part: 'files', list: listFolders, erase: eraseFolder },
    {
      part: 'caches',
      async list() {
        const names = (await (globalThis as { caches?: CacheStorage }).caches?.keys()) ?? []
        return names.filter((name) => name.startsWith(NAME) || name.startsWith(OLD_CACHE))
      },
      erase: async (name) => void (await caches.delete(name)),
    },
  ]
}

/**
 * What is busy at first, such as a file that a worker is just closing, is tried again; so is what the service worker
 * writes of the requests of tabs that are being closed out.
 */
const ROUNDS = 6
const PAUSE_MS = 500

/** One part failing keeps no other from being erased. */
export async function eraseAll(parts: readonly Part[]): Promise<Erasure[]> {
  const erasures: Erasure[] = []
  for (let round = 0; round < ROUNDS && !isAllGone(erasures); round += 1) {
    for (const [index, each] of parts.entries()) {
      const earlier = erasures[index]
      if (earlier && earlier.after?.length === 0) continue
      const { before, ...rest } = await erasePart(each)
      erasures[index] = { ...rest, before: earlier?.before ?? before, after: null }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    // Looked at again only now, since one part may have written into another.
    for (const [index, each] of parts.entries()) {
      const erasure = erasures[index]
      if (erasure) erasures[index] = { ...erasure, after: await listOf(each) }
    }
  }
  return erasures
}

function isAllGone(erasures: readonly Erasure[]): boolean {
  return erasures.length > 0 && erasures.every(({ after }) => after?.length === 0)
}

async function erasePart(each: Part): Promise<Omit<Erasure, 'after'>> {
  const before = await listOf(each)
  let problem: Erasure['problem'] = null
  for (const name of before ?? []) {
    try {
      await each.erase(name)
    } catch (error) {
      problem = error instanceof Blocked ? 'blocked' : 'refused'
    }
  }
  return { part: each.part, before, problem }
}

async function listOf(part: Part): Promise<string[] | null> {
  try {
    return await part.list()
  } catch {
    return null
  }
}

class Blocked extends Error {}

async function registrationsAt(scope: string): Promise<readonly ServiceWorkerRegistration[]> {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  const all = (await serviceWorker?.getRegistrations()) ?? []
  return all.filter((registration) => registration.scope.startsWith(scope))
}

async function listDatabases(): Promise<string[]> {
  const { databases } = indexedDB as { databases?: IDBFactory['databases'] }
  if (!databases) return [...KNOWN_DATABASES]
  const all = await databases.call(indexedDB)
  return all.flatMap(({ name }) => (name === NAME || name?.startsWith(`${NAME}-`) ? [name] : []))
}

async function eraseDatabase(name: string): Promise<void> {
  const late = new Promise<never>((_resolve, reject) =>
    setTimeout(() => reject(new Blocked()), BLOCKED_AFTER_MS),
  )
  const deleted = deleteDB(name)
  // It may still come true after its time was up; nobody listens then.
  deleted.catch(() => undefined)
  await Promise.race([deleted, late])
}

async function listFolders(): Promise<string[]> {
  const root = await navigator.storage.getDirectory()
  const found: string[] = []
  for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys())
    if (FOLDERS.includes(name)) found.push(name)
  return found
}

async function eraseFolder(name: string): Promise<void> {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(name, { recursive: true })
}

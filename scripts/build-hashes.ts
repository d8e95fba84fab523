/** The hashes of a built site, wherever it lies, and how two builds differ. */
import { createHash } from 'node:crypto'
import { isServed, SUMS_FILE, sumsFile, WORKER_FILE } from '#core/site/build'
import { filesOf } from './site-build'

/** Lower-case hex by path below the site's root. */
export type Hashes = ReadonlyMap<string, string>

export interface Difference {
  path: string
  kind: 'different' | 'missing' | 'additional'
}

export function hashesOfFolder(folder: string): Hashes {
  return new Map(filesOf(folder).map(({ path, sha256 }) => [path, sha256]))
}

/**
 * The hashes of a served site's files. Of `paths` those are asked for that a host hands out; the rest is in
 * `unseen`. What the site holds beside them cannot be seen from outside.
 * @param url ends with "/"
 */
export async function hashesAt(
  url: string,
  paths: Iterable<string>,
): Promise<{ hashes: Hashes; unseen: string[] }> {
  const hashes = new Map<string, string>()
  const unseen: string[] = []
  for (const path of paths) {
    if (!isServed(path) && path !== WORKER_FILE && path !== SUMS_FILE) {
      unseen.push(path)
      continue
    }
    const address = new URL(path.split('/').map(encodeURIComponent).join('/'), url)
    const response = await fetch(address, { cache: 'no-store' })
    if (response.ok) hashes.set(path, sha256(Buffer.from(await response.arrayBuffer())))
    else await response.body?.cancel()
  }
  return { hashes, unseen }
}

/** What `theirs` has otherwise than `ours`, in the order of paths. */
export function differences(ours: Hashes, theirs: Hashes): Difference[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].sort().flatMap((path): Difference[] => {
    if (!theirs.has(path)) return [{ path, kind: 'missing' }]
    if (!ours.has(path)) return [{ path, kind: 'additional' }]
    return ours.get(path) === theirs.get(path) ? [] : [{ path, kind: 'different' }]
  })
}

/** The SHA-256 of SHA256SUMS, as the app shows it. Undefined where that file does not fit to the others. */
export function buildHash(hashes: Hashes): string | undefined {
  const others = [...hashes]
    .filter(([path]) => path !== SUMS_FILE)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, hash]) => ({ path, sha256: hash }))
  const hash = sha256(Buffer.from(sumsFile(others)))
  return hashes.get(SUMS_FILE) === hash ? hash : undefined
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

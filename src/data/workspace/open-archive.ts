/** The list of an archive's entries, and whether each is what it says. Nothing is stored here. */
import { readTar, type TarEntry } from '#core/model/tar'
import { failure, success, type Result } from '#core/result'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { MAX_MANIFEST_BYTES } from '#core/workspace/limits'
import {
  readManifest,
  WORKSPACE_MANIFEST,
  type WorkspaceEntry,
  type WorkspaceManifest,
} from '#core/workspace/manifest'
import { DATABASE_VERSION } from '../db/schema'
import { createSha256Source } from '../sha256'

export interface OpenArchive {
  file: File
  manifest: WorkspaceManifest
  /** The content of an entry. */
  content(entry: WorkspaceEntry): Blob
}

/** Reads the manifest and compares the hash of every entry with it. */
export async function openArchive(
  file: File,
  onBytes: (done: number, total: number) => void,
): Promise<Result<OpenArchive, WorkspaceFailure>> {
  const read = async (at: number, length: number) =>
    new Uint8Array(await file.slice(at, at + length).arrayBuffer())
  const tar = await readTar(file.name, file.size, read)
  if (!tar.ok) return failure({ kind: 'not-an-archive' })
  const found = new Map<string, TarEntry>()
  for (const entry of tar.value) {
    if (found.has(entry.path)) return failure({ kind: 'entry-unexpected', entry: entry.path })
    found.set(entry.path, entry)
  }
  const list = found.get(WORKSPACE_MANIFEST)
  if (!list || list.bytes > MAX_MANIFEST_BYTES) return failure({ kind: 'not-an-archive' })
  const slice = ({ offset, bytes }: TarEntry) => file.slice(offset, offset + bytes)
  const manifest = readManifest(await slice(list).text(), DATABASE_VERSION)
  if (!manifest.ok) return manifest
  const { entries } = manifest.value
  for (const { path, bytes } of entries)
    if (found.get(path)?.bytes !== bytes) return failure({ kind: 'entry-missing', entry: path })
  const named = new Set([WORKSPACE_MANIFEST, ...entries.map(({ path }) => path)])
  for (const path of found.keys())
    if (!named.has(path)) return failure({ kind: 'entry-unexpected', entry: path })
  const content = (entry: WorkspaceEntry) => slice(found.get(entry.path) as TarEntry)
  const damaged = await damagedEntry(entries, content, onBytes)
  if (damaged !== null) return failure({ kind: 'hash-mismatch', entry: damaged })
  return success({ file, manifest: manifest.value, content })
}

async function damagedEntry(
  entries: readonly WorkspaceEntry[],
  content: OpenArchive['content'],
  onBytes: (done: number, total: number) => void,
): Promise<string | null> {
  const newHash = await createSha256Source()
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const entry of entries) {
    const hash = newHash()
    const reader = (content(entry).stream() as ReadableStream<Uint8Array>).getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      hash.update(piece.value)
      done += piece.value.length
      onBytes(done, total)
    }
    if (hash.hex() !== entry.sha256) return entry.path
  }
  return null
}

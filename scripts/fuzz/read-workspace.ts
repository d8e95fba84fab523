/** A workspace archive, read as an import reads it before anything is stored. */
import { createHash } from 'node:crypto'
import { recordMisfit } from '#core/workspace/check-record'
import { MAX_ROW_LENGTH } from '#core/workspace/limits'
import { WORKSPACE_MANIFEST } from '#core/workspace/manifest'
import { readRow } from '#core/workspace/row'
import { TAR_END_BYTES, tarHeader, tarPadding } from '#core/model/tar'
import { failure, success, type Result } from '#core/result'
import { linesOf } from '#data/workspace/lines'
import { openArchive } from '#data/workspace/open-archive'
import { joined } from './mutate-bytes'
import type { Files } from './targets'

/** `files` are the archive's entries; mutated ones get the hashes that let them in. */
export async function readWorkspace(files: Files): Promise<Result<unknown, unknown>> {
  const archive = await openArchive(new File([archiveOf(files)], 'workspace.tar'), () => undefined)
  if (!archive.ok) return archive
  for (const entry of archive.value.manifest.entries) {
    if (entry.kind !== 'records') continue
    for await (const line of linesOf(archive.value.content(entry), MAX_ROW_LENGTH)) {
      const row = line.ok ? readRow(entry.store, line.value) : line
      if (!row.ok) return row
      const misfit = recordMisfit(entry.store, row.value)
      if (misfit) return failure(misfit)
    }
  }
  return success(undefined)
}

function archiveOf(files: Files): Uint8Array<ArrayBuffer> {
  const manifest = files.get(WORKSPACE_MANIFEST)
  const entries = new Map(files)
  if (manifest) entries.set(WORKSPACE_MANIFEST, withHashes(manifest, files))
  const parts = [...entries].flatMap(([path, bytes]) => {
    const header = tarHeader(path, bytes.length, 0)
    return header.ok ? [header.value, bytes, new Uint8Array(tarPadding(bytes.length))] : []
  })
  return joined(...parts, new Uint8Array(TAR_END_BYTES))
}

/** The manifest as it is where its shape was mutated. */
function withHashes(manifest: Uint8Array<ArrayBuffer>, files: Files): Uint8Array<ArrayBuffer> {
  try {
    const json = JSON.parse(new TextDecoder().decode(manifest)) as { entries: { path: string }[] }
    for (const entry of json.entries) {
      const bytes = files.get(entry.path)
      if (!bytes) continue
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      Object.assign(entry, { bytes: bytes.length, sha256 })
    }
    return new TextEncoder().encode(JSON.stringify(json))
  } catch {
    return manifest
  }
}

/** What chosen files are, told from their names: a model pack (folder or archive), an MLC model or a GGUF file. */
import { isGguf } from '#core/model/address'
import type { ModelResult } from '#core/model/failure'
import { isIgnoredFile } from '#core/model/ignored-files'
import { MLC_CONFIG } from '#core/model/mlc-config'
import { PACK_MANIFEST } from '#core/model/pack'
import { isModelPath } from '#core/model/path'
import { readTar } from '#core/model/tar'
import { failure, success } from '#core/result'
import type { NamedFile } from '../model-api'
import { readBytes } from './import-read'

export interface ImportSource {
  kind: 'pack' | 'mlc' | 'gguf'
  /** Of the folder, archive or file; empty where they were chosen without one. */
  name: string
  /** By path below the folder that holds the model. */
  files: ReadonlyMap<string, File>
  /** The file that told the kind. */
  path: string
}

/** A read error inside the callback that `readTar` is given. */
class Unreadable extends Error {
  readonly detail: string

  constructor(detail: string) {
    super(detail)
    this.detail = detail
  }
}

export async function importSource(files: readonly NamedFile[]): Promise<ModelResult<ImportSource>> {
  const useful = files.filter(({ path }) => !isIgnoredFile(path))
  const found = sourceAmong(useful)
  if (found) return found
  const archives = useful.filter(({ path }) => /\.tar$/i.test(path))
  const [archive, ...others] = archives
  // Any one of several files would make it a model: none is the missing one.
  if (!archive) return failure({ kind: 'not-a-model', missing: [] })
  if (others.length > 0) return several(archives)
  const unpacked = await unpack(archive)
  if (!unpacked.ok) return unpacked
  const inside = sourceAmong(unpacked.value.filter(({ path }) => !isIgnoredFile(path)))
  if (!inside) return failure({ kind: 'not-a-model', missing: [PACK_MANIFEST] })
  return inside.ok ? success({ ...inside.value, name: withoutExtension(archive.path) }) : inside
}

function sourceAmong(files: readonly NamedFile[]): ModelResult<ImportSource> | undefined {
  const kinds = [
    ['pack', (name: string) => name === PACK_MANIFEST],
    ['mlc', (name: string) => name === MLC_CONFIG],
    ['gguf', isGguf],
  ] as const
  for (const [kind, is] of kinds) {
    const telling = files.filter(({ path }) => is(baseName(path)))
    const [first, ...others] = telling
    if (!first) continue
    if (others.length > 0) return several(telling)
    const folder = first.path.slice(0, first.path.length - baseName(first.path).length)
    const inside = files
      .filter(({ path }) => path.startsWith(folder))
      .map(({ path, file }) => [path.slice(folder.length), file] as const)
    return success({
      kind,
      name: kind === 'gguf' ? withoutExtension(first.path) : baseName(folder.replace(/\/$/, '')),
      // How the folders above are called does not matter; a GGUF file is stored under another name if need be.
      files: new Map(inside.filter(([path]) => kind === 'gguf' || isModelPath(path))),
      path: baseName(first.path),
    })
  }
  return undefined
}

/** The files of an archive, without copying a byte of them. */
async function unpack({ path, file }: NamedFile): Promise<ModelResult<NamedFile[]>> {
  const read = async (at: number, length: number) => {
    const bytes = await readBytes(path, file.slice(at, at + length))
    if (bytes.ok) return bytes.value
    throw new Unreadable(bytes.failure.kind === 'file-unreadable' ? bytes.failure.detail : '')
  }
  try {
    const entries = await readTar(path, file.size, read)
    if (!entries.ok) return entries
    return success(
      entries.value.map((entry) => ({
        path: entry.path,
        file: new File([file.slice(entry.offset, entry.offset + entry.bytes)], baseName(entry.path)),
      })),
    )
  } catch (error) {
    if (error instanceof Unreadable) return failure({ kind: 'file-unreadable', path, detail: error.detail })
    throw error
  }
}

function several(files: readonly NamedFile[]): ModelResult<never> {
  return failure({ kind: 'several-models', names: files.map(({ path }) => path) })
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function withoutExtension(path: string): string {
  return baseName(path).replace(/\.[^.]+$/, '')
}

/** A checkpoint and the adapters that are merged into it, each at an address of its own. */
import { adapterFolder, joinSources } from '#core/convert/lora/join-sources'
import type { CheckpointSource } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import type { SourceFile } from '#core/model/stored'
import { success } from '#core/result'
import type { RemoteCheckpoint } from './remote-checkpoint'

export class RemoteSources {
  /** All of them as one. */
  readonly source: CheckpointSource
  readonly #base: RemoteCheckpoint
  readonly #all: readonly { folder: string; source: RemoteCheckpoint }[]

  constructor(base: RemoteCheckpoint, adapters: readonly RemoteCheckpoint[]) {
    this.source = joinSources(base, adapters)
    this.#base = base
    const beside = adapters.map((source, index) => ({ folder: adapterFolder(index), source }))
    this.#all = [{ folder: '', source: base }, ...beside]
  }

  /** How fast the checkpoint's host is, which has nearly all of the bytes. */
  get bytesPerSecond(): number | null {
    return this.#base.bytesPerSecond
  }

  /** What was read, under the names that `source` has for it. */
  async sourceFiles(signal: AbortSignal): Promise<ModelResult<SourceFile[]>> {
    const files: SourceFile[] = []
    for (const { folder, source } of this.#all) {
      const own = await source.sourceFiles(signal)
      if (!own.ok) return own
      files.push(...own.value.map((file) => ({ ...file, path: folder + file.path })))
    }
    return success(files)
  }

  close(): void {
    for (const { source } of this.#all) source.close()
  }
}

/** Of the files of all sources those of the checkpoint, or of the adapter with this index, under its own names. */
export function filesOf(known: readonly SourceFile[], adapter: number | null): SourceFile[] {
  if (adapter === null) return known.filter(({ path }) => !path.includes('/'))
  const folder = adapterFolder(adapter)
  return known
    .filter(({ path }) => path.startsWith(folder))
    .map((file) => ({ ...file, path: file.path.slice(folder.length) }))
}

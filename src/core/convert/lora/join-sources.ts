/** A checkpoint and its adapters as one source: the files of the adapters have a folder before their names. */
import { success } from '../../result'
import { rowsOfUnit, type PlannedShard, type SourceRows } from '../plan'
import type { CheckpointSource } from '../source'

/** "adapter-1/" for the first. Checkpoints have no folders that matter, so no names meet. */
export function adapterFolder(index: number): string {
  return `adapter-${index + 1}/`
}

export function joinSources(base: CheckpointSource, adapters: readonly CheckpointSource[]): CheckpointSource {
  if (adapters.length === 0) return base
  const all = [
    { folder: '', source: base },
    ...adapters.map((source, index) => ({ folder: adapterFolder(index), source })),
  ]
  const placeOf = (path: string) =>
    all.find(({ folder }) => folder !== '' && path.startsWith(folder)) ?? all[0]!
  const inside = (path: string, folder: string) => path.slice(folder.length)
  return {
    async files(signal) {
      const files: { path: string; bytes: number }[] = []
      for (const { folder, source } of all) {
        const listed = await source.files(signal)
        if (!listed.ok) return listed
        files.push(...listed.value.map(({ path, bytes }) => ({ path: folder + path, bytes })))
      }
      return success(files)
    },
    read(path, begin, end, signal, room) {
      const { folder, source } = placeOf(path)
      return source.read(inside(path, folder), begin, end, signal, room)
    },
    readText(path, begin, end, signal) {
      const { folder, source } = placeOf(path)
      return source.readText(inside(path, folder), begin, end, signal)
    },
    expect(shards, signal) {
      for (const { folder, source } of all) {
        const isOwn = ({ path }: SourceRows) => placeOf(path).folder === folder
        source.expect?.(only(shards, isOwn, folder), signal)
      }
    },
  }
}

/** The shards with nothing but the rows that one source holds, under its own names. */
function only(
  shards: readonly PlannedShard[],
  isOwn: (rows: SourceRows) => boolean,
  folder: string,
): PlannedShard[] {
  return shards.map((shard) => ({
    ...shard,
    units: shard.units.map((unit) => ({
      ...unit,
      parts: rowsOfUnit(unit)
        .filter(isOwn)
        .map(({ tensor, path, begin, format, rows, columns }) => ({
          ...{ tensor, path: path.slice(folder.length), begin, format, rows, columns },
        })),
    })),
  }))
}

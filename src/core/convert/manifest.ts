/** tensor-cache.json, also named ndarray-cache.json: the manifest that WebLLM reads (see core/model/mlc-manifest.ts). */
import type { ShardSums } from './convert-shard'
import type { ConversionPlan } from './plan'

/** @param sums of each shard, by its path */
export function tensorCacheJson(
  { shards, resultBytes }: ConversionPlan,
  sums: Readonly<Record<string, ShardSums>>,
): string {
  const records = shards.map(({ path, bytes, units }) => ({
    dataPath: path,
    format: 'raw-shard',
    nbytes: bytes,
    records: units
      .flatMap(({ tensors }) => tensors)
      .map(({ name, shape, dtype, bytes: nbytes, byteOffset }) => ({
        ...{ name, shape, dtype, format: 'raw', nbytes, byteOffset },
      })),
    md5sum: sums[path]?.md5,
  }))
  // Of a reward model's output layer only a few rows are read, and all are written.
  const numbers = shards
    .flatMap(({ units }) => units)
    .flatMap(({ parts, head, tensors }) =>
      head ? [{ rows: tensors[0]?.shape[0] ?? 0, columns: parts[0]?.columns ?? 0 }] : parts,
    )
  const parameters = numbers.reduce((total, { rows, columns }) => total + rows * columns, 0)
  const metadata = {
    ParamSize: records.reduce((total, { records: tensors }) => total + tensors.length, 0),
    ParamBytes: resultBytes,
    BitsPerParam: (resultBytes * 8) / parameters,
  }
  return JSON.stringify({ metadata, records })
}

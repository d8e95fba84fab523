/** Files as questions with their answers. Runs in a worker; nothing is stored. */
import { MAX_PAIR_BYTES } from '#core/cross-filter/limits'
import { PairCollector, type PairImport } from '#core/cross-filter/pair-collector'
import type { FileFailure, ImportFailure } from '#core/dataset/failure'
import { byName } from '#core/dataset/fingerprint'
import { failure, success, type Result } from '#core/result'
import { openFile } from './dataset-source'
import type { NamedBlob } from './hub'

/**
 * Reads JSON, JSON Lines, CSV and Parquet files in the order of their names. Fails when none gives a pair, or when all
 * together pass a limit; a bad file beside good ones is listed in `failures`.
 */
export async function readPairSources(
  sources: readonly NamedBlob[],
): Promise<Result<PairImport, ImportFailure[]>> {
  const bytes = sources.reduce((sum, { blob }) => sum + blob.size, 0)
  if (bytes > MAX_PAIR_BYTES) {
    const file = sources.map(({ name }) => name).join(', ')
    return failure([{ kind: 'too-large', file, bytes, limitBytes: MAX_PAIR_BYTES }])
  }
  const collector = new PairCollector()
  const files: PairImport['files'] = []
  const failures: FileFailure[] = []
  for (const { name, blob } of byName(sources)) {
    const opened = await openFile(name, blob, () => undefined)
    const failed = opened.ok ? await collector.addFile(name, opened.value.visitRows) : opened.failure
    if (failed?.kind === 'too-many-rows') return failure([failed])
    if (failed) failures.push(failed)
    else if (opened.ok) files.push({ name, sha256: opened.value.sha256 })
  }
  const { pairs, problems } = collector
  if (files.length === 0) return failure(failures)
  return success({ files, failures, pairs, problems })
}

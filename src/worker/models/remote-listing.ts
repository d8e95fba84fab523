/**
 * The files of a checkpoint, or of an adapter, on a host that lists nothing: those that they have, as far as they are
 * there.
 */
import { FILES_LIMIT, INDEX, INDEX_LIMIT_BYTES, IndexSchema, SINGLE } from '#core/convert/checkpoint'
import { CHECKPOINT_CONFIG } from '#core/convert/checkpoint-config'
import { GENERATION_CONFIG } from '#core/convert/chat-config'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '#core/convert/lora/adapter-config'
import { TEMPLATE_FILE } from '#core/convert/prepare'
import type { CheckpointFile } from '#core/convert/source'
import { TOKENIZER_COPIES } from '#core/convert/tokenizer'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { fileInvalid, parseFile } from '#core/model/parse-file'
import { failure, success } from '#core/result'
import type { FetchPorts } from './fetch-ports'
import { fetchSize } from './range-fetch'

type FetchWhole = (path: string) => Promise<ModelResult<Uint8Array<ArrayBuffer>>>

/** Fetches the small files as a whole, and asks for the size of the large ones. */
export async function findCheckpointFiles(
  fetchWhole: FetchWhole,
  urlOf: (path: string) => string,
  ports: FetchPorts,
  /** A host that is silent for so long is given up. */
  stallMs: number,
  signal: AbortSignal,
): Promise<ModelResult<CheckpointFile[]>> {
  const config = await fetchWhole(CHECKPOINT_CONFIG)
  if (!config.ok) {
    if (config.failure.kind !== 'not-found') return config
    const adapter = await fetchWhole(ADAPTER_CONFIG)
    if (!adapter.ok) return failure({ kind: 'not-a-model', missing: [CHECKPOINT_CONFIG] })
    const own = [{ path: ADAPTER_CONFIG, bytes: adapter.value.length }]
    return withWeights(own, [ADAPTER_WEIGHTS], urlOf, ports, stallMs, signal)
  }
  const names = [INDEX, GENERATION_CONFIG, TEMPLATE_FILE, ...TOKENIZER_COPIES]
  const files: CheckpointFile[] = [{ path: CHECKPOINT_CONFIG, bytes: config.value.length }]
  let weights = [SINGLE]
  for (const [path, fetched] of await Promise.all(
    names.map(async (name) => [name, await fetchWhole(name)] as const),
  )) {
    if (!fetched.ok) {
      if (!mayBeMissing(fetched.failure)) return fetched
      continue
    }
    files.push({ path, bytes: fetched.value.length })
    if (path !== INDEX) continue
    if (fetched.value.length > INDEX_LIMIT_BYTES)
      return failure({ kind: 'too-large', bytes: fetched.value.length, limitBytes: INDEX_LIMIT_BYTES })
    const index = parseFile(INDEX, new TextDecoder().decode(fetched.value), IndexSchema)
    if (!index.ok) return index
    weights = [...new Set(Object.values(index.value.weight_map))].sort()
    if (weights.length > FILES_LIMIT)
      return failure(fileInvalid(INDEX, 'weight_map', `at most ${FILES_LIMIT} files`))
  }
  return withWeights(files, weights, urlOf, ports, stallMs, signal)
}

async function withWeights(
  files: readonly CheckpointFile[],
  weights: readonly string[],
  urlOf: (path: string) => string,
  ports: FetchPorts,
  stallMs: number,
  signal: AbortSignal,
): Promise<ModelResult<CheckpointFile[]>> {
  const found = [...files]
  for (const path of weights) {
    const size = await fetchSize(urlOf(path), ports, stallMs, signal)
    if (!size.ok) {
      const isMissing = size.failure.kind === 'not-found'
      return isMissing ? failure({ kind: 'checkpoint-incomplete', missing: [path] }) : size
    }
    found.push({ path, bytes: size.value })
  }
  return success(found)
}

/** Object stores (S3) answer 403 for what they lack, unless the visitor may list what they hold. */
export function mayBeMissing(reason: ModelFailure): boolean {
  return reason.kind === 'not-found' || (reason.kind === 'access-denied' && reason.status === 403)
}

/** What a GGUF file's header tells about running it: name, format, sizes, and what is wrong with it. */
import { GGUF_LIMIT_BYTES } from '../catalog/wasm-build'
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import type { GgufHeader } from './gguf-header'
import { fileTypeName } from './gguf-types'
import { fileInvalid } from './parse-file'

/** The largest context that the app asks for: questions are short, and memory grows with it. */
export const CONTEXT_LIMIT_TOKENS = 4096
/** Context where the file names none. */
const CONTEXT_DEFAULT_TOKENS = 2048
/** Compute buffers and the engine itself; estimated from models of 0.5 to 3 billion parameters. */
const WORK_BYTES = 120e6
const MEGABYTE = 1e6
/** Bytes of a value in the KV cache (F16), of which there is one for keys and one for values. */
const CACHE_BYTES = 2 * 2

export interface GgufModel {
  /** Null where the file does not say. */
  name: string | null
  architecture: string
  quantization: string
  parameters: number
  /** What the model was made for; at most CONTEXT_LIMIT_TOKENS. */
  contextTokens: number
  vocabulary: number
  memoryMB: number
}

/**
 * Checks a header of a file of `bytes` bytes: whole, not larger than `limitBytes`, a language model in one file.
 */
export function ggufModel(
  path: string,
  header: GgufHeader,
  bytes: number,
  limitBytes = GGUF_LIMIT_BYTES.default,
): ModelResult<GgufModel> {
  const { metadata, tensors } = header
  const text = (key: string) => stringOf(metadata.get(key))
  const count = (key: string) => numberOf(metadata.get(key))
  if (bytes > limitBytes) return failure({ kind: 'too-large', bytes, limitBytes })
  const architecture = text('general.architecture')
  const tokens = metadata.get('tokenizer.ggml.tokens')
  const vocabulary = typeof tokens === 'object' && tokens ? tokens.length : 0
  const missing = [
    ...(architecture ? [] : ['general.architecture']),
    ...(vocabulary > 0 ? [] : ['tokenizer.ggml.tokens']),
    ...(tensors.length > 0 ? [] : ['tensors']),
  ]
  if (!architecture || missing.length > 0) return failure({ kind: 'not-a-model', missing })
  if ((count('split.count') ?? 1) > 1) return failure(fileInvalid(path, 'split.count', 'a model in one file'))
  if (header.fileBytes > bytes)
    return failure({
      kind: 'wrong-size',
      path,
      url: null,
      expectedBytes: header.fileBytes,
      actualBytes: bytes,
    })
  const made = count(`${architecture}.context_length`) ?? CONTEXT_DEFAULT_TOKENS
  const contextTokens = Math.max(1, Math.min(made, CONTEXT_LIMIT_TOKENS))
  return success({
    name: text('general.name') || null,
    architecture,
    quantization: fileTypeName(count('general.file_type') ?? -1) ?? commonType(header),
    parameters: header.parameters,
    contextTokens,
    vocabulary,
    memoryMB: Math.ceil((bytes + cacheBytes(header, architecture, contextTokens) + WORK_BYTES) / MEGABYTE),
  })
}

function cacheBytes({ metadata }: GgufHeader, architecture: string, contextTokens: number): number {
  const count = (key: string) => numberOf(metadata.get(`${architecture}.${key}`)) ?? 0
  const heads = count('attention.head_count')
  const width = count('embedding_length')
  const perHead = count('attention.key_length') || (heads > 0 ? width / heads : 0)
  // Some architectures list the heads of each layer; then the whole width is an upper bound.
  const perLayer = count('attention.head_count_kv') * perHead || width
  return contextTokens * count('block_count') * perLayer * CACHE_BYTES
}

/** The type that most weights have. */
function commonType({ tensors }: GgufHeader): string {
  const weights = new Map<string, number>()
  for (const { type, shape } of tensors) {
    const elements = shape.reduce((product, size) => product * size, 1)
    weights.set(type, (weights.get(type) ?? 0) + elements)
  }
  return [...weights].sort(([, one], [, other]) => other - one)[0]?.[0] ?? ''
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/**
 * What a compiled WebLLM library says of itself, read without running it: its function `_metadata` returns a JSON
 * text that lies whole in a data segment (mlc-llm, compiler_pass/attach_support_info and interface/compile).
 */
import * as v from 'valibot'
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import { fileInvalid, parseFile } from './parse-file'

/** Libraries of WebLLM are 3 to 10 MB; this only keeps a wrong file out of memory. */
export const LIBRARY_LIMIT_BYTES = 64 * 2 ** 20
/** About 100 bytes a parameter; the largest models have about 2,000. */
const METADATA_LIMIT_BYTES = 4 * 2 ** 20
const PARAMETERS_LIMIT = 20_000
const DIMENSIONS_LIMIT = 8
/** Elements of a dimension: far above any vocabulary, far below what would overflow a product. */
const DIMENSION_LIMIT = 2 ** 31
/** Places where the text may begin that are tried before the file counts as no library. */
const CANDIDATES_LIMIT = 256

/** It comes first today; other objects may come to stand before it, so many of them are passed over. */
const KEY = '"model_type"'
const BRACES_LIMIT = 16
const OPEN = '{'.charCodeAt(0)
const CLOSE = '}'.charCodeAt(0)
const QUOTE = '"'.charCodeAt(0)
const ESCAPE = '\\'.charCodeAt(0)

const Window = v.pipe(v.number(), v.integer(), v.minValue(-1))
const Positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(DIMENSION_LIMIT))

/** A dimension that is free, such as the vocabulary of Llama libraries, is named (older ones: -1). */
const Dimension = v.union(
  [
    Positive,
    v.pipe(
      v.string(),
      v.maxLength(64),
      v.transform(() => null),
    ),
    v.pipe(
      v.literal(-1),
      v.transform(() => null),
    ),
  ],
  'a size or the name of a free dimension',
)

const MetadataSchema = v.pipe(
  v.object({
    model_type: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    quantization: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    context_window_size: v.nullish(Window, -1),
    sliding_window_size: v.nullish(Window, -1),
    prefill_chunk_size: Window,
    kv_state_kind: v.nullish(v.string(), 'kv_cache'),
    /** Present in libraries that need a model package around them (several inputs, own function names). */
    artifact: v.optional(v.unknown()),
    /** This and the next only help; a library that says it otherwise is as good. */
    kv_cache: v.fallback(
      v.optional(
        v.object({
          num_hidden_layers: Positive,
          num_attention_heads: Positive,
          num_key_value_heads: Positive,
          head_dim: Positive,
        }),
      ),
      undefined,
    ),
    /** Bytes of work buffers by function. */
    memory_usage: v.fallback(v.optional(v.record(v.string(), v.pipe(v.number(), v.minValue(0)))), undefined),
    params: v.pipe(
      v.array(
        v.object({
          name: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
          shape: v.pipe(v.array(Dimension), v.maxLength(DIMENSIONS_LIMIT)),
          dtype: v.pipe(v.string(), v.minLength(1), v.maxLength(32)),
        }),
      ),
      v.minLength(1),
      v.maxLength(PARAMETERS_LIMIT),
    ),
  }),
  v.transform((metadata) => ({
    /** qwen2, llama, mistral, … */
    architecture: metadata.model_type,
    quantization: metadata.quantization,
    /** -1: none. */
    contextTokens: metadata.context_window_size,
    slidingWindowTokens: metadata.sliding_window_size,
    prefillChunkTokens: metadata.prefill_chunk_size,
    kvStateKind: metadata.kv_state_kind,
    /** The largest of the work buffers; null where the library does not say. */
    workBytes: metadata.memory_usage ? Math.max(0, ...Object.values(metadata.memory_usage)) : null,
    needsModelPackage: metadata.artifact !== undefined,
    kvCache: metadata.kv_cache && {
      layers: metadata.kv_cache.num_hidden_layers,
      attentionHeads: metadata.kv_cache.num_attention_heads,
      keyValueHeads: metadata.kv_cache.num_key_value_heads,
      headDimension: metadata.kv_cache.head_dim,
    },
    params: metadata.params,
  })),
)

export type LibraryMetadata = v.InferOutput<typeof MetadataSchema>
/** Row-major shape; null is a dimension that the library leaves free. */
export type LibraryParameter = LibraryMetadata['params'][number]

/** The metadata of the library in `bytes`, a whole .wasm file. `path` only names it in failures. */
export function readLibraryMetadata(path: string, bytes: Uint8Array): ModelResult<LibraryMetadata> {
  if (bytes.length > LIBRARY_LIMIT_BYTES)
    return failure({ kind: 'too-large', bytes: bytes.length, limitBytes: LIBRARY_LIMIT_BYTES })
  if (bytes.length < 8 || text(bytes.subarray(0, 4)) !== '\0asm')
    return failure(fileInvalid(path, null, 'a WebAssembly module'))
  let closest: ModelResult<LibraryMetadata> | undefined
  let tried = 0
  for (const start of candidates(bytes)) {
    if (++tried > CANDIDATES_LIMIT) break
    const end = endOfObject(bytes, start)
    if (end === undefined) continue
    const parsed = parseFile(path, text(bytes.subarray(start, end)), MetadataSchema)
    if (parsed.ok) return success(parsed.value)
    // A brace among code is no JSON at all; a fault inside an object is worth telling.
    if (parsed.failure.kind === 'file-invalid' && parsed.failure.where !== null) closest ??= parsed
  }
  return closest ?? failure(fileInvalid(path, '_metadata', 'a library compiled for WebLLM'))
}

/** Where an object that has the key may begin: the nearest braces before each occurrence. */
function* candidates(bytes: Uint8Array): Generator<number> {
  for (let at = find(bytes, KEY, 0); at >= 0; at = find(bytes, KEY, at + 1)) {
    let open = at
    for (let tried = 0; tried < BRACES_LIMIT && open > 0; tried++) {
      open = bytes.lastIndexOf(OPEN, open - 1)
      if (open >= 0) yield open
    }
  }
}

function find(bytes: Uint8Array, word: string, from: number): number {
  const first = word.charCodeAt(0)
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let matched = 1
    while (matched < word.length && bytes[at + matched] === word.charCodeAt(matched)) matched++
    if (matched === word.length) return at
  }
  return -1
}

/** The offset after the brace that closes the object at `start`; undefined within the limit. */
function endOfObject(bytes: Uint8Array, start: number): number | undefined {
  const limit = Math.min(bytes.length, start + METADATA_LIMIT_BYTES)
  let depth = 0
  let inString = false
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === ESCAPE) at++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) return at + 1
  }
  return undefined
}

/** The compiler writes ASCII; a byte is a character. */
function text(bytes: Uint8Array): string {
  const PIECE = 8192
  let result = ''
  for (let at = 0; at < bytes.length; at += PIECE) {
    result += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  }
  return result
}

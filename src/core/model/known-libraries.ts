/** The compiled libraries that WebLLM publishes: the schema of libraries.json and the choice among them. */
import * as v from 'valibot'
import { failure, success, type Result } from '../result'
import type { ModelResult } from './failure'
import type { MlcConfig, ModelShape } from './mlc-config'

const Word = v.pipe(v.string(), v.minLength(1))
const Count = v.pipe(v.number(), v.integer(), v.minValue(1))

const LibrarySchema = v.strictObject({
  /** The model that it was compiled for, as in its file name. */
  name: Word,
  architecture: v.picklist(['qwen2', 'llama', 'mistral', 'qwen3']),
  quantization: Word,
  shape: v.strictObject({
    hiddenSize: Count,
    layers: Count,
    intermediateSize: Count,
    attentionHeads: Count,
    keyValueHeads: Count,
    headDimension: Count,
    /** "free": the library takes any. */
    vocabulary: v.union([Count, v.literal('free')]),
    isTied: v.boolean(),
    ropeBase: Count,
    ropeScaling: v.nullable(Word),
  }),
  url: v.pipe(v.string(), v.url(), v.startsWith('https://'), v.endsWith('.wasm')),
  contextTokens: Count,
  prefillChunkTokens: Count,
  /** Graphics memory at `contextTokens`, in MB (10^6 bytes). */
  memoryMB: v.pipe(v.number(), v.gtValue(0)),
})

const LibrariesSchema = v.strictObject({
  /** Where the numbers come from. */
  notes: v.array(Word),
  libraries: v.pipe(v.array(LibrarySchema), v.minLength(1)),
})

export type KnownLibrary = v.InferOutput<typeof LibrarySchema>
export type KnownLibraries = v.InferOutput<typeof LibrariesSchema>

/** Checks a parsed libraries.json. */
export function parseLibraries(input: unknown): Result<KnownLibraries, string> {
  const parsed = v.safeParse(LibrariesSchema, input)
  if (parsed.success) return success(parsed.output)
  const [issue] = parsed.issues
  return failure(`${issue.path?.map(({ key }) => String(key)).join('.') ?? ''}: ${issue.message}`)
}

/** The library that was compiled for models of this configuration. */
export function findLibrary(
  libraries: readonly KnownLibrary[],
  { architecture, quantization, shape }: MlcConfig,
): ModelResult<KnownLibrary> {
  const supported = [...new Set(libraries.map((library) => library.architecture))]
  if (!supported.some((each) => each === architecture))
    return failure({ kind: 'unsupported-architecture', architecture, supported })
  const found = libraries.find(
    (library) =>
      library.architecture === architecture &&
      library.quantization === quantization &&
      sameShape(library.shape, shape),
  )
  return found
    ? success(found)
    : failure({ kind: 'no-library', architecture, quantization, shape: shapeText(shape) })
}

/** What a configuration does not tell of the output layer and the rotary embedding is taken to be right. */
function sameShape(library: KnownLibrary['shape'], shape: ModelShape): boolean {
  const { vocabulary, isTied, ropeBase, ropeScaling, ...sizes } = library
  return (
    Object.entries(sizes).every(([key, value]) => shape[key as keyof ModelShape] === value) &&
    (shape.isTied === null || isTied === shape.isTied) &&
    (vocabulary === 'free' || vocabulary === shape.vocabulary) &&
    (shape.ropeBase === null || (ropeBase === shape.ropeBase && ropeScaling === shape.ropeScaling))
  )
}

/** What tells models of one architecture apart, in the terms of their configurations. */
function shapeText(shape: ModelShape): string {
  return [
    `hidden_size ${shape.hiddenSize ?? '?'}`,
    `num_hidden_layers ${shape.layers ?? '?'}`,
    `intermediate_size ${shape.intermediateSize ?? '?'}`,
    `heads ${shape.attentionHeads ?? '?'}/${shape.keyValueHeads ?? '?'} × ${shape.headDimension ?? '?'}`,
    `vocab_size ${shape.vocabulary}`,
    ...(shape.ropeBase === null ? [] : [`rope ${shape.ropeBase} ${shape.ropeScaling ?? ''}`.trim()]),
    ...(shape.isTied ? ['tied'] : []),
  ].join(', ')
}

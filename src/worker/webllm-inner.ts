/**
 * The inside of WebLLM's pipeline, below its public types: tokens into the KV cache, logits out, tokens off again. It is
 * looked at before it is used, since any release may change it (0.2.79 and 0.2.86 are known).
 */
import type { ColdReason } from '#core/numerics/types'
import { failure, success, type Result } from '#core/result'

/** A value of the package's runtime; it ends with the scope it is attached to. */
export interface Tensor {
  dtype: string
  toArray(): unknown
  dispose(): void
}

type RuntimeFunction = (...values: unknown[]) => unknown

/** The package's runtime. Values that its functions give are attached to the innermost open scope. */
export interface Runtime {
  beginScope(): void
  endScope(): void
  attachToCurrentScope<Value>(value: Value): Value
  detachFromCurrentScope<Value>(value: Value): Value
  getGlobalFunc(name: string): RuntimeFunction
  /** Plain numbers would be passed as floating point. */
  scalar(value: number, type: string): unknown
}

/** Members of the pipeline that are used, as both known releases have them. */
export interface InnerPipeline {
  readonly tvm: Runtime
  readonly device: { sync(): Promise<void> }
  readonly kvCache: object
  readonly prefillChunkSize: number
  readonly contextWindowSize: number
  readonly fullVocabSize: number
  filledKVCacheLength: number
  /** Feeds at most a chunk: runs of token ids (and images), and how many positions they take. */
  embedAndForward(runs: readonly unknown[], positions: number): Promise<Tensor>
  /** Empties the cache, but does not count: whoever calls it sets `filledKVCacheLength`. */
  resetKVCache(): void
  updateLogitsOnCPU(logits: Tensor): Tensor
  /** Runs of a whole prompt and how many positions they take; 0.2.79 gives them at once. */
  getInputData(): Promise<PromptRuns> | PromptRuns
}

export type PromptRuns = readonly [runs: readonly unknown[], positions: number, ...rest: unknown[]]

const METHODS = ['embedAndForward', 'resetKVCache', 'updateLogitsOnCPU', 'getInputData', 'resetChat'] as const
const RUNTIME = [
  'beginScope',
  'endScope',
  'attachToCurrentScope',
  'detachFromCurrentScope',
  'getGlobalFunc',
  'scalar',
] as const
const POP = 'vm.builtin.kv_state_popn'
const TOTAL_LENGTH = 'vm.builtin.attention_kv_cache_get_total_sequence_length'
/** WebLLM keeps everything in one sequence of the cache. */
const SEQUENCE = 0

/** A pipeline whose structure is the one that is known. */
export class KnownPipeline {
  readonly inner: InnerPipeline
  /** The class's own methods: the instance may carry others, which call these. */
  readonly #methods: InnerPipeline
  readonly #pop: RuntimeFunction
  readonly #totalLength: RuntimeFunction | null

  private constructor(inner: InnerPipeline, pop: RuntimeFunction, totalLength: RuntimeFunction | null) {
    this.inner = inner
    this.#methods = Object.getPrototypeOf(inner) as InnerPipeline
    this.#pop = pop
    this.#totalLength = totalLength
  }

  /** Looks at a pipeline right after loading; fails with the reason why it is better left alone. */
  static of(pipeline: unknown): Result<KnownPipeline, ColdReason> {
    const doubt = doubtOf(pipeline)
    if (doubt) return failure(doubt)
    const inner = pipeline as InnerPipeline
    const pop = functionOf(inner.tvm, POP)
    if (!pop) return failure('structure-unknown')
    return success(new KnownPipeline(inner, pop, functionOf(inner.tvm, TOTAL_LENGTH)))
  }

  /** Tokens in the KV cache, as the package counts them. */
  get length(): number {
    return this.inner.filledKVCacheLength
  }

  /** Tokens in the KV cache, as the cache itself counts them; null where the runtime does not tell. */
  get lengthInCache(): number | null {
    const length = this.inScope(() => this.#totalLength?.(this.inner.kvCache))
    return typeof length === 'number' ? length : null
  }

  /**
   * Appends at most a chunk of tokens, as the package itself does; the logits after the last one are attached to the
   * current scope. Throws what the package throws; the cache must then be reset.
   */
  async forward(tokens: readonly number[]): Promise<Tensor> {
    const wanted = this.length + tokens.length
    const logits = await this.#methods.embedAndForward.call(this.inner, [tokens], tokens.length)
    if (this.length !== wanted) throw new Error('The KV cache has another length than was fed.')
    return logits
  }

  /** The logits of the whole vocabulary as a copy. */
  async read(logits: Tensor): Promise<Float32Array> {
    const copy = this.#methods.updateLogitsOnCPU.call(this.inner, logits)
    await this.inner.device.sync()
    const values = copy.toArray()
    if (!(values instanceof Float32Array)) throw new Error(`Logits are ${copy.dtype}, not float32.`)
    return values.slice()
  }

  /** Takes the last `count` tokens, at most all, out of the KV cache. */
  pop(count: number): void {
    if (count === 0) return
    const { inner } = this
    if (!(count > 0 && count <= this.length)) throw new RangeError('More tokens off the cache than it holds.')
    this.inScope(() =>
      this.#pop(inner.kvCache, inner.tvm.scalar(SEQUENCE, 'int64'), inner.tvm.scalar(count, 'int32')),
    )
    inner.filledKVCacheLength -= count
  }

  /** Really empties the KV cache, whatever the instance's own method does. */
  reset(): void {
    this.inScope(() => this.#methods.resetKVCache.call(this.inner))
    this.inner.filledKVCacheLength = 0
  }

  /** Ends the values that the work made. */
  inScope<Value>(work: () => Value): Value {
    this.inner.tvm.beginScope()
    try {
      return work()
    } finally {
      this.inner.tvm.endScope()
    }
  }

  /** As `inScope`; nothing else may use the runtime meanwhile, because scopes nest. */
  async inScopeAsync<Value>(work: () => Promise<Value>): Promise<Value> {
    this.inner.tvm.beginScope()
    try {
      return await work()
    } finally {
      this.inner.tvm.endScope()
    }
  }
}

/** A function of the runtime, to be kept; null where it has none of this name. */
function functionOf(tvm: Runtime, name: string): RuntimeFunction | null {
  tvm.beginScope()
  try {
    return tvm.detachFromCurrentScope(tvm.getGlobalFunc(name))
  } catch {
    return null
  } finally {
    tvm.endScope()
  }
}

function doubtOf(pipeline: unknown): ColdReason | null {
  if (!isRecord(pipeline)) return 'structure-unknown'
  const { slidingWindowSize, rnnState, kvStateKind, artifact, image_embed: vision } = pipeline
  if (typeof slidingWindowSize === 'number' && slidingWindowSize !== -1) return 'sliding-window'
  if (rnnState !== undefined || !isOneOf(kvStateKind, [undefined, 'kv_cache'])) return 'recurrent-model'
  const methods = Object.getPrototypeOf(pipeline) as unknown
  const isKnown =
    slidingWindowSize === -1 &&
    artifact === undefined &&
    vision === undefined &&
    hasFunctions(methods, METHODS) &&
    hasFunctions(pipeline['tvm'], RUNTIME) &&
    hasFunctions(pipeline['device'], ['sync']) &&
    isRecord(pipeline['kvCache']) &&
    isCount(pipeline['filledKVCacheLength'], 0) &&
    isCount(pipeline['prefillChunkSize'], 1) &&
    isCount(pipeline['contextWindowSize'], 1) &&
    isCount(pipeline['fullVocabSize'], 1)
  return isKnown ? null : 'structure-unknown'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}

function hasFunctions(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === 'function')
}

function isCount(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least
}

function isOneOf(value: unknown, values: readonly unknown[]): boolean {
  return values.includes(value)
}

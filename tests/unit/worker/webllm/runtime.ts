/** WebLLM's runtime over the toy model: scopes, functions by name, a paged cache with one sequence, sampling. */
import { ToyAttention } from '../../numerics/toy-attention'
import { argMax, ToyTensor } from './tensor'

interface Disposable {
  dispose(): void
}

export interface RuntimeOptions {
  chunkTokens: number
  vocabulary: number
  seed?: number
  /** Functions that this runtime lacks. */
  lacks?: readonly string[]
  /** Members of the library's metadata beside the chunk size. */
  metadata?: Record<string, unknown>
}

export class ToyRuntime {
  readonly toy: ToyAttention
  /** What the cache really holds. */
  tokens: number[] = []
  /** The logits that each token was sampled from. */
  readonly sampled: Float32Array[] = []
  /** How many forward passes there were, and over how many tokens. */
  passes = 0
  fed = 0
  /** Called before each forward pass. */
  onForward: (tokens: readonly number[]) => void = () => undefined
  /** How many tokens a pop takes off. */
  popCount: (count: number) => number = (count) => count
  readonly #options: RuntimeOptions
  readonly #scopes: (Disposable | undefined)[][] = []
  #hasSequence = false
  /** By KV cache, and by recurrent state where there is one. */
  readonly #announced = new Map<unknown, number>()

  constructor(options: RuntimeOptions) {
    this.#options = options
    this.toy = new ToyAttention(options.vocabulary, null, options.seed)
  }

  get chunkTokens(): number {
    return this.#options.chunkTokens
  }

  get openScopes(): number {
    return this.#scopes.length
  }

  /** Values that wait for the end of a scope. */
  get attached(): number {
    return this.#scopes.flat().filter((value) => value !== undefined).length
  }

  beginScope() {
    this.#scopes.push([])
  }
  endScope() {
    for (const value of this.#scopes.pop()!) value?.dispose()
  }
  attachToCurrentScope<Value>(value: Value): Value {
    const scope = this.#scopes.at(-1)
    if (!scope) throw new Error('Must call beginScope')
    scope.push(value as Disposable)
    return value
  }
  detachFromCurrentScope<Value>(value: Value): Value {
    const scope = this.#scopes.at(-1)!
    const found = scope.flatMap((other, at) => (other === value ? [at] : []))
    if (found.length !== 1) throw new Error(`The scope has the value ${found.length} times.`)
    scope[found[0]!] = undefined
    return value
  }

  webgpu = () => ({ sync: () => Promise.resolve(), dispose: () => undefined })
  cpu = () => 'cpu'
  scalar = (value: number) => ({ value })
  empty = (shape: number[], dtype: string) => this.attachToCurrentScope(new ToyTensor(shape, dtype))
  uniform = (shape: number[]) => this.empty(shape, 'float32').copyFrom([0.5])
  makeShapeTuple = (values: number[]) => this.attachToCurrentScope({ values, dispose: () => undefined })
  getParamsFromCacheByName = () => this.attachToCurrentScope({ dispose: () => undefined })
  setSeed = () => undefined
  dispose = () => undefined
  applyPresenceAndFrequencyPenalty = () => undefined
  applyRepetitionPenalty = () => undefined
  sampleTopPFromLogits = (logits: ToyTensor) => this.#sample(logits)

  getGlobalFunc(name: string) {
    const short = name.replace('vm.builtin.', '')
    const known: Record<string, (...values: never[]) => unknown> = {
      kv_state_clear: () => this.#clear(),
      kv_state_add_sequence: () => (this.#hasSequence = true),
      kv_state_remove_sequence: () => undefined,
      kv_state_begin_forward: (state: unknown, _: unknown, lengths: { values: number[] }) =>
        this.#announce(state, lengths.values[0]!),
      kv_state_end_forward: (state: unknown) => this.#announced.delete(state),
      kv_state_popn: (_: unknown, __: unknown, count: { value: number }) => this.#pop(count.value),
      attention_kv_cache_enable_sliding_window_for_seq: () => undefined,
      attention_kv_cache_get_total_sequence_length: () => this.tokens.length,
    }
    const found = known[short]
    if (!found || this.#options.lacks?.includes(short)) throw new Error(`Cannot find global function ${name}`)
    return this.#function(found)
  }

  createVirtualMachine = () =>
    this.attachToCurrentScope({
      getFunction: (name: string) => this.#library(name),
      getInternalModule: () => ({}),
      dispose: () => undefined,
    })

  #library(name: string) {
    const { chunkTokens, metadata } = this.#options
    const forward = (embedded: ToyTensor) => this.#forward([...embedded.values])
    const functions: Record<string, (...values: never[]) => unknown> = {
      _metadata: () => {
        const text = JSON.stringify({ prefill_chunk_size: chunkTokens, params: [], ...metadata })
        return this.attachToCurrentScope({ toString: () => text, dispose: () => undefined })
      },
      embed: (ids: ToyTensor) =>
        this.attachToCurrentScope(new ToyTensor([ids.values.length], 'int32', ids.values.slice())),
      prefill: forward,
      decode: forward,
      create_tir_paged_kv_cache: () => this.attachToCurrentScope({ dispose: () => undefined }),
      create_rnn_state: () => this.attachToCurrentScope({ dispose: () => undefined }),
      batch_prefill: (embedded: ToyTensor) => forward(embedded),
      batch_decode: (embedded: ToyTensor) => forward(embedded),
      apply_bitmask_inplace: () => undefined,
      apply_penalty_inplace: () => undefined,
      apply_logit_bias_inplace: () => undefined,
      // In place of probabilities, their order is all that greedy sampling needs.
      softmax_with_temperature: (logits: ToyTensor) => this.attachToCurrentScope(logits.view(logits.shape)),
      argsort_probs: (logits: ToyTensor) => this.attachToCurrentScope(listOf([logits, logits])),
      sample_with_top_p: (logits: ToyTensor) =>
        this.attachToCurrentScope(new ToyTensor([1], 'int32', Int32Array.of(this.#sample(logits)))),
    }
    const found = functions[name]
    if (!found) throw new Error(`Cannot find function ${name}`)
    return this.#function(found)
  }

  #function(work: (...values: never[]) => unknown) {
    return this.attachToCurrentScope(Object.assign(work, { dispose: () => undefined }))
  }

  #clear() {
    this.toy.reset()
    this.tokens = []
    this.#hasSequence = false
    this.#announced.clear()
  }

  #announce(state: unknown, length: number) {
    if (!this.#hasSequence || this.#announced.has(state)) throw new Error('The cache is not ready.')
    this.#announced.set(state, length)
  }

  #pop(count: number) {
    const off = Math.min(this.popCount(count), this.tokens.length)
    this.toy.pop(off)
    this.tokens.length -= off
  }

  #forward(ids: readonly number[]) {
    if (![...this.#announced.values()].includes(ids.length))
      throw new Error('The forward pass was not announced.')
    this.onForward(ids)
    const logits = this.toy.append(ids)
    this.tokens.push(...ids)
    this.passes += 1
    this.fed += ids.length
    const tensor = new ToyTensor([1, 1, logits.length], 'float32', logits)
    return this.attachToCurrentScope(listOf([tensor], (value) => this.attachToCurrentScope(value)))
  }

  #sample(logits: ToyTensor): number {
    this.sampled.push(Float32Array.from(logits.values))
    return argMax(logits.values)
  }
}

function listOf(values: readonly ToyTensor[], give = (value: ToyTensor) => value) {
  return { get: (at: number) => give(values[at]!), dispose: () => undefined }
}

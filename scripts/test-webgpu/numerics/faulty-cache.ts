/** Faults planted between the app's engine and the runtime's KV cache: the cache then holds what nobody asked for. */

/**
 * - `pops-less`, `pops-more`: the next time that tokens are taken off, it is one less, or one more, than asked for.
 * - `stale-length`: the next time, nothing goes off, though everybody counts as if it did.
 * - `swapped-sequence`: right now, the cache's content is exchanged for another one of the same length.
 */
export const FAULTS = ['pops-less', 'pops-more', 'stale-length', 'swapped-sequence'] as const
export type Fault = (typeof FAULTS)[number]

const POP = 'vm.builtin.kv_state_popn'
const LENGTH = 'vm.builtin.attention_kv_cache_get_total_sequence_length'
/** No prompt of these tests consists of it. */
const OTHER_TOKEN = 65

type RuntimeFunction = (...values: unknown[]) => unknown

interface Runtime {
  getGlobalFunc(name: string): RuntimeFunction
  attachToCurrentScope<Value>(value: Value): Value
  detachFromCurrentScope<Value>(value: Value): Value
  scalar(value: number, type: string): unknown
  beginScope(): void
  endScope(): void
}

interface Pipeline {
  tvm: Runtime
  filledKVCacheLength: number
  resetKVCache(): void
  embedAndForward(runs: readonly (readonly number[])[], positions: number): Promise<unknown>
}

export class FaultyCache {
  readonly #pipeline: Pipeline
  #atNextPop: Fault | null = null

  /** Must be made before the app looks at the pipeline, so that it takes these functions for the runtime's own. */
  constructor(pipeline: object, hidesLength: boolean) {
    this.#pipeline = pipeline as Pipeline
    const { tvm } = this.#pipeline
    const getGlobalFunc = tvm.getGlobalFunc.bind(tvm)
    tvm.getGlobalFunc = (name) => {
      if (name === LENGTH && hidesLength) throw new Error(`There is no ${name} here.`)
      const real = getGlobalFunc(name)
      if (name !== POP) return real
      return tvm.attachToCurrentScope(this.#faultyPop(tvm.detachFromCurrentScope(real)))
    }
  }

  async plant(fault: Fault): Promise<void> {
    if (fault === 'swapped-sequence') await this.#swap()
    else this.#atNextPop = fault
  }

  #faultyPop(real: RuntimeFunction): RuntimeFunction {
    return new Proxy(real, {
      apply: (_target, _this, [cache, sequence, count]: unknown[]) => {
        const fault = this.#atNextPop
        this.#atNextPop = null
        const asked = (count as { value: number }).value
        const pop = (tokens: number) => real(cache, sequence, this.#pipeline.tvm.scalar(tokens, 'int32'))
        if (fault === 'stale-length') return undefined
        if (fault === 'pops-less') return pop(asked - 1)
        if (fault === 'pops-more') return pop(asked + 1)
        return pop(asked)
      },
    })
  }

  async #swap(): Promise<void> {
    const pipeline = this.#pipeline
    const methods = Object.getPrototypeOf(pipeline) as Pipeline
    const length = pipeline.filledKVCacheLength
    pipeline.tvm.beginScope()
    try {
      methods.resetKVCache.call(pipeline)
      pipeline.filledKVCacheLength = 0
      const others = Array.from({ length }, () => OTHER_TOKEN)
      await methods.embedAndForward.call(pipeline, [others], length)
    } finally {
      pipeline.tvm.endScope()
    }
  }
}

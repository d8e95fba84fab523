import type { PromptCache } from '#core/prefix-reuse/prompt-cache'
import type { KnownPipeline, Tensor } from '../webllm-inner'

/** The runtime's own count of tokens; not every library has it. */
const COUNT = 'vm.builtin.attention_kv_cache_get_total_sequence_length'

/** The KV cache of a pipeline, as the reading of prompts needs it. */
export class PipelineCache implements PromptCache<Tensor> {
  readonly chunkTokens: number
  readonly #known: KnownPipeline
  readonly #count: ((cache: object) => unknown) | undefined

  constructor(known: KnownPipeline) {
    this.#known = known
    this.chunkTokens = known.inner.prefillChunkSize
    this.#count = countOf(known)
  }

  countTokens(): number | null {
    const { inner, length } = this.#known
    const counted = this.#known.inScope(() => this.#count?.(inner.kvCache))
    // Pipeline and runtime both count; where they disagree, neither is to be believed.
    return counted === undefined || Number(counted) === length ? length : Number.NaN
  }

  reset(): void {
    this.#known.reset()
  }

  pop(count: number): void {
    this.#known.pop(count)
  }

  /** The logits belong to the scope that is open at the call. */
  feed(tokens: readonly number[]): Promise<Tensor> {
    return this.#known.forward(tokens)
  }

  async feedUnseen(tokens: readonly number[]): Promise<void> {
    const known = this.#known
    await known.inScopeAsync(async () => {
      await known.forward(tokens)
      // Else a long prompt's passes would all be queued at once, and nobody could end them.
      await known.inner.device.sync()
    })
  }

  copy(logits: Tensor): Promise<Float32Array> {
    return this.#known.read(logits)
  }
}

function countOf(known: KnownPipeline): ((cache: object) => unknown) | undefined {
  const { tvm } = known.inner
  try {
    return known.inScope(() => tvm.detachFromCurrentScope(tvm.getGlobalFunc(COUNT)))
  } catch {
    return undefined
  }
}

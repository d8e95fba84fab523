import type { Forward } from '#core/numerics/forward'
import type { KnownPipeline } from './webllm-inner'

/** A loaded model below WebLLM's requests; none may be under way meanwhile. */
export function forwardOf(pipeline: KnownPipeline): Forward {
  const { prefillChunkSize: chunkTokens, contextWindowSize: contextTokens } = pipeline.inner
  return {
    chunkTokens,
    get length() {
      return pipeline.length
    },
    reset: () => pipeline.reset(),
    pop: (count) => pipeline.pop(count),
    feed(tokens) {
      if (tokens.length === 0 || tokens.length > chunkTokens)
        return Promise.reject(new RangeError(`${String(tokens.length)} tokens are no chunk.`))
      if (pipeline.length + tokens.length > contextTokens)
        return Promise.reject(new RangeError('The KV cache has no room for these tokens.'))
      return pipeline.inScopeAsync(async () => await pipeline.read(await pipeline.forward(tokens)))
    },
  }
}

/** The engine worker with another release of WebLLM in it, and a handle on the prompt's chunk size. */
import { MLCEngine } from '@mlc-ai/web-llm'
import { serveEngines } from '../../src/worker/serve'
import { WebLlmEngine } from '../../src/worker/webllm'

interface ChunkedPipeline {
  prefillChunkSize: number
}

let latest: MLCEngine | undefined

/** WebLLM does not hand out its engine; the adapter makes it from this class. */
class ReachableEngine extends MLCEngine {
  constructor(...settings: ConstructorParameters<typeof MLCEngine>) {
    super(...settings)
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- that is the point
    latest = this
  }
}

const { version, manifestName } = JSON.parse(self.name) as { version: string; manifestName: string }
serveEngines(() => Promise.resolve(new WebLlmEngine({ version, manifestName, MLCEngine: ReachableEngine })))

// Small chunks make a short prompt take the way of a long one.
new BroadcastChannel('prefill-chunk').addEventListener('message', ({ data }: MessageEvent<number>) => {
  const { loadedModelIdToPipeline } = latest as unknown as {
    loadedModelIdToPipeline: Map<string, ChunkedPipeline>
  }
  for (const pipeline of loadedModelIdToPipeline.values()) pipeline.prefillChunkSize = data
})

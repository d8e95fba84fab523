import { EngineClient, type EngineClientOptions } from '#app/engine-client'
import type { GenerationRequest, LoadProgress, ModelSource } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'

const MODEL_URL = '/models/formulary.gguf'
export const CONTEXT_TOKENS = 1024

/** For calls that nobody aborts. */
export const never = new AbortController().signal
export const ignore = (): void => undefined

export const model: Blob = await (await fetch(MODEL_URL)).blob()
export const builtIn: ModelSource = { kind: 'gguf-url', url: MODEL_URL, bytes: model.size }

export const question: readonly ChatMessage[] = [
  {
    role: 'user',
    content:
      'In the fictional Somnus formulary, which organ clears ruvam?\nA. muscle\nB. plasma\nC. kidney\nD. lung',
  },
]
export const longText: readonly ChatMessage[] = [{ role: 'user', content: 'organ '.repeat(800) }]

export const greedy: GenerationRequest = {
  messages: question,
  maxTokens: 48,
  temperature: 0,
  topP: 1,
  seed: 1,
}
/** At this temperature the end is as improbable as any other token, so replies are long. */
export const endless: GenerationRequest = { ...greedy, maxTokens: 900, temperature: 100 }

/** A client whose workers the test can reach. */
export function newEngine(options: EngineClientOptions = {}) {
  const workers: Worker[] = []
  const engine = new EngineClient({
    spawn() {
      const worker = new Worker(new URL('../../src/worker/engine.ts', import.meta.url), { type: 'module' })
      workers.push(worker)
      return worker
    },
    ...options,
  })
  return { engine, workers }
}

export function load(
  engine: EngineClient,
  source: ModelSource = builtIn,
  onProgress: (progress: LoadProgress) => void = ignore,
  signal: AbortSignal = never,
) {
  return engine.load(
    { engine: 'wllama', source, contextTokens: CONTEXT_TOKENS, threads: 1 },
    onProgress,
    signal,
  )
}

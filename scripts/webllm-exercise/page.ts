/** The steps of the exercise, in the page: what an app would ask of the engine, and what came of it. */
import { EngineClient } from '../../src/app/engine-client'
import type { GenerationEvent, LoadProgress, LoadRequest } from '../../src/core/engine'

export interface Setup {
  version: string
  manifestName: string
  contextTokens: number
  maxTokens: number
  /** Whether to score a prompt in several chunks as well: on a software adapter that takes long. */
  chunks: boolean
}

const MODEL = {
  kind: 'mlc',
  modelId: 'exercise',
  weightsUrl: '/exercise/weights/',
  libraryUrl: '/exercise/library.wasm',
  requiresShaderF16: false,
} as const
const LETTERS = ['A', 'B', 'C', 'D']
const SMALL_CHUNK_TOKENS = 8
/** The chunk size that the library was compiled for. */
const WHOLE_PROMPT_TOKENS = 1024
const never = new AbortController().signal
const messages = [{ role: 'user', content: 'Hi' }] as const

export async function exercise(
  setup: Setup,
  report: (step: string, outcome: unknown) => void,
): Promise<void> {
  const engine = new EngineClient({
    spawn: () =>
      new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: JSON.stringify(setup) }),
    // A software adapter takes half a minute for one token, and an abort waits for the token's end.
    requestGraceMs: 600_000,
    loadGraceMs: 600_000,
  })
  async function step<Outcome>(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const begun = performance.now()
    const outcome = await work()
    report(name, { milliseconds: Math.round(performance.now() - begun), outcome })
    return outcome
  }
  const load = (
    source: LoadRequest['source'],
    onProgress: (progress: LoadProgress) => void = () => undefined,
  ) => engine.load({ engine: 'webllm', source, contextTokens: setup.contextTokens }, onProgress, never)
  const ask = { messages, maxTokens: setup.maxTokens, temperature: 0, topP: 1, seed: 1 }

  await step('a missing feature', () => load({ ...MODEL, requiresShaderF16: true }))
  await step('missing weights', () => load({ ...MODEL, weightsUrl: '/exercise/nothing/' }))
  const progress: LoadProgress[] = []
  const noLibrary = { ...MODEL, libraryUrl: `/exercise/weights/resolve/main/${setup.manifestName}` }
  await step('a library that is none', () => load(noLibrary, (seen) => progress.push(seen)))
  report('progress of that', {
    events: progress.length,
    first: progress.slice(0, 3),
    last: progress.slice(-3),
  })

  await step('load', () => load(MODEL))

  const score = () => engine.scoreLetters({ messages, letters: LETTERS }, never)
  await step('letters', score)
  if (setup.chunks) {
    const chunk = new BroadcastChannel('prefill-chunk')
    chunk.postMessage(SMALL_CHUNK_TOKENS)
    await step(`letters, prompt in chunks of ${SMALL_CHUNK_TOKENS} tokens`, score)
    chunk.postMessage(WHOLE_PROMPT_TOKENS)
  }

  const events: GenerationEvent[] = []
  await step('reply', () => engine.generate(ask, (event) => events.push(event), never))
  report('events', events)

  const stop = new AbortController()
  let abortedAt = 0
  const onEvent = ({ kind }: GenerationEvent) => {
    if (kind !== 'prompt-processed') return
    abortedAt = performance.now()
    stop.abort()
  }
  await step('abort', () => engine.generate({ ...ask, maxTokens: 50 }, onEvent, stop.signal))
  report('abort took', { milliseconds: Math.round(performance.now() - abortedAt) })

  const long = [{ role: 'user', content: 'x '.repeat(setup.contextTokens) }] as const
  await step('a prompt beyond the context', () =>
    engine.scoreLetters({ messages: long, letters: LETTERS }, never),
  )
  await step('letters again', score)
  await step('unload', () => engine.unload())
}

/** The app's engine store and client over the worker beside this file; driven by gpu-loss.test.ts. */
import { EngineClient } from '#app/engine-client'
import { EngineStore } from '#app/engine.svelte'
import type { EngineDescription, EngineResult, Generation } from '#core/engine'

const store = new EngineStore(
  new EngineClient({ spawn: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }) }),
)
const never = new AbortController().signal
/** Why devices went, in order. */
const ends: string[] = []
new BroadcastChannel('gpu-test').addEventListener('message', ({ data }) => {
  if (data === 'opened') gpuTest.opened += 1
  else ends.push(data as string)
})

const gpuTest = {
  store,
  ends,
  /** Devices, since the page was opened. */
  opened: 0,
  words: 0,
  stop: new AbortController(),
  state: () => store.state,
  load(id: string): Promise<EngineResult<EngineDescription>> {
    this.stop = new AbortController()
    return store.load(
      { id, name: id },
      {
        engine: 'webllm',
        source: {
          kind: 'mlc',
          modelId: id,
          files: [],
          library: new File([], 'library.wasm'),
          fingerprint: 'f',
          librarySha256: null,
          tokenizerSha256: null,
          requiresShaderF16: false,
        },
        contextTokens: 64,
      },
      this.stop.signal,
    )
  },
  ask(content: string): Promise<EngineResult<Generation>> {
    this.words = 0
    return store.generate(
      { messages: [{ role: 'user', content }], maxTokens: 10, temperature: 0, topP: 1, seed: 0 },
      () => (this.words += 1),
      never,
    )
  },
}

export type GpuTest = typeof gpuTest
Object.assign(globalThis, { gpuTest })

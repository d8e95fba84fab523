/** Entry of the engine worker. The engines are imported when first asked for, so the first screen pays nothing. */
import { version } from '@mlc-ai/web-llm/package.json'
import { expose } from 'comlink'
import type { Engine, EngineKind } from '#core/engine'
import type { EngineWorkerApi } from './api'
import { EngineHost } from './host'

async function createEngine(kind: EngineKind): Promise<Engine> {
  switch (kind) {
    case 'wllama': {
      const { WllamaEngine } = await import('./wllama')
      return new WllamaEngine()
    }
    case 'webllm': {
      const [{ WebLlmEngine }, webllm] = await Promise.all([import('./webllm'), import('@mlc-ai/web-llm')])
      return new WebLlmEngine({
        version,
        MLCEngine: webllm.MLCEngine,
        manifestName: webllm.TENSOR_CACHE_MANIFEST_FILENAME,
      })
    }
    case 'scripted': {
      const { ScriptedEngine } = await import('./scripted')
      return new ScriptedEngine()
    }
  }
}

/** Holds the lock until the worker dies; resolves once it is held. Without Web Locks (plain HTTP) it does nothing. */
function holdLock(name: string): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return Promise.resolve()
  return new Promise((held) => {
    void locks.request(name, () => {
      held()
      return new Promise(() => undefined)
    })
  })
}

const host = new EngineHost(createEngine)

const api: EngineWorkerApi = {
  async open(lockName, listener) {
    host.listen(listener)
    await holdLock(lockName)
  },
  load: (request, load) => host.load(request, load),
  generate: (request, generation) => host.generate(request, generation),
  scoreLetters: (request, letters) => host.scoreLetters(request, letters),
  unload: () => host.unload(),
  cancel: (request) => host.cancel(request),
}

expose(api)

import { expose } from 'comlink'
import type { Engine, EngineKind } from '#core/engine'
import type { EngineWorkerApi } from './api'
import { holdLock } from './hold-lock'
import { EngineHost } from './host'

/** Makes this worker an engine worker: answers the page over Comlink until the worker dies. */
export function serveEngines(createEngine: (kind: EngineKind) => Promise<Engine>): void {
  const host = new EngineHost(createEngine)
  const api: EngineWorkerApi = {
    async open(lockName, listener) {
      host.listen(listener)
      await holdLock(lockName)
    },
    load: (request, load) => host.load(request, load),
    generate: (request, generation) => host.generate(request, generation),
    scoreLetters: (request, letters) => host.scoreLetters(request, letters),
    scoreReward: (request, reward) => host.scoreReward(request, reward),
    checkNumbers: (request, known) => host.checkNumbers(request, known),
    renderPrompt: (request, messages) => host.renderPrompt(request, messages),
    unload: () => host.unload(),
    cancel: (request) => host.cancel(request),
  }
  expose(api)
}

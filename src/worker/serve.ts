import { expose } from 'comlink'
import type { Engine, EngineKind } from '#core/engine'
import type { EngineWorkerApi } from './api'
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
    unload: () => host.unload(),
    cancel: (request) => host.cancel(request),
  }
  expose(api)
}

/** Holds the lock until the worker dies; resolves once it is held, or at once where there are no Web Locks. */
function holdLock(name: string): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return Promise.resolve()
  return new Promise((held) => {
    const whileAlive = () => {
      held()
      return new Promise(() => undefined)
    }
    locks.request(name, whileAlive).catch(held)
  })
}

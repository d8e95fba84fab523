import type { ModelDoor } from '#app/model-client'
import { ModelStore, type ModelStorePorts } from '#app/model-store.svelte'
import type { ModelResult } from '#core/model/failure'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { ModelProgress } from '#worker/model-api'
import { anyHost } from '../../any-host'

/** One call to the model worker, answered when the test says so; an aborted one ends by itself. */
export interface DoorCall {
  method: keyof ModelDoor
  args: readonly unknown[]
  report(progress: ModelProgress): void
  answer(result: ModelResult<unknown>): void
}

/** A model store over a worker that does what the test says, and the records that its database lists. */
export function newModelStore(records: StoredModel[] = []) {
  const calls: DoorCall[] = []
  const kept = new Map(records.map((model) => [model.id, model]))
  const sizes = new Map<StoredModelId, number>()
  const preferences = new Map<string, unknown>()
  const told = { changes: 0, persistence: 0 }
  let heard: () => void = () => undefined
  const call =
    (method: keyof ModelDoor) =>
    (...args: unknown[]) =>
      new Promise((answer) => {
        const signal = args.find((arg): arg is AbortSignal => arg instanceof AbortSignal)
        const onProgress = args.find((arg) => typeof arg === 'function') as DoorCall['report'] | undefined
        signal?.addEventListener('abort', () => answer(failure({ kind: 'aborted' })))
        calls.push({ method, args, answer, report: (progress) => onProgress?.(progress) })
      })
  const methods: (keyof ModelDoor)[] = [
    ...([
      'inspect',
      'look',
      'download',
      'convertRemote',
      'resume',
      'verify',
      'inspectFiles',
      'importFiles',
    ] as const),
    ...(['exportFolder', 'exportArchive', 'engineFiles', 'remove'] as const),
  ]
  const door = Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as ModelDoor
  const ports: ModelStorePorts = {
    door,
    hosts: anyHost,
    database: { list: () => Promise.resolve([...kept.values()]) },
    files: {
      storedBytes: (id) => Promise.resolve(new Map(sizes.has(id) ? [['file', sizes.get(id)!]] : [])),
    },
    preferences: {
      get: (name) => Promise.resolve(preferences.get(name)),
      set: (name, value) => Promise.resolve(void preferences.set(name, value)),
      remove: (name) => Promise.resolve(void preferences.delete(name)),
    },
    storageStatus: () => Promise.resolve({ estimate: null, persisted: false }),
    requestPersistence: () => Promise.resolve((told.persistence += 1) > 1),
    channel: { tell: () => void (told.changes += 1), hear: (listener) => (heard = listener) },
    now: () => 0,
  }
  return {
    store: new ModelStore(ports),
    calls,
    kept,
    sizes,
    preferences,
    told,
    otherTabChanged: () => heard(),
    /** The newest call of the method, once it was made. */
    next: async (method: keyof ModelDoor): Promise<DoorCall> => {
      for (let attempt = 0; attempt < 100; attempt += 1) {
        const found = calls.findLast((one) => one.method === method)
        if (found) return found
        await new Promise((later) => setTimeout(later))
      }
      throw new Error(`${method} was not called`)
    },
  }
}

/** Answers with the record, which the database lists from then on. */
export function answerStored(
  { kept }: Pick<ReturnType<typeof newModelStore>, 'kept'>,
  call: DoorCall,
  model: StoredModel,
): void {
  kept.set(model.id, model)
  call.answer(success(model))
}

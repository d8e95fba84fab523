/** The models page over a hand-driven model worker and engine. */
import { EngineStore } from '#app/engine.svelte'
import type { ModelDoor } from '#app/model-client'
import { ModelStore } from '#app/model-store.svelte'
import { Models } from '#app/models.svelte'
import { Notices } from '#app/notices.svelte'
import type { Stores } from '#app/stores'
import { parseCatalog } from '#core/catalog'
import type { ModelResult } from '#core/model/failure'
import type { ModelPlan, StoredFile, StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { Locale, type Language } from '#i18n/locale.svelte'
import type { ModelProgress } from '#worker/model-api'
import catalogJson from '../../models.json'
import { DEVICE, HandDrivenEngine } from './chat-fixture'
import { anyHost, unlocked } from '../any-host'

const HASH = '5'.repeat(64)
const NOON = Date.UTC(2026, 10, 21, 12)

export function storedFile(path: string, bytes: number, changes: Partial<StoredFile> = {}): StoredFile {
  return {
    path,
    role: 'weights',
    bytes,
    expected: { algorithm: 'sha256', hex: HASH },
    url: `https://huggingface.co/example/model/resolve/main/${path}`,
    state: 'verified',
    sha256: HASH,
    etag: null,
    ...changes,
  }
}

/** A complete own GGUF model from an address; `changes` make it another. */
export function storedModel(changes: Partial<StoredModel> = {}): StoredModel {
  return {
    id: 'own/ward-assistant' as StoredModelId,
    name: 'Ward assistant',
    catalog: null,
    architecture: 'qwen2',
    quantization: 'Q4_K_M',
    parameters: 494e6,
    contextTokens: 4096,
    memoryMB: 680,
    runtime: { engine: 'wllama' },
    origin: {
      kind: 'remote',
      address: 'https://huggingface.co/example/model',
      revision: '0123456789abcdef0123456789abcdef01234567',
    },
    files: [storedFile('model.gguf', 491e6)],
    fingerprint: HASH,
    addedAt: NOON,
    completedAt: NOON,
    verifiedAt: NOON,
    lastUsedAt: null,
    ...changes,
  }
}

/** What an inspection would find: an own model without what storing it tells. */
export function modelPlan(changes: Partial<ModelPlan> = {}): ModelPlan {
  const { id, name, catalog, architecture, quantization, parameters, contextTokens, memoryMB } = storedModel()
  return {
    ...{ id, name, catalog, architecture, quantization, parameters, contextTokens, memoryMB },
    runtime: { engine: 'wllama' },
    origin: { kind: 'files', name: 'ward.gguf' },
    files: [{ path: 'ward.gguf', role: 'weights', bytes: 491e6, expected: null, url: null }],
    ...changes,
  }
}

/** One call of the page to the worker, which the test answers. */
export interface DoorCall {
  method: string
  args: readonly unknown[]
  report(progress: ModelProgress): void
  answer(result: ModelResult<unknown>): Promise<void>
}

export interface Desk {
  stores: Stores
  modelStore: ModelStore
  engine: HandDrivenEngine
  calls: DoorCall[]
  /** The call of this method that is open, once it has been made. */
  call(method: string): DoorCall
  /** What the database lists from now on. */
  keep(models: StoredModel[]): void
}

export interface DeskOptions {
  models?: StoredModel[]
  language?: Language
  /** Bytes on disk of a model, where they are not those of its verified files. */
  bytes?: Record<string, number>
  persisted?: boolean
  grants?: boolean
  quotaBytes?: number
}

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { language = 'en', bytes = {}, persisted = false, grants = false, quotaBytes = 60e9 } = options
  let kept = options.models ?? []
  const calls: DoorCall[] = []
  const onDisk = (model: StoredModel) =>
    bytes[model.id] ??
    model.files.reduce((sum, file) => sum + (file.state === 'absent' ? 0 : (file.bytes ?? 0)), 0)

  const open = (method: string) =>
    ((...args: unknown[]) =>
      new Promise((resolve) => {
        const signal = args.find((arg) => arg instanceof AbortSignal)
        const report = args.find((arg) => typeof arg === 'function') as DoorCall['report'] | undefined
        signal?.addEventListener('abort', () => resolve(failure({ kind: 'aborted' })))
        calls.push({
          method,
          args,
          report: (progress) => report?.(progress),
          async answer(result) {
            resolve(result)
            await new Promise((later) => setTimeout(later))
          },
        })
      })) as never

  const door: ModelDoor = {
    inspect: open('inspect'),
    look: open('look'),
    convertRemote: open('convertRemote'),
    download: open('download'),
    resume: open('resume'),
    verify: open('verify'),
    inspectFiles: open('inspectFiles'),
    importFiles: open('importFiles'),
    inspectCheckpoint: open('inspectCheckpoint'),
    convertFiles: open('convertFiles'),
    engineFiles: open('engineFiles'),
    exportFolder: open('exportFolder'),
    exportArchive: open('exportArchive'),
    remove(id) {
      calls.push({ method: 'remove', args: [id], report: () => undefined, answer: () => Promise.resolve() })
      kept = kept.filter((model) => model.id !== id)
      return Promise.resolve(success(undefined))
    },
  }
  const preferences = new Map<string, unknown>()
  const modelStore = new ModelStore({
    hosts: anyHost,
    door,
    database: { list: () => Promise.resolve(kept) },
    preferences: {
      get: (key: string) => Promise.resolve(preferences.get(key)),
      set: (key: string, value: unknown) => Promise.resolve(void preferences.set(key, value)),
      remove: (key: string) => Promise.resolve(void preferences.delete(key)),
    },
    files: {
      storedBytes(id) {
        const model = kept.find((known) => known.id === id)
        return Promise.resolve(new Map(model ? [['all of it', onDisk(model)]] : []))
      },
    },
    storageStatus: () => {
      const usedBytes = kept.reduce((sum, model) => sum + onDisk(model), 2e6)
      return Promise.resolve({ estimate: { usedBytes, quotaBytes }, persisted })
    },
    requestPersistence: () => Promise.resolve(grants),
    channel: { tell: () => undefined, hear: () => undefined },
    now: () => performance.now(),
  })
  await modelStore.restore()

  const catalog = parseCatalog(catalogJson)
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.failure))
  const engine = new HandDrivenEngine()
  const engineStore = new EngineStore(engine)
  const models = new Models({
    catalog: catalog.value,
    engine: engineStore,
    preferences: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    probe: () => Promise.resolve(DEVICE),
    store: modelStore,
  })
  await models.restore()
  const stores = {
    locale: new Locale(language),
    notices: new Notices(),
    engine: engineStore,
    models,
    modelStore,
    privacy: unlocked,
  } as Partial<Stores> as Stores
  return {
    stores,
    modelStore,
    engine,
    calls,
    call(method) {
      const found = calls.findLast((call) => call.method === method)
      if (!found)
        throw new Error(`${method} was not called; only ${calls.map((call) => call.method).join(', ')}`)
      return found
    },
    keep(models) {
      kept = models
    },
  }
}

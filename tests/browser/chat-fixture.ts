import { Chats } from '#app/chats.svelte'
import { Draft } from '#app/draft.svelte'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import { Models, type ModelsPorts } from '#app/models.svelte'
import { Notices } from '#app/notices.svelte'
import type { Stores } from '#app/stores'
import { parseCatalog } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import type { ConversationId } from '#core/chat/types'
import type {
  EngineDescription,
  EngineResult,
  Generation,
  GenerationEvent,
  GenerationRequest,
  LoadProgress,
  LoadRequest,
} from '#core/engine'
import { planOf } from '#core/model/catalog-plan'
import { recordOf } from '#core/model/record'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { ChatDatabase } from '#data/db/chats'
import { Preferences } from '#data/db/preferences'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { Locale, type Language } from '#i18n/locale.svelte'
import catalogJson from '../../models.json'
import { withoutGpu } from '../fixtures/device'

export const DESCRIPTION: EngineDescription = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: '00',
  contextTokens: 1000,
}

export const DEVICE: DeviceCapabilities = { ...withoutGpu('no-adapter'), systemMemoryGB: 8 }

/** An engine that does what the test says, when it says so. */
export class HandDrivenEngine implements LosableEngine {
  onLost: LosableEngine['onLost'] = () => undefined
  /** What it was asked to load, and to generate. */
  readonly loads: LoadRequest[] = []
  readonly requests: GenerationRequest[] = []
  /** Set to keep a load waiting. */
  loading: Promise<EngineResult<EngineDescription>> = Promise.resolve(success(DESCRIPTION))
  report: (progress: LoadProgress) => void = () => undefined
  #emit: (event: GenerationEvent) => void = () => undefined
  #finish: (result: EngineResult<Generation>) => void = () => undefined
  #text = ''
  #tokens = 0

  load(request: LoadRequest, onProgress: (progress: LoadProgress) => void, signal: AbortSignal) {
    this.loads.push(request)
    this.report = onProgress
    const aborted = new Promise<EngineResult<EngineDescription>>((resolve) => {
      signal.addEventListener('abort', () => resolve(failure({ kind: 'aborted' })))
    })
    return Promise.race([this.loading, aborted])
  }

  generate(request: GenerationRequest, onEvent: (event: GenerationEvent) => void, signal: AbortSignal) {
    this.requests.push(request)
    this.#emit = onEvent
    this.#text = ''
    this.#tokens = 0
    return new Promise<EngineResult<Generation>>((resolve) => {
      this.#finish = resolve
      signal.addEventListener('abort', () => {
        if (this.#text === '') resolve(failure({ kind: 'aborted' }))
        else this.end('abort')
      })
    })
  }

  scoreLetters() {
    return Promise.resolve(failure({ kind: 'not-loaded' } as const))
  }

  unload(): Promise<void> {
    return Promise.resolve()
  }

  say(text: string): void {
    if (this.#tokens === 0) this.#emit({ kind: 'prompt-processed', promptTokens: 9, timeToFirstTokenMs: 5 })
    this.#text += text
    this.#emit({ kind: 'text', text, completionTokens: (this.#tokens += 1) })
  }

  end(finish: Generation['finish'] = 'stop'): void {
    const generation = { text: this.#text, finish, promptTokens: 9, completionTokens: this.#tokens }
    this.#finish(success({ ...generation, timeToFirstTokenMs: 5, decodeMs: 20 }))
  }

  fail(result: Extract<EngineResult<Generation>, { ok: false }>['failure']): void {
    this.#finish(failure(result))
  }
}

/** One browser tab over a database: its own connection, stores and engine. */
export interface Tab {
  engine: HandDrivenEngine
  models: Models
  chats: Chats
  database: SomnusDatabase
  stores: Stores
}

export async function openTab(
  databaseName: string,
  { language = 'en', device = DEVICE }: { language?: Language; device?: DeviceCapabilities } = {},
): Promise<Tab> {
  const catalog = parseCatalog(catalogJson)
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.failure))
  const database = await openDatabase(
    { onBlocked: () => undefined, onOutdated: () => undefined },
    databaseName,
  )
  const preferences = new Preferences(database)
  const engine = new HandDrivenEngine()
  const engineStore = new EngineStore(engine)
  const models = new Models({
    catalog: catalog.value,
    engine: engineStore,
    preferences,
    probe: () => Promise.resolve(device),
    store: instantStore(),
  })
  await models.restore()
  const chats = new Chats({
    database: new ChatDatabase(database),
    draft: new Draft(preferences),
    engine: engineStore,
    loaded: () => models.loaded,
    systemMessage: () => 'Be brief.',
    now: () => Date.now(),
    newId: () => crypto.randomUUID() as ConversationId,
    newSeed: () => 1,
  })
  await chats.restore()
  const stores = {
    locale: new Locale(language),
    notices: new Notices(),
    engine: engineStore,
    models,
    chats,
  } as Partial<Stores> as Stores
  return { engine, models, chats, database, stores }
}

/** A model store whose downloads of GGUF files are done at once. */
function instantStore(): ModelsPorts['store'] {
  const stored = new Map<StoredModelId, StoredModel>()
  return {
    models: [],
    space: null,
    storedBytes: () => 0,
    find: () => undefined,
    job: () => undefined,
    resume: () => Promise.resolve(failure({ kind: 'unknown-model' })),
    download(model, variant) {
      const record = recordOf(planOf(model, variant, null), undefined, 0)
      const files = record.files.map((file) => ({ ...file, state: 'verified' as const, sha256: '00' }))
      stored.set(record.id, { ...record, files, fingerprint: '00' })
      return Promise.resolve(success({ ...record, files }))
    },
    engineFiles(id) {
      const model = stored.get(id)
      if (!model) return Promise.resolve(failure({ kind: 'unknown-model' }))
      return Promise.resolve(
        success({ model, files: model.files.map(({ path }) => ({ path, file: new File([], path) })) }),
      )
    },
  }
}

export const BUILT_IN = { modelId: 'formulary', variantId: 'q8_0' }
export const QWEN_CPU = { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' }

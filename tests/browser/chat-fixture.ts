import { openChatTools } from '#app/chat-tools'
import { Chats } from '#app/chats.svelte'
import { Drafts } from '#app/drafts.svelte'
import { ModelChannel } from '#app/model-channel'
import { EngineUse } from '#app/engine-use.svelte'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import type { ModelDoor } from '#app/model-client'
import { ModelStore } from '#app/model-store.svelte'
import { Models } from '#app/models.svelte'
import { Notices } from '#app/notices.svelte'
import { Reading } from '#app/reading.svelte'
import { openNumerics } from '#app/numerics.svelte'
import type { Stores } from '#app/stores'
import { WritingLocks } from '#app/writing-locks'
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
import type { PromptReading } from '#core/numerics/types'
import { recordOf } from '#core/model/record'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { ChatDatabase } from '#data/db/chats'
import { DraftDatabase } from '#data/db/drafts'
import { Preferences } from '#data/db/preferences'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { Locale, type Language } from '#i18n/locale.svelte'
import catalogJson from '../../models.json'
import { withoutGpu } from '../fixtures/device'
import { NO_HASHES } from '../run-defaults'
import { anyHost, unlocked } from '../any-host'

export const DESCRIPTION: EngineDescription = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: '00',
  contextTokens: 1000,
  ...NO_HASHES,
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

  scoreReward() {
    return Promise.resolve(failure({ kind: 'not-loaded' } as const))
  }

  renderPrompt() {
    return Promise.resolve(failure({ kind: 'not-loaded' } as const))
  }

  unload(): Promise<void> {
    return Promise.resolve()
  }

  kill(): void {
    this.onLost({ kind: 'worker-lost', detail: 'killed' })
  }

  say(text: string): void {
    if (this.#tokens === 0) this.#emit({ kind: 'prompt-processed', promptTokens: 9, timeToFirstTokenMs: 5 })
    this.#text += text
    this.#emit({ kind: 'text', text, completionTokens: (this.#tokens += 1) })
  }

  end(finish: Generation['finish'] = 'stop', reading?: PromptReading): void {
    const generation = { text: this.#text, finish, promptTokens: 9, completionTokens: this.#tokens }
    const measured = { timeToFirstTokenMs: 5, decodeMs: 20, ...(reading && { reading }) }
    this.#finish(success({ ...generation, ...measured }))
  }

  fail(result: Extract<EngineResult<Generation>, { ok: false }>['failure']): void {
    this.#finish(failure(result))
  }
}

/** One browser tab over a database: its own connection, stores and engine. */
export interface Tab {
  engine: HandDrivenEngine
  use: EngineUse
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
  const modelStore = instantStore(preferences)
  const models = new Models({
    catalog: catalog.value,
    engine: engineStore,
    preferences,
    probe: () => Promise.resolve(device),
    store: modelStore,
  })
  await models.restore()
  const chats = new Chats({
    database: new ChatDatabase(database),
    channel: new ModelChannel(databaseName),
    draft: new Drafts({ database: new DraftDatabase(database), now: () => Date.now() }),
    writingLocks: new WritingLocks(navigator.locks),
    preferences,
    engine: engineStore,
    loaded: () => models.loaded,
    texts: () => ({
      systemMessage: 'Be brief.',
      summaryTitle: 'Earlier:',
      summaryInstruction: 'Summarise.',
      summaryUser: 'User',
      summaryModel: 'Model',
    }),
    now: () => Date.now(),
    newId: () => crypto.randomUUID() as ConversationId,
    newSeed: () => 1,
  })
  await chats.restore()
  const locale = new Locale(language)
  const use = new EngineUse(engineStore)
  use.enter(chats, { measures: false })
  const tools = { database, preferences, engine: engineStore, use, models, chats, locale }
  const stores = {
    locale,
    notices: new Notices(),
    engine: engineStore,
    models,
    modelStore,
    chats,
    numerics: () =>
      openNumerics({
        preferences,
        engine: engineStore,
        device: () => device,
        userAgent: navigator.userAgent,
      }),
    chatTools: () => openChatTools({ ...tools, runs: { load: () => Promise.resolve(null) } }),
    reading: new Reading(preferences),
    privacy: unlocked,
  } as Partial<Stores> as Stores
  return { engine, use, models, chats, database, stores }
}

/** A model store whose downloads are done at once; nothing else can be asked of its worker. */
function instantStore(preferences: Preferences): ModelStore {
  const stored = new Map<StoredModelId, StoredModel>()
  const unasked = () => Promise.resolve(failure({ kind: 'unknown-model' } as const))
  const door: ModelDoor = {
    inspect: unasked,
    look: unasked,
    convertRemote: unasked,
    resume: unasked,
    verify: unasked,
    remove: unasked,
    inspectFiles: unasked,
    importFiles: unasked,
    inspectCheckpoint: unasked,
    convertFiles: unasked,
    exportFolder: unasked,
    exportArchive: unasked,
    download(plan) {
      const record = recordOf(plan, undefined, 0)
      const files = record.files.map((file) => ({ ...file, state: 'verified' as const, sha256: '00' }))
      const model = { ...record, files, fingerprint: '00', completedAt: 0 }
      stored.set(model.id, model)
      return Promise.resolve(success(model))
    },
    engineFiles(id) {
      const model = stored.get(id)
      if (!model) return unasked()
      const files = model.files.map(({ path }) => ({ path, file: new File([], path) }))
      return Promise.resolve(success({ model, files }))
    },
  }
  return new ModelStore({
    hosts: anyHost,
    door,
    database: { list: () => Promise.resolve([...stored.values()]) },
    files: { storedBytes: () => Promise.resolve(new Map()) },
    preferences,
    storageStatus: () => Promise.resolve({ estimate: null, persisted: false }),
    requestPersistence: () => Promise.resolve(false),
    channel: { tell: () => undefined, hear: () => undefined },
    now: () => performance.now(),
  })
}

export const BUILT_IN = { modelId: 'formulary', variantId: 'q8_0' }
export const QWEN_CPU = { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' }

/** The model store over its real worker and the browser's real private file system. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EngineClient } from '#app/engine-client'
import { EngineStore } from '#app/engine.svelte'
import { ModelChannel } from '#app/model-channel'
import { ModelClient } from '#app/model-client'
import { ModelStore } from '#app/model-store.svelte'
import { Models } from '#app/models.svelte'
import { parseCatalog } from '#core/catalog'
import {
  stateOf,
  type ModelFile,
  type ModelPlan,
  type StoredModel,
  type StoredModelId,
} from '#core/model/stored'
import { failure, type Result } from '#core/result'
import { ModelDatabase } from '#data/db/models'
import { Preferences } from '#data/db/preferences'
import { openDatabase } from '#data/db/schema'
import { probeDevice } from '#data/device'
import { ModelFiles } from '#data/model-files'
import catalogJson from '../../models.json'
import { flipByte, shorten } from './damaged-files'
import { question } from './engine-fixture'
import { anyHost } from '../any-host'

const site = (path: string) => new URL(path, location.origin).href
const GGUF = site('/models/formulary.gguf')
const ENGLISH = site('/datasets/formulary_en.json')
const CHINESE = site('/datasets/formulary_zh.json')

/** Tells of each progress once the store has it. */
class WatchedClient extends ModelClient {
  onProgress: () => unknown = () => undefined

  override download(...[plan, access, report, signal]: Parameters<ModelClient['download']>) {
    const follow: typeof report = (progress) => {
      report(progress)
      this.onProgress()
    }
    return super.download(plan, access, follow, signal)
  }
}

interface Tab {
  store: ModelStore
  door: WatchedClient
  database: ModelDatabase
  preferences: Preferences
  workers: Worker[]
  close(): void
}

let databaseName: string
let id: StoredModelId
let tabs: Tab[]
/** The addresses that the worker asked for. */
let requests: string[]
let channel: BroadcastChannel

beforeEach(() => {
  databaseName = `test-models-${crypto.randomUUID()}`
  id = `own/test-${crypto.randomUUID()}` as StoredModelId
  tabs = []
  requests = []
  channel = new BroadcastChannel('test-requests')
  channel.onmessage = ({ data }) => requests.push(data as string)
})
afterEach(async () => {
  await new ModelFiles().remove(id)
  for (const tab of tabs) tab.close()
  channel.close()
  indexedDB.deleteDatabase(databaseName)
})

async function openTab(): Promise<Tab> {
  const opened = await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, databaseName)
  const workers: Worker[] = []
  const changes = new ModelChannel(databaseName)
  const database = new ModelDatabase(opened)
  const preferences = new Preferences(opened)
  const door = new WatchedClient({
    hosts: anyHost,
    databaseName,
    spawn() {
      const url = new URL('./counted-model-worker.ts', import.meta.url)
      const worker = new Worker(url, { type: 'module' })
      workers.push(worker)
      return worker
    },
  })
  const store = new ModelStore({
    hosts: anyHost,
    door,
    database,
    files: new ModelFiles(),
    preferences,
    storageStatus: () => Promise.resolve({ estimate: null, persisted: false }),
    requestPersistence: () => Promise.resolve(false),
    channel: changes,
    now: () => performance.now(),
  })
  await store.restore()
  const tab: Tab = {
    store,
    door,
    database,
    preferences,
    workers,
    close() {
      for (const worker of workers) worker.terminate()
      changes.close()
      opened.close()
    },
  }
  tabs.push(tab)
  return tab
}

async function fileAt(url: string, path: string, role: ModelFile['role']): Promise<ModelFile> {
  const bytes = (await (await fetch(url)).arrayBuffer()).byteLength
  return { path, role, bytes, expected: null, url }
}

/** Adds a model, and forgets what was asked for once all of that is told; it comes by another way than the outcome. */
async function addUnwatched(store: ModelStore, plan: ModelPlan): Promise<StoredModel> {
  const added = valueOf(await store.add(plan))
  await expect.poll(() => new Set(requests)).toEqual(new Set(plan.files.map(({ url }) => url)))
  requests = []
  return added
}

/** A model of three files; only the first is a real one. */
async function newPlan(): Promise<ModelPlan> {
  return {
    id,
    name: 'Test',
    catalog: null,
    architecture: 'qwen2',
    quantization: 'Q8_0',
    parameters: 224_704,
    contextTokens: 1024,
    memoryMB: 100,
    runtime: { engine: 'wllama' },
    origin: { kind: 'remote', address: GGUF, revision: null },
    files: [
      await fileAt(GGUF, 'weights.gguf', 'weights'),
      await fileAt(ENGLISH, 'tokenizer/en.json', 'tokenizer'),
      await fileAt(CHINESE, 'tokenizer/zh.json', 'tokenizer'),
    ],
  }
}

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

const damaged = ({ files }: StoredModel) =>
  files.filter(({ state }) => state === 'damaged').map(({ path }) => path)

describe('a download', () => {
  test('ends with every file verified, a fingerprint and the bytes of the source', async () => {
    const { store } = await openTab()
    const model = valueOf(await store.add(await newPlan()))
    expect(stateOf(model)).toBe('complete')
    expect(model.fingerprint).toBe(model.files[0]?.sha256)
    expect(model.verifiedAt).not.toBeNull()
    expect(store.models).toEqual([model])
    expect(store.jobs).toEqual([])

    const { files } = valueOf(await store.engineFiles(id))
    expect(files.map(({ path }) => path)).toEqual(['weights.gguf', 'tokenizer/en.json', 'tokenizer/zh.json'])
    expect(await files[1]!.file.text()).toBe(await (await fetch(ENGLISH)).text())
    expect(store.storedBytes(id)).toBe(files.reduce((sum, { file }) => sum + file.size, 0))
    expect(store.find(id)?.lastUsedAt).toBeGreaterThan(0)
  })

  test('tells its progress, and other tabs what came of it', async () => {
    const [one, other] = [await openTab(), await openTab()]
    const seen = new Set<string | undefined>()
    one.door.onProgress = () => seen.add(one.store.job(id)?.progress?.kind)
    await one.store.add(await newPlan())
    expect(seen).toContain('downloading')
    await expect.poll(() => other.store.find(id)?.completedAt).toBeGreaterThan(0)
  })

  test('of something that is not there ends with the reason, which can be dismissed', async () => {
    const { store } = await openTab()
    const plan = await newPlan()
    plan.files[0] = { ...plan.files[0]!, url: site('/no/such/file.gguf'), bytes: 5 }
    // The development server answers everything; what it gives has another length.
    expect(await store.add(plan)).toMatchObject({ ok: false })
    expect(store.failure(id)).toMatchObject({ kind: expect.any(String) as string })
    expect(stateOf(store.find(id)!)).toBe('incomplete')
    store.dismissFailure(id)
    expect(store.failure(id)).toBeUndefined()
  })

  test('that was killed right after its last file is complete at the next load', async () => {
    const { store, database } = await openTab()
    const whole = valueOf(await store.add(await newPlan()))
    await database.put({ ...whole, fingerprint: null, completedAt: null, verifiedAt: null })
    expect(valueOf(await store.engineFiles(id)).model.fingerprint).toBe(whole.fingerprint)
  })

  test('of another version keeps what did not change and fetches the rest', async () => {
    const { store } = await openTab()
    const plan = await newPlan()
    await addUnwatched(store, plan)
    const [weights, english] = plan.files
    await store.add({ ...plan, files: [weights!, { ...english!, path: 'config.json', role: 'config' }] })
    await expect.poll(() => requests).toEqual([ENGLISH])
    expect([...(await new ModelFiles().storedBytes(id)).keys()].sort()).toEqual([
      'config.json',
      'weights.gguf',
    ])
  })
})

describe('verification', () => {
  test('names the one file with a wrong bit, and repair fetches only that', async () => {
    const { store } = await openTab()
    const whole = await addUnwatched(store, await newPlan())
    await flipByte(id, 'tokenizer/en.json', 1234)
    const checked = valueOf(await store.verify(id))
    expect(damaged(checked)).toEqual(['tokenizer/en.json'])
    expect(stateOf(store.find(id)!)).toBe('damaged')
    expect(requests).toEqual([])

    const repaired = valueOf(await store.repair(id))
    await expect.poll(() => requests).toEqual([ENGLISH])
    expect(stateOf(repaired)).toBe('complete')
    expect(repaired.files.map(({ sha256 }) => sha256)).toEqual(whole.files.map(({ sha256 }) => sha256))
    expect(damaged(valueOf(await store.verify(id)))).toEqual([])
  })

  test('takes a file that is whole again for what it is', async () => {
    const { store } = await openTab()
    await store.add(await newPlan())
    await flipByte(id, 'weights.gguf', 99)
    expect(damaged(valueOf(await store.verify(id)))).toEqual(['weights.gguf'])
    await flipByte(id, 'weights.gguf', 99)
    expect(stateOf(valueOf(await store.verify(id)))).toBe('complete')
  })

  test('is what a load does of sizes: a file cut short is told and marked', async () => {
    const { store } = await openTab()
    await store.add(await newPlan())
    await shorten(id, 'weights.gguf', 1000)
    expect(await store.engineFiles(id)).toMatchObject(
      failure({ kind: 'wrong-size', path: 'weights.gguf', actualBytes: 1000 }),
    )
    expect(damaged(store.find(id)!)).toEqual(['weights.gguf'])
  })

  test('is refused while another tab works on the model', async () => {
    const { store } = await openTab()
    await store.add(await newPlan())
    await navigator.locks.request(`somnus/model/${id}`, async () => {
      expect(await store.verify(id)).toEqual(failure({ kind: 'busy-elsewhere' }))
      expect(await store.remove(id)).toEqual(failure({ kind: 'busy-elsewhere' }))
    })
    expect(await store.verify(id)).toMatchObject({ ok: true })
  })
})

describe('space', () => {
  test('is freed by removal', async () => {
    const { store, database } = await openTab()
    await store.add(await newPlan())
    expect((await new ModelFiles().storedBytes(id)).size).toBe(3)
    expect(await store.remove(id)).toMatchObject({ ok: true })
    expect(await new ModelFiles().list()).not.toContain(id)
    expect(await database.get(id)).toBeUndefined()
    expect(store.models).toEqual([])
    expect(store.storedBytes(id)).toBe(0)
  })

  test('of folders without a record and of earlier versions is freed at the first call', async () => {
    const root = await navigator.storage.getDirectory()
    const folders = await root.getDirectoryHandle('models', { create: true })
    const orphan = await folders.getDirectoryHandle(encodeURIComponent(id), { create: true })
    await orphan.getFileHandle('weights.gguf', { create: true })
    await root.getDirectoryHandle('gguf', { create: true })
    await (await caches.open('webllm/model')).put('/shard', new Response('x'))
    const { store } = await openTab()
    await store.verify('own/none' as StoredModelId)
    await store.engineFiles('own/none' as StoredModelId)
    await expect.poll(() => new ModelFiles().list()).not.toContain(id)
    await expect.poll(() => caches.has('webllm/model')).toBe(false)
    await expect(root.getDirectoryHandle('gguf')).rejects.toMatchObject({ name: 'NotFoundError' })
  })
})

describe('a worker that dies', () => {
  test('is told, and the next call has a new one', async () => {
    const { store, workers } = await openTab()
    await store.add(await newPlan())
    const verifying = store.verify(id)
    for (const worker of workers) worker.terminate()
    expect(await verifying).toMatchObject(failure({ kind: 'worker-lost' }))
    expect(await store.verify(id)).toMatchObject({ ok: true })
    expect(workers).toHaveLength(2)
  })
})

test('a stored model is listed with the others and answers', async () => {
  const { store, preferences } = await openTab()
  const plan = await newPlan()
  await store.add({ ...plan, files: plan.files.slice(0, 1) })
  const catalog = parseCatalog(catalogJson)
  if (!catalog.ok) throw new Error('models.json')
  const engine = new EngineStore(new EngineClient())
  const models = new Models({ catalog: catalog.value, engine, preferences, probe: probeDevice, store })
  await models.restore()
  const choice = { modelId: id, variantId: 'q8_0' }
  expect(models.find(choice)?.model.name).toBe('Test')
  const fingerprint = store.find(id)?.fingerprint
  expect(await models.load(choice)).toMatchObject({ ok: true, value: { fingerprint } })
  expect(models.loaded?.model.availability.kind).toBe('own')
  const asked = { messages: question, maxTokens: 8, temperature: 0, topP: 1, seed: 0 }
  const reply = await engine.generate(asked, () => undefined, new AbortController().signal)
  expect(valueOf(reply).text).not.toBe('')
  await models.unload()
  await models.restore()
  expect(models.lastChoice).toEqual(choice)
})

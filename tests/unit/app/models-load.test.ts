import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import { Models } from '#app/models.svelte'
import { parseCatalog } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import type { EngineDescription, LoadRequest } from '#core/engine'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { newPlan, newRecord } from '../model/records'
import { answerStored, newModelStore } from './hand-driven-door'

const QWEN = { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' }
const QWEN_ID = 'qwen2.5-0.5b-instruct/q4_k_m' as StoredModelId
const qwen = newRecord(newPlan({ id: QWEN_ID, name: 'Qwen2.5-0.5B-Instruct', catalog: QWEN }))
const own = newRecord(newPlan())
const OWN = { modelId: 'own/ward', variantId: 'q4_k_m' }

const device: DeviceCapabilities = {
  browser: { family: 'chrome', version: null, system: 'linux' },
  webgpu: { kind: 'unavailable', reason: 'no-api' },
  wasm: { simd: true, memory64: true, jspi: true },
  storage: { estimate: null, persisted: false },
  systemMemoryGB: 8,
  threads: 8,
  crossOriginIsolated: true,
}

async function newModels(...records: StoredModel[]) {
  const desk = newModelStore(records)
  await desk.store.restore()
  const loads: LoadRequest[] = []
  const description: EngineDescription = {
    engine: 'wllama',
    engineVersion: '1',
    device: 'test',
    fingerprint: 'f',
    contextTokens: 1,
  }
  const engine: LosableEngine = {
    onLost: () => undefined,
    load(request) {
      loads.push(request)
      return Promise.resolve(success(description))
    },
    generate: () => Promise.resolve(failure({ kind: 'not-loaded' })),
    scoreLetters: () => Promise.resolve(failure({ kind: 'not-loaded' })),
    unload: () => Promise.resolve(),
  }
  const catalog = parseCatalog(catalogJson)
  if (!catalog.ok) throw new Error('models.json')
  const preferences = new Map<string, unknown>()
  const models = new Models({
    catalog: catalog.value,
    engine: new EngineStore(engine),
    preferences: {
      get: (name) => Promise.resolve(preferences.get(name)),
      set: (name, value) => Promise.resolve(void preferences.set(name, value)),
    },
    probe: () => Promise.resolve(device),
    store: desk.store,
  })
  await models.restore()
  return { ...desk, models, loads, description }
}

const filesOf = (model: StoredModel) =>
  success({ model, files: model.files.map(({ path }) => ({ path, file: new File([], path) })) })

describe('load', () => {
  it('downloads what is not stored, then gives the engine its file', async () => {
    const desk = await newModels()
    const loading = desk.models.load(QWEN)
    const download = await desk.next('download')
    download.report({ kind: 'downloading', loadedBytes: 1, totalBytes: 2, waiting: null })
    expect(desk.models.awaited).toEqual(QWEN)
    expect(desk.models.awaitedJob?.progress).toMatchObject({ loadedBytes: 1 })
    expect(desk.loads).toEqual([])
    answerStored(desk, download, qwen)
    ;(await desk.next('engineFiles')).answer(filesOf(qwen))
    expect(await loading).toEqual(success(desk.description))
    expect(desk.loads).toMatchObject([{ source: { kind: 'gguf-file', file: { name: 'ward.gguf' } } }])
    expect(desk.models.awaited).toBeNull()
    expect(desk.models.loaded?.model.id).toBe(QWEN.modelId)
    expect(desk.models.lastChoice).toEqual(QWEN)
  })

  it('downloads nothing that is stored, and nothing for a file of the site', async () => {
    const { models, next, calls, loads } = await newModels(qwen)
    const loading = models.load(QWEN)
    ;(await next('engineFiles')).answer(filesOf(qwen))
    expect(await loading).toMatchObject({ ok: true })
    await models.load({ modelId: 'formulary', variantId: 'q8_0' })
    expect(loads.at(-1)?.source).toMatchObject({ kind: 'gguf-url', url: 'models/formulary.gguf' })
    expect(calls.map(({ method }) => method)).toEqual(['engineFiles'])
  })

  it('repairs a damaged model first', async () => {
    const broken = { ...qwen, files: qwen.files.map((file) => ({ ...file, state: 'damaged' as const })) }
    const desk = await newModels(broken)
    void desk.models.load(QWEN)
    expect((await desk.next('resume')).args[0]).toBe(QWEN_ID)
  })

  it('says why a download failed', async () => {
    const { models, next, loads } = await newModels()
    const loading = models.load(QWEN)
    const reason = { kind: 'offline', url: 'https://huggingface.co/x' } as const
    ;(await next('download')).answer(failure(reason))
    expect(await loading).toEqual(failure({ kind: 'model-unavailable', failure: reason }))
    expect(models.awaited).toBeNull()
    expect(loads).toEqual([])
  })

  it('says which stored file is not as it was', async () => {
    const { models, next } = await newModels(qwen)
    const loading = models.load(QWEN)
    const reason = { kind: 'wrong-size', path: 'w', url: null, expectedBytes: 2, actualBytes: 1 } as const
    ;(await next('engineFiles')).answer(failure(reason))
    expect(await loading).toEqual(failure({ kind: 'model-unavailable', failure: reason }))
  })

  it('that is cancelled pauses the download it began', async () => {
    const { models, store, next } = await newModels()
    const loading = models.load(QWEN)
    await next('download')
    models.cancelLoad()
    expect(await loading).toEqual(failure({ kind: 'aborted' }))
    expect(store.jobs).toEqual([])
  })

  it('gives way to another load, and its download goes on', async () => {
    const desk = await newModels()
    const first = desk.models.load(QWEN)
    const download = await desk.next('download')
    expect(await desk.models.load({ modelId: 'formulary', variantId: 'q8_0' })).toMatchObject({ ok: true })
    expect(desk.store.jobs).toHaveLength(1)
    answerStored(desk, download, qwen)
    ;(await desk.next('engineFiles')).answer(filesOf(qwen))
    expect(await first).toEqual(failure({ kind: 'aborted' }))
    expect(desk.models.loaded?.model.id).toBe('formulary')
  })

  it('refuses before the download what cannot run here', async () => {
    const { models, calls } = await newModels()
    const result = await models.load({ modelId: QWEN.modelId, variantId: 'q4f16_1' })
    expect(result).toMatchObject(failure({ kind: 'webgpu-unavailable' }))
    expect(calls).toEqual([])
  })
})

describe('models of the user’s', () => {
  it('follow the catalogue’s and load by their ids', async () => {
    const { models, next } = await newModels(own, qwen)
    expect(models.records.filter(({ availability }) => availability.kind === 'own')).toMatchObject([
      { id: 'own/ward', name: 'Ward' },
    ])
    const loading = models.load(OWN)
    ;(await next('engineFiles')).answer(filesOf(own))
    expect(await loading).toMatchObject({ ok: true })
    expect(models.loaded).toMatchObject({ model: { id: 'own/ward' }, variant: { storedId: 'own/ward' } })
    expect(models.lastChoice).toEqual(OWN)
  })

  it('include a variant that the catalogue has no longer', async () => {
    const gone = { ...qwen, id: 'old/q4' as StoredModelId, catalog: { modelId: 'old', variantId: 'q4' } }
    const { models } = await newModels(gone)
    expect(models.records.at(-1)).toMatchObject({ id: 'old/q4', availability: { kind: 'own' } })
  })

  it('are found as stored, like the catalogue’s', async () => {
    const { models } = await newModels(own, qwen)
    for (const [choice, stored] of [
      [OWN, own],
      [QWEN, qwen],
    ] as const) {
      const found = models.find(choice)
      expect(found && models.stored(found.model, found.variant)).toBe(stored)
    }
  })
})

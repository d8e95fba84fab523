import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { parseCatalog, variantsOf, type CatalogModel, type CatalogVariant } from '#core/catalog'
import { failure, success } from '#core/result'
import { newPlan, newRecord } from '../model/records'
import { answerStored, newModelStore } from './hand-driven-door'

const record = newRecord(newPlan())
const { id } = record

function shipped(variantId: string): [CatalogModel, CatalogVariant] {
  const catalog = parseCatalog(catalogJson)
  const model = catalog.ok
    ? catalog.value.models.find((one) => one.id === 'qwen2.5-0.5b-instruct')
    : undefined
  const variant = model && variantsOf(model).find((one) => one.id === variantId)
  if (!model || !variant) throw new Error(variantId)
  return [model, variant]
}

async function restored(...models: (typeof record)[]) {
  const desk = newModelStore(models)
  await desk.store.restore()
  return desk
}

describe('a job', () => {
  it('is listed with its progress and speed until the list tells its outcome', async () => {
    const desk = await restored()
    const adding = desk.store.add(newPlan())
    const call = await desk.next('download')
    expect(desk.store.job(id)).toMatchObject({ kind: 'download', name: 'Ward', progress: null })
    call.report({ kind: 'downloading', loadedBytes: 10, totalBytes: 100, waiting: null })
    expect(desk.store.job(id)?.progress).toMatchObject({ loadedBytes: 10 })
    expect(desk.store.storedBytes(id)).toBe(10)
    desk.sizes.set(id, 100)
    answerStored(desk, call, record)
    expect(await adding).toEqual(success(record))
    expect(desk.store.jobs).toEqual([])
    expect(desk.store.models).toEqual([record])
    expect(desk.store.storedBytes(id)).toBe(100)
    expect(desk.told.changes).toBeGreaterThan(0)
  })

  it('leaves its failure, until it is dismissed or the next job begins', async () => {
    const { store, next, calls } = await restored(record)
    const verifying = store.verify(id)
    ;(await next('verify')).answer(failure({ kind: 'busy-elsewhere' }))
    await verifying
    expect(store.failure(id)).toEqual({ kind: 'busy-elsewhere' })
    store.dismissFailure(id)
    expect(store.failure(id)).toBeUndefined()
    const again = store.verify(id)
    calls.at(-1)?.answer(failure({ kind: 'storage-refused', detail: '' }))
    await again
    void store.verify(id)
    expect(store.failure(id)).toBeUndefined()
  })

  it('that is paused leaves none', async () => {
    const { store, next } = await restored(record)
    const resuming = store.resume(id)
    await next('resume')
    store.pause(id)
    expect(await resuming).toEqual(failure({ kind: 'aborted' }))
    expect(store.failure(id)).toBeUndefined()
    expect(store.jobs).toEqual([])
  })

  it('waits for the one before it on the same model', async () => {
    const desk = await restored(record)
    const verifying = desk.store.verify(id)
    const resuming = desk.store.resume(id)
    const call = await desk.next('verify')
    expect(desk.calls).toHaveLength(1)
    answerStored(desk, call, record)
    await verifying
    answerStored(desk, await desk.next('resume'), record)
    expect(await resuming).toMatchObject({ ok: true })
  })

  it('on a model that is not there fails', async () => {
    const { store } = await restored()
    expect(await store.verify(id)).toEqual(failure({ kind: 'unknown-model' }))
    expect(await store.repair(id)).toEqual(failure({ kind: 'unknown-model' }))
    expect(await store.exportArchive(id)).toEqual(failure({ kind: 'unknown-model' }))
  })
})

describe('a catalogue download', () => {
  it('of a GGUF variant goes by its record', async () => {
    const { store, next, calls } = await restored()
    void store.download(...shipped('q4_k_m'))
    expect((await next('download')).args[0]).toMatchObject({ id: 'qwen2.5-0.5b-instruct/q4_k_m' })
    expect(calls).toHaveLength(1)
  })

  it('of an MLC variant looks first, then takes names from the record', async () => {
    const { store, next } = await restored()
    void store.download(...shipped('q4f16_1'))
    const inspection = await next('inspect')
    expect(inspection.args[0]).toMatchObject({ libraryUrl: expect.stringContaining('.wasm') as string })
    expect(store.jobs).toMatchObject([{ kind: 'download', progress: { kind: 'inspecting' } }])
    inspection.answer(success(newPlan({ name: 'as found' })))
    expect((await next('download')).args[0]).toMatchObject({
      id: 'qwen2.5-0.5b-instruct/q4f16_1',
      name: 'Qwen2.5-0.5B-Instruct',
      files: newPlan().files,
    })
  })

  it('goes on with what is stored', async () => {
    const [model, variant] = shipped('q4f16_1')
    const stored = newRecord(newPlan({ id: `${model.id}/${variant.id}` as typeof id }))
    const { store, next } = await restored(stored)
    void store.download(model, variant)
    expect((await next('resume')).args[0]).toBe(stored.id)
  })

  it('is joined by a second one, which may leave without ending it', async () => {
    const desk = await restored()
    const first = desk.store.download(...shipped('q4_k_m'))
    const call = await desk.next('download')
    const leave = new AbortController()
    const second = desk.store.download(...shipped('q4_k_m'), leave.signal)
    const third = desk.store.download(...shipped('q4_k_m'))
    leave.abort()
    expect(await second).toEqual(failure({ kind: 'aborted' }))
    answerStored(desk, call, record)
    expect(await first).toEqual(success(record))
    expect(await third).toEqual(success(record))
    expect(desk.calls).toHaveLength(1)
  })

  it('asks the browser to keep the data, and remembers the answer', async () => {
    const { store, next, told } = await restored()
    void store.download(...shipped('q4_k_m'))
    await next('download')
    expect(told.persistence).toBe(1)
    await expect.poll(() => store.persistence).toBe('refused')
  })
})

describe('removal', () => {
  it('ends the job on the model first', async () => {
    const { store, next, kept } = await restored(record)
    const resuming = store.resume(id)
    await next('resume')
    const removing = store.remove(id)
    const call = await next('remove')
    expect(await resuming).toEqual(failure({ kind: 'aborted' }))
    kept.delete(id)
    call.answer(success(undefined))
    expect(await removing).toEqual(success(undefined))
    expect(store.models).toEqual([])
  })

  it('that is refused says why', async () => {
    const { store, next } = await restored(record)
    const removing = store.remove(id)
    ;(await next('remove')).answer(failure({ kind: 'busy-elsewhere' }))
    await removing
    expect(store.failure(id)).toEqual({ kind: 'busy-elsewhere' })
    expect(store.models).toEqual([record])
  })
})

describe('other tabs', () => {
  it('are heard', async () => {
    const { store, kept, otherTabChanged } = await restored()
    kept.set(id, record)
    otherTabChanged()
    await expect.poll(() => store.models).toEqual([record])
  })
})

describe('the mirror', () => {
  it('is kept, and given to what fetches', async () => {
    const { store, next, preferences } = await restored(record)
    expect(await store.setMirror(' https://mirror.clinic/ ')).toBe(true)
    expect(store.mirror).toBe('https://mirror.clinic')
    void store.resume(id)
    expect((await next('resume')).args[1]).toEqual({ mirror: 'https://mirror.clinic', token: null })
    const source = { address: 'a/b', libraryUrl: null, family: null, token: null }
    void store.look(source, () => undefined, new AbortController().signal)
    expect((await next('look')).args[0]).toMatchObject({ access: { mirror: 'https://mirror.clinic' } })
    expect([...preferences.values()]).toEqual(['https://mirror.clinic'])
  })

  it('is refused when it is no address, and taken back by nothing', async () => {
    const { store, preferences } = await restored()
    expect(await store.setMirror('mirror')).toBe(false)
    await store.setMirror('https://mirror.clinic')
    expect(await store.setMirror('')).toBe(true)
    expect(store.mirror).toBeNull()
    expect(preferences.size).toBe(0)
  })
})

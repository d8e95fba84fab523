/** A catalogue model in the built app: found, pinned, fetched through a mirror, damaged, mended, freed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import { variantsOf, type CatalogModel, type CatalogVariant } from '#core/catalog'
import type { StoredModel } from '#core/model/stored'
import { Hub } from '../hub/server'
import { libraryBytes, METADATA } from '../unit/model/library-fixture'
import { mlcFolder } from '../unit/model/mlc-fixture'
import catalogJson from '../../models.json'
import { openSite, type Site } from './site'

declare const somnusStores: Stores

const MODEL = catalogJson.models.find(({ id }) => id === 'qwen2.5-0.5b-instruct') as CatalogModel
const VARIANT = variantsOf(MODEL).find(({ id }) => id === 'q4f32_1') as CatalogVariant & { engine: 'webllm' }
const REPOSITORY = VARIANT.weightsUrl.replace('https://huggingface.co/', '')
const LIBRARY = VARIANT.libraryUrl.replace('https://raw.githubusercontent.com', '')
const SHARD = 'params_shard_1.bin'

let site: Site
let hub: Hub
let page: Page
let commit: string

beforeAll(async () => {
  site = await openSite()
  hub = await Hub.start()
  commit = hub.serveRepository(REPOSITORY, Object.fromEntries(await mlcFolder({ library: null })))
  hub.serve(LIBRARY, libraryBytes(METADATA))
  page = await site.browser.newPage()
  await page.goto(`${site.url}?evaluate`)
  await page.waitForFunction(() => 'somnusStores' in globalThis)
})
afterAll(async () => {
  await site.close()
  await hub.close()
})

/** Without its functions, as a page hands it over. */
type Outcome = { ok: true; value: StoredModel } | { ok: false; failure: unknown }

const download = () =>
  page.evaluate(
    async ({ model, variant, mirror }): Promise<Outcome> => {
      await somnusStores.modelStore.setMirror(mirror)
      return somnusStores.modelStore.download(model, variant)
    },
    { model: MODEL, variant: VARIANT, mirror: hub.origin },
  )

function valueOf(outcome: Outcome): StoredModel {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure))
  return outcome.value
}

/** The paths that were fetched since the last call, without the folder of the commit. */
function fetched(): string[] {
  return hub.requests.splice(0).map(({ path }) => path.replace(/^.*\/resolve\/[0-9a-f]+\//, ''))
}

test('an MLC variant is stored under the catalogue’s name, at the commit that the hub named', async () => {
  const model = valueOf(await download())
  expect(model).toMatchObject({
    id: `${MODEL.id}/${VARIANT.id}`,
    name: MODEL.name,
    contextTokens: VARIANT.contextTokens,
    memoryMB: VARIANT.memoryMB,
    origin: { kind: 'remote', address: VARIANT.weightsUrl, revision: commit },
  })
  expect(model.files.every(({ state, sha256 }) => state === 'verified' && sha256 !== null)).toBe(true)
  expect(model.files.map(({ role }) => role)).toContain('library')
  expect(model.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(await page.evaluate(() => somnusStores.models.records.at(-1)?.availability.kind)).not.toBe('own')
})

test('asked for again, nothing is fetched', async () => {
  fetched()
  expect(valueOf(await download()).files).toHaveLength(6)
  expect(fetched()).toEqual([])
})

test('verify names the shard with a wrong bit, and repair fetches only that', async () => {
  const id = `${MODEL.id}/${VARIANT.id}` as StoredModel['id']
  await page.evaluate(
    async ({ folder, name }) => {
      const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models')
      const handle = await (await models.getDirectoryHandle(folder)).getFileHandle(name)
      const [byte = 0] = new Uint8Array(await (await handle.getFile()).slice(100, 101).arrayBuffer())
      const writable = await handle.createWritable({ keepExistingData: true })
      await writable.write({ type: 'write', position: 100, data: Uint8Array.of(byte ^ 1) })
      await writable.close()
    },
    { folder: encodeURIComponent(id), name: SHARD },
  )
  const checked = valueOf(
    await page.evaluate((id): Promise<Outcome> => somnusStores.modelStore.verify(id), id),
  )
  expect(checked.files.filter(({ state }) => state === 'damaged').map(({ path }) => path)).toEqual([SHARD])
  fetched()
  const mended = valueOf(
    await page.evaluate((id): Promise<Outcome> => somnusStores.modelStore.repair(id), id),
  )
  expect(mended.files.every(({ state }) => state === 'verified')).toBe(true)
  expect(fetched()).toEqual([SHARD])
})

test('removal frees every byte', async () => {
  const left = await page.evaluate(
    async (id) => {
      const removed = await somnusStores.modelStore.remove(id)
      const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models')
      const names: string[] = []
      for await (const name of (models as unknown as { keys(): AsyncIterable<string> }).keys())
        names.push(name)
      return { removed, names, listed: somnusStores.modelStore.models.length }
    },
    `${MODEL.id}/${VARIANT.id}` as StoredModel['id'],
  )
  expect(left).toEqual({ removed: { ok: true, value: undefined }, names: [], listed: 0 })
})

/** Original weights at an address become a model in the built site, whatever happens in between. */
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Stores } from '#app/stores'
import { main as convert } from '../../scripts/convert'
import { sha256 } from '../hub/content'
import { Hub, type HubBehaviour } from '../hub/server'
import { withChatFiles } from '../unit/convert/chat-files'
import { checkpoint } from '../unit/convert/checkpoint-fixture'
import { checkpointLibrary } from '../unit/convert/checkpoint-library'
import type { Files } from '../unit/convert/safetensors-fixture'
import { everythingStored, storedHashes } from './kept-by-browser'
import { launchKillable } from './killable-browser'
import { chooseHost } from './choose-host'
import { openSite, visit, type Site } from './site'

declare const somnusStores: Stores

const REPOSITORY = 'ward/Ward-0.5B'
const WEIGHTS = 'model.safetensors'
/** Three shards in float32: each matrix of the vocabulary has one of its own. */
const LARGE = { vocab_size: 132_000, num_hidden_layers: 1, tie_word_embeddings: false }
const TOKEN = 'hf_secretsecret'
const PATIENCE = { timeout: 60_000 }

let site: Site
let hub: Hub
let folder: string
let files: Files
/** SHA-256 by name: what the command line makes of the same checkpoint in a folder, and the library. */
let expected: Record<string, string>

beforeAll(async () => {
  site = await openSite()
  hub = await Hub.start()
  folder = mkdtempSync(join(tmpdir(), 'somnus-remote-'))
  files = withChatFiles(checkpoint('qwen2', { config: LARGE }))
  mkdirSync(join(folder, 'source'))
  for (const [path, content] of files) writeFileSync(join(folder, 'source', path), content)
  const out = join(folder, 'out')
  const silent = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log')]
  for (const each of silent) each.mockImplementation(() => undefined)
  expect(await convert([join(folder, 'source'), out, '--quantization', 'q0f32'])).toBe(0)
  vi.restoreAllMocks()
  const names = readdirSync(out).filter((name) => !/^(somnus-convert|ndarray-cache)/.test(name))
  const library = await checkpointLibrary(files, 'q0f32')
  hub.serve('/libraries/ward.wasm', library)
  expected = { 'library.wasm': sha256(library) }
  for (const name of names) expected[name] = sha256(readFileSync(join(out, name)))
}, 120_000)
afterAll(async () => {
  await site.close()
  await hub.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => void hub.requests.splice(0))

function serve(weights: HubBehaviour = {}, common: HubBehaviour = {}) {
  return hub.serveRepository(
    REPOSITORY,
    Object.fromEntries(files),
    { [WEIGHTS]: { ...common, ...weights } },
    common,
  )
}

const weightRequests = () =>
  hub.requests.filter(({ path, host }) => path.endsWith(WEIGHTS) && host === 'first')

/** Nothing that needs the last tensor comes to its end. */
const stalled = (times: number) => ({ stall: { at: files.get(WEIGHTS)!.length - 1_000_000, times } })

/** The place behind the last byte of a Range header. */
const endOf = (range: string | null) => Number(/-(\d+)$/.exec(range ?? '')?.[1]) + 1
/** More than a sample or a header. */
const isLarge = (range: string | null) => endOf(range) - Number(/(\d+)-/.exec(range ?? '')?.[1]) > 100_000

async function openModels(page: Page, mirror = true): Promise<void> {
  await page.getByRole('link', { name: 'Models', exact: true }).click()
  if (!mirror) return
  await page.getByText('Download from a mirror').click()
  await page.getByLabel('Address of the mirror').fill(hub.origin)
  await page.getByRole('button', { name: 'Use this mirror' }).click()
  await page.getByText(/^Downloads now come from/).waitFor()
}

async function look(page: Page, library = true): Promise<void> {
  await page.getByLabel('Repository or address').fill(REPOSITORY)
  if (library) {
    await page.getByText('Library (optional)').last().click()
    await page.getByLabel('Address of the library').fill(hub.url('/libraries/ward.wasm'))
  }
  await page.getByRole('button', { name: 'Check', exact: true }).click()
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Convert this model?' })
const entry = (page: Page) => page.getByRole('article', { name: 'Ward-0.5B' })

async function begin(page: Page): Promise<void> {
  await dialog(page).getByRole('button', { name: 'Convert' }).click()
}

test('an address is looked at, converted and can be loaded, byte for byte as on the command line', async () => {
  const commit = serve({ redirect: true })
  const { context, page, faults } = await visit(site)
  await chooseHost(page, hub.storageOrigin)
  await openModels(page)
  await look(page)
  await dialog(page).getByText(`from 127.0.0.1`).first().waitFor(PATIENCE)
  // The weights' headers and samples were read, and nothing else of them.
  expect(weightRequests().length).toBeLessThanOrEqual(10)
  expect(await dialog(page).textContent()).toMatch(/Time.*about.*Memory while converting.*about 284 MB/s)
  const before = weightRequests().length
  await begin(page)
  await entry(page)
    .getByText(/^Complete, checked/)
    .waitFor(PATIENCE)
  await entry(page).getByRole('button', { name: 'Load Ward-0.5B' }).waitFor()
  expect(await storedHashes(page)).toEqual(expected)
  // The header and the samples once more, then each matrix of the vocabulary in two pieces, the rest in one.
  expect(weightRequests().length - before).toBeLessThanOrEqual(10 + 5)
  expect(weightRequests().every(({ range }) => /^bytes=\d+-\d+$/.test(range ?? ''))).toBe(true)
  await entry(page).getByText('Source, revision and files').click()
  await entry(page).getByText(commit.slice(0, 7), { exact: true }).waitFor()
  await entry(page).getByText('Converted from').waitFor()
  expect(
    faults.filter((fault) => !fault.includes(hub.origin) && !/127\.0\.0\.1:\d+\/ward/.test(fault)),
  ).toEqual([])
  await context.close()
})

test('a pause and a cut network cost nothing that is done; going on asks for nothing', async () => {
  const commit = serve(stalled(9))
  const { context, page } = await visit(site)
  await openModels(page)
  await look(page)
  await begin(page)
  await entry(page)
    .getByText(/^Converting lm_head/)
    .waitFor(PATIENCE)
  await entry(page).getByRole('button', { name: 'Pause the conversion of Ward-0.5B' }).click()
  await entry(page)
    .getByText(/^Conversion stopped at [5-9]\d%; what is done is kept/)
    .waitFor()
  hub.requests.splice(0)
  await entry(page).getByRole('button', { name: 'Go on converting Ward-0.5B' }).click()
  await entry(page)
    .getByText(/^Converting lm_head/)
    .waitFor(PATIENCE)
  // On its way, and standing still.
  const last = () =>
    weightRequests().some(({ range }) => isLarge(range) && endOf(range) === files.get(WEIGHTS)!.length)
  await expect.poll(last, PATIENCE).toBe(true)
  await context.setOffline(true)
  const waits = async () => {
    // Again and again: a request that is cut before its first byte is sent anew by Chromium itself.
    hub.cutAll()
    return entry(page)
      .getByText(/goes on by itself|Next attempt/)
      .isVisible()
  }
  await expect.poll(waits, PATIENCE).toBe(true)
  hub.behave(`/${REPOSITORY}/resolve/${commit}/${WEIGHTS}`, {})
  await context.setOffline(false)
  await entry(page)
    .getByText(/^Complete, checked/)
    .waitFor(PATIENCE)
  expect(await storedHashes(page)).toEqual(expected)
  // Of the shards that were whole only headers and samples were fetched again.
  const large = weightRequests().filter(({ range }) => isLarge(range) && endOf(range) < 16_000_000)
  expect(large).toEqual([])
  await context.close()
})

test('a gated repository: the token is used, sent to nobody else, and kept only where asked for', async () => {
  serve({}, { gated: { token: TOKEN }, redirect: true })
  const { context, page } = await visit(site)
  await chooseHost(page, hub.storageOrigin)
  await openModels(page)
  await look(page, false)
  const form = page.getByRole('form', { name: /^An access token for 127\.0\.0\.1/ })
  await form.getByLabel('Access token').fill('two words')
  await form.getByRole('button', { name: 'Try with this token' }).click()
  await form.getByText('without blanks').waitFor()
  await form.getByLabel('Access token').fill('hf_wrong')
  await form.getByRole('button', { name: 'Try with this token' }).click()
  await form.getByText(/^The token was not accepted/).waitFor(PATIENCE)
  await form.getByLabel('Access token').fill(TOKEN)
  await form.getByRole('button', { name: 'Try with this token' }).click()
  await begin(page)
  await entry(page)
    .getByText(/^Complete, but no library/)
    .waitFor(PATIENCE)
  expect(hub.requests.some(({ authorization }) => authorization === `Bearer ${TOKEN}`)).toBe(true)
  const elsewhere = hub.requests.filter(({ host }) => host === 'second')
  expect(elsewhere.length).toBeGreaterThan(0)
  expect(elsewhere.every(({ authorization }) => authorization === null)).toBe(true)
  expect(await everythingStored(page)).not.toContain('secretsecret')
  expect(await page.content()).not.toContain('secretsecret')

  // Another model of that host asks again; remembered, it is used without asking, until it is forgotten.
  await look(page, false)
  await form.getByLabel('Access token').fill(TOKEN)
  await form.getByLabel('Remember on this computer').check()
  await form.getByRole('button', { name: 'Try with this token' }).click()
  await dialog(page).getByRole('button', { name: 'Cancel' }).click(PATIENCE)
  expect(await everythingStored(page)).toContain('secretsecret')
  await page.reload()
  await look(page, false)
  await dialog(page).getByRole('button', { name: 'Cancel' }).click(PATIENCE)
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('button', { name: /^Forget the token for 127/ }).click()
  await page.getByText(/^The token for 127\.0\.0\.1.* is forgotten/).waitFor()
  expect(await everythingStored(page)).not.toContain('secretsecret')
  await context.close()
})

test('weights that were exchanged meanwhile are refused', async () => {
  const place = (content: Files, behaviour: HubBehaviour = {}) => {
    for (const [path, bytes] of content)
      hub.serve(`/folder/ward/${path}`, bytes, path === WEIGHTS ? behaviour : {})
  }
  place(files, stalled(9))
  const { context, page } = await visit(site)
  await openModels(page, false)
  await page.getByLabel('Repository or address').fill(hub.url('/folder/ward'))
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await dialog(page).getByRole('button', { name: 'Convert' }).click(PATIENCE)
  const mine = page.getByRole('article', { name: 'ward' })
  await mine.getByText(/^Converting /).waitFor(PATIENCE)
  await mine.getByRole('button', { name: /^Pause/ }).click()
  const bytes = files.get(WEIGHTS)!.slice()
  bytes[50]! ^= 1
  place(new Map(files).set(WEIGHTS, bytes))
  await mine.getByRole('button', { name: /^Go on converting/ }).click()
  await mine.getByText('is no longer the file that this conversion was begun with').waitFor(PATIENCE)
  await context.close()
})

test('a browser killed in the middle goes on at the shard, from its record alone', async () => {
  const server: PreviewServer = await preview({ logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } })
  const profile = mkdtempSync(join(tmpdir(), 'somnus-killed-'))
  const open = async () => {
    const browser = await launchKillable(profile)
    await browser.page.goto(`${server.resolvedUrls?.local[0]}?evaluate`)
    await browser.page.waitForFunction(() => 'somnusStores' in globalThis)
    return browser
  }
  let browser = await open()
  try {
    serve(stalled(99))
    const ended = browser.page
      .evaluate(
        async ({ address, mirror, libraryUrl }) => {
          const { modelStore } = somnusStores
          await modelStore.setMirror(mirror)
          const source = { address, libraryUrl, family: null, token: null }
          const found = await modelStore.look(source, () => undefined, new AbortController().signal)
          if (!found.ok || found.value.kind !== 'checkpoint') throw new Error(JSON.stringify(found))
          const plan = found.value.review.offers.find((each) => each.plan.quantization === 'q0f32')!.plan
          return modelStore.conversions.convertRemote(plan, null)
        },
        { address: REPOSITORY, mirror: hub.origin, libraryUrl: hub.url('/libraries/ward.wasm') },
      )
      .catch(() => 'killed')
    const verified = () =>
      browser.page.evaluate(
        () =>
          somnusStores.modelStore.models[0]?.files.filter(({ state }) => state === 'verified').length ?? 0,
      )
    const shardDone = () =>
      browser.page.evaluate(async () => {
        await somnusStores.modelStore.restore()
        return somnusStores.modelStore.models[0]?.files.some(
          ({ path, state }) => path === 'params_shard_0.bin' && state === 'verified',
        )
      })
    await expect.poll(shardDone, PATIENCE).toBe(true)
    await browser.kill()
    expect(await ended).toBe('killed')
    serve()
    hub.requests.splice(0)
    browser = await open()
    expect(await verified()).toBeGreaterThan(0)
    const result = await browser.page.evaluate(() =>
      somnusStores.modelStore.resume(somnusStores.modelStore.models[0]!.id),
    )
    expect(result).toMatchObject({ ok: true })
    expect(await storedHashes(browser.page)).toEqual(expected)
    // Nothing of the first shard's matrix but samples of 16 KiB.
    const large = weightRequests().filter(({ range }) => isLarge(range) && endOf(range) < 16_000_000)
    expect(large).toEqual([])
  } finally {
    await browser.kill()
    await server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** What a user does with models on the built site: real private file system, real workers, an imitated hub. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Stores } from '#app/stores'
import type { ModelPlan, StoredModelId } from '#core/model/stored'
import { seededBytes, sha256 } from '../hub/content'
import { Hub } from '../hub/server'
import { openSite, visit, type Site, type Visit } from './site'

declare const somnusStores: Stores

/** Downloads, loads and replies take seconds; a busy machine may take this long. */
const PATIENCE_MS = 60_000

const REPOSITORY = 'example/formulary-GGUF'
const FILE = 'formulary.gguf'
const GGUF = readFileSync(`public/models/${FILE}`)
/** A download of the file then stands still about half-way, and near its end. */
const HALF_WAY = { bytesPerSecond: 200_000, stall: { at: 400_000, times: 1 } }
const NEAR_THE_END = { stall: { at: 700_000, times: 1 } }

let site: Site
let hub: Hub
let folder: string
let commit: string

beforeAll(async () => {
  site = await openSite()
  hub = await Hub.start()
  commit = hub.serveRepository(REPOSITORY, { [FILE]: GGUF, 'README.md': '# Formulary' })
  folder = mkdtempSync(join(tmpdir(), 'somnus-models-'))
})
afterAll(async () => {
  await site.close()
  await hub.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openModels(options: Parameters<typeof visit>[1] = {}): Promise<Visit> {
  const visitor = await visit(site, options)
  const name = options.language === 'zh-CN' ? '模型' : 'Models'
  await visitor.page.getByRole('link', { name, exact: true }).click()
  await visitor.page.locator('main h1').waitFor()
  return visitor
}

/** Requests to the hub are what these tests are about; all else must stay on the site. */
function strayRequests(faults: string[]): string[] {
  return faults.filter((fault) => !fault.includes(hub.origin))
}

async function setMirror(page: Page): Promise<void> {
  await page.getByText('Download from a mirror').click()
  await page.getByLabel('Address of the mirror').fill(hub.origin)
  await page.getByRole('button', { name: 'Use this mirror' }).click()
  await page.getByText(/^Downloads now come from/).waitFor()
}

/** `begin` is called once the file was looked at, before it is downloaded. */
async function addByAddress(
  page: Page,
  address: string,
  name: string,
  begin: () => void = () => undefined,
): Promise<void> {
  await page.getByLabel('Repository or address').fill(address)
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Add this model?' })
  await dialog.getByLabel('Name').fill(name)
  begin()
  await dialog.getByRole('button', { name: /^Download/ }).click()
}

const entry = (page: Page, name: string) => page.getByRole('article', { name })

async function waitForComplete(page: Page, name: string): Promise<void> {
  await entry(page, name)
    .getByText(/^Complete, checked/)
    .waitFor({ timeout: PATIENCE_MS })
}

/** Loads the model of an entry and has it answer a question that it was trained on. */
async function loadAndAsk(page: Page, name: string): Promise<void> {
  await entry(page, name)
    .getByRole('button', { name: `Load ${name}` })
    .click()
  await entry(page, name).getByText('Loaded', { exact: true }).waitFor({ timeout: PATIENCE_MS })
  await entry(page, name).getByRole('link', { name: 'Chat with it' }).click()
  const question = page.getByRole('textbox', { name: 'Your question' })
  await question.fill('Which organ clears zorane?')
  await question.press('Enter')
  await page
    .getByText(/tokens\/s/)
    .first()
    .waitFor({ timeout: PATIENCE_MS })
  await page.getByRole('link', { name: 'Models', exact: true }).click()
}

/** Bytes of all files in the site's private folder of models. */
function storedBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const sum = async (folder: FileSystemDirectoryHandle): Promise<number> => {
      let bytes = 0
      for await (const handle of folder.values()) {
        bytes += handle.kind === 'file' ? (await handle.getFile()).size : await sum(handle)
      }
      return bytes
    }
    const root = await navigator.storage.getDirectory()
    return sum(await root.getDirectoryHandle('models', { create: true }))
  })
}

test('a model added by repository is downloaded, loaded after a reload, answers, and is deleted', async () => {
  const { context, page, faults } = await openModels()
  await setMirror(page)
  await addByAddress(page, REPOSITORY, 'Formulary two')
  await waitForComplete(page, 'Formulary two')
  await page.reload()
  await waitForComplete(page, 'Formulary two')
  await entry(page, 'Formulary two').getByText('Source, revision and files').click()
  await entry(page, 'Formulary two').getByText(commit.slice(0, 7), { exact: true }).waitFor()
  await loadAndAsk(page, 'Formulary two')

  expect(await storedBytes(page)).toBe(GGUF.length)
  await entry(page, 'Formulary two').getByRole('button', { name: 'Delete Formulary two' }).click()
  await page.getByRole('dialog').getByText('This frees 780 kB on this computer.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByText('No model is stored yet').waitFor()
  expect(await storedBytes(page)).toBe(0)
  expect(strayRequests(faults)).toEqual([])
  await context.close()
})

test('a paused download goes on after a reload at the byte where it stopped', async () => {
  const path = `/${REPOSITORY}/resolve/${commit}/${FILE}`
  const { context, page } = await openModels()
  await setMirror(page)
  await addByAddress(page, REPOSITORY, 'Slow one', () => void hub.serve(path, GGUF, HALF_WAY))
  const sentBefore = hub.sentBytes(path)
  const slow = entry(page, 'Slow one')
  await slow.getByText(/^[2-6]\d\d kB of 780 kB$/).waitFor({ timeout: PATIENCE_MS })
  await slow.getByRole('button', { name: 'Pause the download of Slow one' }).click()
  await slow.getByText(/^Stopped at \d+%/).waitFor()
  const stopped = await storedBytes(page)
  expect(stopped).toBeGreaterThan(0)
  expect(stopped).toBeLessThan(GGUF.length)
  await page.reload()
  await slow.getByText(/^Stopped at \d+%/).waitFor()
  const requestsBefore = hub.requestsFor(path).length
  hub.behave(path, NEAR_THE_END)
  await slow.getByRole('button', { name: 'Resume the download of Slow one' }).click()
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  // The way back from any other page.
  await page.getByRole('link', { name: /^Downloading Slow one/ }).click()
  await expect.poll(() => storedBytes(page)).toBe(NEAR_THE_END.stall.at)
  hub.cutAll()
  await waitForComplete(page, 'Slow one')
  expect(hub.requestsFor(path)[requestsBefore]?.range).toBe(`bytes=${stopped}-`)
  expect(hub.sentBytes(path) - sentBefore).toBeLessThanOrEqual(1.1 * GGUF.length)
  hub.serve(path, GGUF)
  await context.close()
})

test('a GGUF file from a disk is imported, loaded, answers, and can be measured', async () => {
  const { context, page, faults } = await visit(site)
  await page.goto(`${site.url}?evaluate#/models`)
  await page.waitForFunction(() => 'somnusStores' in globalThis)
  await page.locator('input[accept=".gguf,.tar"]').setInputFiles(`public/models/${FILE}`)
  const dialog = page.getByRole('dialog', { name: 'Add this model?' })
  await dialog.getByText('GGUF file, runs on the processor').waitFor()
  await dialog.getByText('780 kB in 1 file').waitFor()
  await dialog.getByRole('button', { name: 'Import' }).click()
  const name = (await page.getByRole('article').first().locator('h3').innerText()).trim()
  await waitForComplete(page, name)
  await loadAndAsk(page, name)

  await page.getByRole('link', { name: 'Benchmark', exact: true }).click()
  const field = page.getByLabel('Model', { exact: true })
  const option = await field.locator('option', { hasText: name }).getAttribute('value')
  await field.selectOption('formulary/q8_0')
  await field.selectOption(option)
  const drafted = await page.evaluate(() => somnusStores.runDraft.model)
  expect(`${drafted?.model.id}/${drafted?.variant.id}`).toBe(option)
  expect(option).toMatch(/^own\//)
  expect(faults).toEqual([])
  await context.close()
})

test('a model pack travels as one file to a computer without a network', async () => {
  const first = await openModels()
  await first.page.locator('input[accept=".gguf,.tar"]').setInputFiles(`public/models/${FILE}`)
  const review = first.page.getByRole('dialog', { name: 'Add this model?' })
  await review.getByLabel('Name').fill('Traveller')
  await review.getByRole('button', { name: 'Import' }).click()
  await waitForComplete(first.page, 'Traveller')
  await entry(first.page, 'Traveller')
    .getByRole('button', { name: /^Export/ })
    .click()
  const [download] = await Promise.all([
    first.page.waitForEvent('download'),
    first.page.getByRole('button', { name: 'As one file (.tar)' }).click(),
  ])
  const pack = join(folder, download.suggestedFilename())
  await download.saveAs(pack)
  await first.context.close()

  const second = await openModels()
  await second.context.route(
    (url) => !url.href.startsWith(site.url),
    (route) => route.abort(),
  )
  const begun: string[] = []
  await second.page.locator('input[accept=".gguf,.tar"]').setInputFiles(pack)
  await second.page
    .getByRole('dialog')
    .getByText(/^Model pack made by Somnus/)
    .waitFor()
  second.page.on('request', (request) => begun.push(request.url()))
  await second.context.setOffline(true)
  await second.page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
  await waitForComplete(second.page, 'Traveller')
  expect(begun.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
  // The app itself is not kept for offline use yet.
  await second.context.setOffline(false)
  await loadAndAsk(second.page, 'Traveller')
  expect(second.faults).toEqual([])
  await second.context.close()

  // The same pack as a folder, as it lies on a stick.
  execFileSync('tar', ['-xf', pack, '-C', folder])
  const third = await openModels()
  await third.page.locator('input[webkitdirectory]').first().setInputFiles(folder)
  await third.page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
  await waitForComplete(third.page, 'Traveller')
  expect(third.faults).toEqual([])
  await third.context.close()
})

test('one flipped byte: the check names the file, and the repair fetches only it', async () => {
  const names = ['params_shard_0.bin', 'params_shard_1.bin', 'library.wasm']
  const content = Object.fromEntries(names.map((name, index) => [name, seededBytes(300_000, index + 1)]))
  const address = 'example/shards'
  const shards = hub.serveRepository(address, content)
  const plan: ModelPlan = {
    ...{ id: 'own/shards' as StoredModelId, name: 'Shards', catalog: null, parameters: null },
    ...{ architecture: 'qwen2', quantization: 'q4f32_1', contextTokens: 4096, memoryMB: 1000 },
    runtime: { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 0 },
    origin: { kind: 'remote', address, revision: shards },
    files: names.map((path) => ({
      path,
      role: path === 'library.wasm' ? ('library' as const) : ('weights' as const),
      bytes: 300_000,
      expected: { algorithm: 'sha256', hex: sha256(content[path]!) },
      url: `https://huggingface.co/${address}/resolve/${shards}/${path}`,
    })),
  }
  const { context, page } = await visit(site)
  await page.goto(`${site.url}?evaluate#/models`)
  await page.waitForFunction(() => 'somnusStores' in globalThis)
  await setMirror(page)
  await page.evaluate((wanted) => somnusStores.modelStore.add(wanted), plan)
  await waitForComplete(page, 'Shards')
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const models = await root.getDirectoryHandle('models')
    const model = await models.getDirectoryHandle(encodeURIComponent('own/shards'))
    const handle = await model.getFileHandle('params_shard_1.bin')
    const old = new Uint8Array(await (await handle.getFile()).arrayBuffer())[123_456]!
    const writer = await handle.createWritable({ keepExistingData: true })
    await writer.write({ type: 'write', position: 123_456, data: new Uint8Array([old ^ 1]) })
    await writer.close()
  })
  await entry(page, 'Shards')
    .getByRole('button', { name: /^Check/ })
    .click()
  await entry(page, 'Shards').getByText('Damaged: params_shard_1.bin', { exact: true }).waitFor()

  const before = hub.requests.length
  await entry(page, 'Shards')
    .getByRole('button', { name: /^Repair/ })
    .click()
  await waitForComplete(page, 'Shards')
  expect(new Set(hub.requests.slice(before).map(({ path }) => path))).toEqual(
    new Set([`/${address}/resolve/${shards}/params_shard_1.bin`]),
  )
  await entry(page, 'Shards')
    .getByRole('button', { name: /^Check/ })
    .click()
  await page.getByText('Every file of Shards is as it should be.').waitFor()
  await context.close()
})

test('in Chinese: a failed download says which host and file, and what to do', async () => {
  const { context, page } = await openModels({ language: 'zh-CN', width: 360, height: 740 })
  await page.getByLabel('仓库名或地址').fill(`${hub.origin}/nowhere/model.gguf`)
  await page.getByRole('button', { name: '检查', exact: true }).click()
  const alert = page.getByRole('alert')
  await alert.getByText(`${new URL(hub.origin).host} 上没有“model.gguf”。`).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await context.close()
})

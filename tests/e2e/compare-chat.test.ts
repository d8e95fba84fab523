/** Comparing two models blind, and conversations as files, with real models on the built site. */
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonsFile } from '#core/chat/comparison-file'
import { pacedEngine } from './paced-engine'
import { openSite, visit, type Site } from './site'

/** A load and a reply take a second; a busy machine may take this long. */
const PATIENCE_MS = 30_000

let site: Site
let folder: string

beforeAll(async () => {
  site = await openSite()
  folder = mkdtempSync(join(tmpdir(), 'somnus-chat-files-'))
})
afterAll(async () => {
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The built-in model under another name: other bytes, hence another fingerprint, and the same answers. */
function otherModel(): string {
  const bytes = readFileSync('public/models/formulary.gguf')
  const at = bytes.indexOf('Somnus formulary')
  bytes.write('Second formulary', at, 'latin1')
  const path = join(folder, 'second.gguf')
  writeFileSync(path, bytes)
  return path
}

async function importModel(page: Page, name: string): Promise<void> {
  await page.goto(`${site.url}#/models`)
  await page.locator('input[accept=".gguf,.tar"]').setInputFiles(otherModel())
  const dialog = page.getByRole('dialog', { name: 'Add this model?' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Import' }).click()
  await page.getByText(/^Complete, checked/).waitFor({ timeout: PATIENCE_MS })
}

async function downloaded(page: Page, save: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), save()])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return { name: path, text: readFileSync(path, 'utf8') }
}

test('two models are compared blind, across a reload, and the preference is told', async () => {
  const { context, page, faults } = await visit(site)
  const engine = await pacedEngine(page)
  await engine.holdAfter({ requests: 1, tokens: 1, repliesOnly: true })
  await importModel(page, 'Second')
  await page.goto(`${site.url}#/chat/compare`)
  const second = page.getByLabel('Second model')
  await second.selectOption(
    (await second.locator('option', { hasText: 'Second' }).getAttribute('value')) ?? '',
  )
  await page.getByRole('textbox', { name: 'Question 1' }).fill('Tell me about zorane.')
  await page.getByRole('button', { name: 'Add a question' }).click()
  await page
    .getByRole('textbox', { name: 'Question 2' })
    .fill('What is the dose of fenlam for a child of 7 kg?')
  await page.getByRole('button', { name: 'Ask both' }).click()
  await page.getByRole('heading', { name: 'The models take turns' }).waitFor()
  await page.reload()

  await engine.letGo()
  await page.getByRole('button', { name: 'Ask for what is missing' }).click()
  const choice = page.getByRole('heading', { name: 'Which reply do you prefer?' })
  await choice.waitFor({ timeout: PATIENCE_MS })
  await page.getByRole('heading', { name: 'The models take turns' }).waitFor({ state: 'detached' })
  const relaxant: unknown = expect.stringContaining('relaxant')
  await expect.poll(() => page.getByRole('article').allInnerTexts()).toEqual([relaxant, relaxant])
  const veiled = await page.locator('main').innerHTML()
  for (const secret of ['Second', 'Formulary', 'Q8_0', 'tokens/s']) expect(veiled).not.toContain(secret)

  await page.keyboard.press('1')
  await page.getByText(/^Left: (Formulary|Second) Q8_0\. Right:/).waitFor()
  const told = await page.getByText(/^Left: /).innerText()
  const winner = told.startsWith('Left: Second') ? 'Second' : 'Formulary'
  await page.getByRole('link', { name: 'Next question' }).first().click()
  await choice.waitFor({ timeout: PATIENCE_MS })
  await page.getByRole('button', { name: 'Equally good' }).click()
  await page.getByRole('link', { name: 'All comparisons' }).click()

  const summary = page.getByRole('region', { name: 'What you preferred' })
  await summary.getByText(`${winner} Q8_0 preferred`).waitFor()
  await expect.poll(() => summary.innerText()).toContain('100.0% (95% interval 20.7% to 100.0%, Wilson)')
  const { text } = await downloaded(page, () => page.getByRole('button', { name: 'JSON' }).click())
  const file = JSON.parse(text) as ComparisonsFile
  expect(file.pairs).toMatchObject([{ judged: 2, ties: 1, isSelf: false, signTest: 1 }])
  expect(new Set(file.pairs[0]?.models.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  expect(file.comparisons[0]?.replies.left?.settings?.seed).toBe(
    file.comparisons[0]?.replies.right?.settings?.seed,
  )
  expect(faults).toEqual([])
  await context.close()
})

test('盲评：内置模型与自身比较', async () => {
  const { context, page, faults } = await visit(site, { language: 'zh-CN', width: 360 })
  await page.goto(`${site.url}#/chat/compare`)
  await page.getByRole('textbox', { name: '问题 1' }).fill('介绍一下佐兰烷。')
  await page.getByRole('button', { name: '向两者提问' }).click()
  await page.getByRole('button', { name: '两者都差' }).click({ timeout: PATIENCE_MS })
  await page.getByRole('heading', { name: '您认为两者都差。' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  expect(faults).toEqual([])
  await context.close()
})

test('a conversation is saved in every format; the page does nothing; the data is opened again', async () => {
  const { context, page, faults } = await visit(site)
  await page.goto(`${site.url}#/chat`)
  await page.getByRole('button', { name: 'Load the built-in model' }).click()
  await page.getByRole('button', { name: 'Tell me about zorane.' }).click()
  await page
    .getByText(/tokens\/s/)
    .first()
    .waitFor({ timeout: PATIENCE_MS })
  const save = (format: string) =>
    downloaded(page, async () => {
      const open = page.getByRole('button', { name: 'Save as a file' })
      if (!(await open.isVisible()))
        await page.getByRole('button', { name: /“Tell me about zorane\.”/ }).click()
      await open.click()
      const dialog = page.getByRole('dialog', { name: /^Save/ })
      await dialog.getByRole('radio', { name: format }).check()
      await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    })
  await page.getByRole('button', { name: /“Tell me about zorane\.”/ }).click()
  await page.getByRole('button', { name: 'Save as a file' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const html = await save('Web page (HTML)')
  const markdown = await save('Text (Markdown)')
  const json = await save('Data, all branches (JSON)')
  expect(markdown.text).toContain('## Model output · Formulary')
  expect(markdown.text).toContain('> Zorane is a fictional drug')

  // The file, on a page that notes whatever it does.
  const reader = await site.browser.newContext({ offline: true })
  const paper = await reader.newPage()
  const doings: string[] = []
  paper.on('request', (request) => request.url() !== `file://${html.name}` && doings.push(request.url()))
  paper.on('console', (message) => doings.push(message.text()))
  await paper.goto(`file://${html.name}`)
  expect(await paper.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
    'Question',
    'Model output · Formulary',
  ])
  expect(await paper.locator('main').innerText()).toContain('fictional drug')
  expect(await paper.getByText('not for the care of patients').count()).toBe(2)
  expect(await paper.evaluate(() => getComputedStyle(document.querySelector('article')!).borderRadius)).toBe(
    '12px',
  )
  expect(doings).toEqual([])
  await reader.close()

  const open = (path: string | { name: string; mimeType: string; buffer: Buffer }) =>
    page.locator('nav input[type=file]').setInputFiles(path)
  await open(json.name)
  await page.getByText('All of it is here already').waitFor()
  const data = JSON.parse(json.text) as {
    conversation: { id: string; title: string }
    messages: { text: string }[]
  }
  data.messages[0]!.text = 'Asked by a stranger'
  data.conversation.title = 'From elsewhere'
  await open({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(data)) })
  await page.getByText(/^Opened from “other\.json”/).waitFor()
  await page.getByText('Asked by a stranger').waitFor()
  const titles = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link')
  await expect
    .poll(() => titles.allInnerTexts())
    .toEqual(expect.arrayContaining(['From elsewhere', 'Tell me about zorane.']) as unknown)
  await open({
    name: 'bad.json',
    mimeType: 'application/json',
    buffer: Buffer.from(json.text.replace('"assistant"', '"doctor"')),
  })
  await page.getByText(/“bad\.json” was not opened: At messages\[1\]\.role: expected one of/).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

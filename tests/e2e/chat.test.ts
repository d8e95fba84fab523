import { fileURLToPath } from 'node:url'
import type { ReplySample } from '#core/chat/sampling'
import type { AssistantMessage, MessageRecord } from '#core/chat/types'
import type { Strategy } from '#core/strategy/types'
import { worthOf } from '#core/strategy/worth'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enPages } from '#i18n/en-pages'
import { STORE_INTERVAL_MS } from '#app/write-reply'
import { zhPages } from '#i18n/zh-pages'
import { readStored } from '../../scripts/kills/scenario'
import { chooseFiles, openBenchmark, startSample, storedEvents, waitForFinish } from './benchmark'
import { dripUntil, pacedEngine, type PacedEngine } from './paced-engine'
import { openSite, visit, type Site } from './site'

/** A reply takes a fraction of a second; a busy machine may take this long. */
const REPLY_LIMIT_MS = 20_000

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))

/** At this temperature no two replies are the same. */
const RANDOM = { preset: null, system: null, temperature: 100, topP: 1, maxTokens: 60, seed: 5 }

/** Of a reply that is longer. */
const SOME_TOKENS = 3

/** What a text says, however it is set. */
const lettersOf = (text: string) => text.replace(/\P{L}/gu, '')

/** Lets the held reply go on word by word until some of it is stored, which is done every second. */
async function storedInTheMiddle(page: Page, engine: PacedEngine): Promise<void> {
  const isStored = async () => (await storedReplies(page)).some(({ finish }) => finish === 'interrupted')
  await dripUntil(isStored, engine, { everyMs: STORE_INTERVAL_MS, timeout: REPLY_LIMIT_MS })
}

/** Changes the open conversation's settings in the database: the page offers no such temperature. */
async function storeSettings(page: Page, settings: typeof RANDOM, strategy: Strategy): Promise<void> {
  await page.evaluate(
    async (wanted) => {
      const id = location.hash.split('/').at(-1) ?? ''
      const request = indexedDB.open('somnus')
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database did not open'))
      })
      const transaction = database.transaction('conversations', 'readwrite')
      const store = transaction.objectStore('conversations')
      const read = store.get(id)
      read.onsuccess = () => store.put({ ...(read.result as object), ...wanted })
      await new Promise((resolve) => (transaction.oncomplete = resolve))
      database.close()
    },
    { settings, strategy },
  )
  await page.reload()
}

describe.each([
  {
    language: 'en-US',
    messages: enPages,
    question: 'Tell me about zorane.',
    other: 'Which organ clears ruvam?',
  },
  { language: 'zh-CN', messages: zhPages, question: '介绍一下佐兰烷。', other: '哪个器官清除佐兰烷？' },
] as const)(
  'a conversation with the built-in model in $language',
  ({ language, messages, question, other }) => {
    const { chat, reading } = messages
    const { actions } = reading

    test('branches, is stopped, survives a reload in the middle of a reply, and goes on', async () => {
      const { context, page, faults } = await visit(site, { language })
      const engine = await pacedEngine(page)
      const articles = page.locator('main article')
      const load = async () => {
        await page.getByRole('button', { name: chat.loadBuiltIn }).click()
        // It tells of the loaded model's context.
        await page.getByRole('meter').waitFor()
      }
      const press = (name: string, at: number) =>
        articles.nth(at).getByRole('button', { name, exact: true }).click()
      const box = page.getByRole('textbox', { name: chat.question })
      const text = (at: number) => articles.nth(at).innerText()
      // A reply is set a moment after the rest of its article is there.
      const said = async () =>
        lettersOf((await articles.nth(1).locator('.markdown').allInnerTexts()).join(''))
      const finished = () => expect.poll(() => articles.count(), { timeout: REPLY_LIMIT_MS }).toBe(2)
      const settled = () => page.getByRole('button', { name: chat.send, exact: true }).waitFor()

      await page.goto(`${site.url}#/chat`)
      await page.getByRole('button', { name: chat.loadBuiltIn }).click()
      await box.fill(question)
      await page.getByRole('button', { name: chat.send, exact: true }).click()
      await finished()
      await settled()
      const whole = lettersOf((await storedReplies(page)).at(-1)?.text ?? '')
      await expect.poll(said).toBe(whole)
      const first = await text(1)

      // Edit: the other question is asked in a branch of its own.
      await press(actions.edit, 0)
      await articles.nth(0).getByRole('textbox').fill(other)
      // Typing is stored after a pause.
      await expect.poll(async () => JSON.stringify((await readStored(page))['drafts'])).toContain(other)
      await page.reload()
      expect(await articles.nth(0).getByRole('textbox').inputValue()).toBe(other)
      await load()
      await articles.nth(0).getByRole('button', { name: reading.editor.ask }).click()
      await articles.nth(0).getByText(other).waitFor()
      await finished()
      await settled()
      expect(await text(1)).not.toBe(first)
      await press(actions.previous, 0)
      await articles.nth(0).getByText(question).waitFor()
      await expect.poll(() => text(1)).toBe(first)

      // Another reply, stopped in the middle, and one more, cut by a reload.
      await engine.holdAfter({ tokens: SOME_TOKENS, repliesOnly: true })
      await press(actions.regenerate, 1)
      // Stopped before its first word it would leave nothing. It is the same reply, as far as it is written.
      const isBegun = async () => {
        const { length } = await said()
        return length > 0 && length < whole.length
      }
      await expect.poll(isBegun, { timeout: REPLY_LIMIT_MS }).toBe(true)
      await page.getByRole('button', { name: chat.stop, exact: true }).click()
      await engine.letGo()
      await articles.nth(1).getByText(chat.ends.abort).waitFor()
      await expect.poll(() => text(1)).toContain('2 / 2')
      await engine.holdAfter({ tokens: SOME_TOKENS, repliesOnly: true })
      await press(actions.regenerate, 1)
      await storedInTheMiddle(page, engine)
      await page.reload()
      await articles.nth(1).getByText(chat.ends.interrupted).waitFor()
      await expect.poll(() => text(1)).toContain('3 / 3')

      // It is gone on with.
      await engine.letGo()
      await load()
      await press(actions.continue, 1)
      await articles.nth(1).getByText(reading.continued).waitFor({ timeout: REPLY_LIMIT_MS })
      await settled()
      await expect.poll(() => text(1)).toContain('3 / 3')
      await press(actions.delete, 1)
      await expect.poll(() => text(1)).not.toContain(reading.continued)
      expect(faults).toEqual([])
      await context.close()
    })
  },
)

test('a reply is known in another tab while it is written, and is interrupted when its tab dies', async () => {
  const { context, page, faults } = await visit(site)
  const engine = await pacedEngine(page)
  const { chat } = enPages
  await page.goto(`${site.url}#/chat`)
  await page.getByRole('button', { name: chat.loadBuiltIn }).click()
  const box = page.getByRole('textbox', { name: chat.question })
  const send = page.getByRole('button', { name: chat.send, exact: true })
  await box.fill('Which organ clears zorane?')
  await send.click()
  await page.locator('main article').nth(1).waitFor({ timeout: REPLY_LIMIT_MS })
  await send.waitFor()
  const other = await context.newPage()
  await other.goto(page.url())
  await other.locator('main article').nth(1).waitFor()
  await engine.holdAfter({ tokens: SOME_TOKENS, repliesOnly: true })
  await box.fill('Tell me about zorane.')
  await send.click()
  await other.getByText(chat.writtenElsewhere).waitFor({ timeout: REPLY_LIMIT_MS })
  await storedInTheMiddle(page, engine)
  const last = other.locator('main article').nth(3)
  await last.getByText(chat.writtenElsewhere).waitFor({ timeout: REPLY_LIMIT_MS })
  expect(await last.innerText()).not.toContain(chat.ends.interrupted)
  await page.close()
  await last.getByText(chat.ends.interrupted).waitFor({ timeout: REPLY_LIMIT_MS })
  expect(await last.innerText()).not.toContain(chat.writtenElsewhere)
  expect(faults).toEqual([])
  await context.close()
})

test('an answered item is gone on from in chat, and the run stays as it was', async () => {
  const { context, page, faults } = await visit(site)
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await startSample(page, 3)
  await waitForFinish(page, 60_000)
  const before = await storedEvents(page)
  const answer = before.find(({ kind }) => kind === 'answered')?.answer
  const runId = await page.evaluate(async () => {
    const request = indexedDB.open('somnus')
    const database = await new Promise<IDBDatabase>(
      (resolve) => (request.onsuccess = () => resolve(request.result)),
    )
    const keys = database.transaction('runs').objectStore('runs').getAllKeys()
    return new Promise<string>((resolve) => (keys.onsuccess = () => resolve(keys.result[0] as string)))
  })
  await page.goto(`${site.url}#/chat/item/${runId}/${answer?.position}`)
  const articles = page.locator('main article')
  await articles.nth(1).waitFor()
  // Replies are set a moment after their articles are there.
  await expect.poll(() => articles.nth(1).innerText()).toContain(answer?.reply.trim().split('\n')[0])
  await page.getByText(enPages.chat.fromRun).waitFor()

  const box = page.getByRole('textbox', { name: 'Your question' })
  await box.fill('Which organ clears zorane?')
  await box.press('Enter')
  await expect.poll(() => articles.count(), { timeout: REPLY_LIMIT_MS }).toBe(4)
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor()
  expect(await storedEvents(page)).toEqual(before)
  // The same item leads to the same conversation.
  await page.goto(`${site.url}#/chat/item/${runId}/${answer?.position}`)
  await articles.nth(3).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

const SAMPLES = 4

describe.each([
  {
    language: 'en-US',
    messages: enPages,
    strategy: { kind: 'self-consistency', samples: SAMPLES, stopsEarly: false },
  },
  {
    language: 'zh-CN',
    messages: zhPages,
    strategy: { kind: 'vote-sum', samples: SAMPLES, stopsEarly: false, aggregate: 'min' },
  },
  {
    language: 'en-US',
    messages: enPages,
    strategy: { kind: 'best-of-n', samples: 3, stopsEarly: false, aggregate: 'min' },
  },
] as const)('several replies to a question in $language', ({ language, messages, strategy }) => {
  const { chat, chatStrategies: t } = messages
  const all = String(strategy.samples)

  test(`by ${strategy.kind} outlive a killed tab, and the rest are drawn`, async () => {
    const { context, page, faults } = await visit(site, { language })
    const engine = await pacedEngine(page)
    const articles = page.locator('main article')
    const load = async () => {
      await page.getByRole('button', { name: chat.loadBuiltIn }).click()
      await page.getByRole('meter').first().waitFor()
    }
    await page.goto(`${site.url}#/chat`)
    await page.getByRole('button', { name: chat.loadBuiltIn }).click()
    await page.getByRole('textbox', { name: chat.question }).fill('zorane?')
    await page.getByRole('button', { name: chat.send, exact: true }).click()
    await expect.poll(() => articles.count(), { timeout: REPLY_LIMIT_MS }).toBe(2)
    const regenerate = articles.nth(1).getByRole('button', { name: messages.reading.actions.regenerate })
    await regenerate.waitFor()

    await storeSettings(page, RANDOM, strategy)
    await load()
    await engine.holdAfter({ requests: 2, tokens: SOME_TOKENS, repliesOnly: true })
    await regenerate.click()
    const drawn = async () => (await storedSamples(page)).length
    await expect.poll(drawn, { timeout: REPLY_LIMIT_MS, interval: 50 }).toBeGreaterThan(0)
    await page.reload()
    await engine.letGo()
    await page.getByRole('button', { name: t.drawRest }).waitFor()
    const begun = await storedSamples(page)
    expect(begun.length).toBeLessThan(strategy.samples)
    await articles
      .nth(1)
      .getByText(t.incomplete(String(begun.length), all))
      .waitFor()

    await load()
    await page.getByRole('button', { name: t.drawRest }).click()
    await articles.nth(1).getByText(t.drawn(all, all)).waitFor({ timeout: REPLY_LIMIT_MS })
    // It is stored, and the next question may come.
    await page.getByRole('button', { name: chat.send, exact: true }).waitFor()
    const samples = await storedSamples(page)
    // Scores may come after the kill; what was written stays.
    const written = ({ seed, text }: ReplySample) => ({ seed, text })
    expect(samples.slice(0, begun.length).map(written)).toEqual(begun.map(written))
    expect(new Set(samples.map(({ text }) => text)).size).toBe(strategy.samples)
    const scored = samples.filter(({ scores }) => scores?.scorer.kind === 'self-verifier').length
    expect(scored).toBe('aggregate' in strategy ? strategy.samples : 0)
    const reply = (await storedReplies(page)).findLast(({ sampling }) => sampling)
    expect(reply?.text).toBe(samples[reply?.sampling?.shown ?? -1]?.text)
    if (strategy.kind === 'best-of-n') {
      const worths = samples.map(({ scores }) => worthOf(strategy.aggregate, scores?.steps ?? []))
      expect(new Set(worths).size).toBeGreaterThan(1)
      expect(reply?.sampling?.shown).toBe(worths.indexOf(Math.max(...worths)))
    }
    await page.getByText(t.why).click()
    await articles.nth(1).getByText(t.sample(all)).waitFor()
    expect(faults).toEqual([])
    await context.close()
  })
})

/** The samples of the reply stored last. */
async function storedSamples(page: Page): Promise<readonly ReplySample[]> {
  return (await storedReplies(page)).findLast(({ sampling }) => sampling)?.sampling?.samples ?? []
}

async function storedReplies(page: Page): Promise<AssistantMessage[]> {
  const messages = ((await readStored(page))['messages'] ?? []).map(({ value }) => value as MessageRecord)
  return messages.filter(({ role }) => role === 'assistant') as AssistantMessage[]
}

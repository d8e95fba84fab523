/** What the chat says where a graphics unit fails its self-test, and of replies whose reading is in doubt. */
import axe from 'axe-core'
import { afterEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { success } from '#core/result'
import type { PromptReading, SelfTestReport } from '#core/numerics/types'
import { numerics as english } from '#i18n/en/numerics'
import { reuse as reuseEnglish } from '#i18n/en/reuse'
import { numerics as chinese } from '#i18n/zh/numerics'
import { reuse as reuseChinese } from '#i18n/zh/reuse'
import '../../src/ui/theme.css'
import { onGpu, report, WRONG_APPENDS } from '../numerics'
import ChatHarness from './ChatHarness.svelte'
import { BUILT_IN, openTab, type Tab } from './chat-fixture'

afterEach(() => cleanup())

const WRONG_STEPS = report({ differences: { 'two-chunks': 2, 'one-by-one': null, 'after-pop': null } })

async function load({ models, engine }: Tab, selfTest: SelfTestReport | null) {
  engine.loading = Promise.resolve(success(onGpu({ mergeBarrier: 'inserted', selfTest })))
  await models.load(BUILT_IN)
}

async function open(selfTest: SelfTestReport | null, language: 'en' | 'zh' = 'en') {
  const tab = await openTab(`test-numbers-${crypto.randomUUID()}`, { language })
  await render(ChatHarness, { stores: tab.stores, route: { page: 'chat' } })
  await load(tab, selfTest)
  await expect
    .element(page.getByRole('textbox', { name: language === 'en' ? 'Question' : '问题' }))
    .toBeVisible()
  return tab
}

const saying = () => document.querySelector('.composer a[href="#/models"]') !== null

it('warns of replies that cannot be relied on, and leads to what was found', async () => {
  await open(WRONG_STEPS)
  await expect.element(page.getByText(english.chat.wrong)).toBeVisible()
  await expect
    .element(page.getByRole('link', { name: english.chat.more }))
    .toHaveAttribute('href', '#/models')
  const { violations } = await axe.run('.composer', { runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa'] })
  expect(violations.map(({ id }) => id)).toEqual([])
})

it('says without alarm, in Chinese too, what was avoided', async () => {
  await open(WRONG_APPENDS, 'zh')
  await expect.element(page.getByText(chinese.chat.avoided)).toBeVisible()
  expect(document.querySelector('.composer .notice')).toBeNull()
})

it('goes with the next model, and says nothing of numbers that are sound or were not tested', async () => {
  const tab = await open(WRONG_STEPS)
  await expect.element(page.getByText(english.chat.wrong)).toBeVisible()
  for (const selfTest of [report(), null]) {
    await load(tab, selfTest)
    await expect.poll(saying).toBe(false)
  }
})

it.each([
  ['en', reuseEnglish.reply],
  ['zh', reuseChinese.reply],
] as const)('marks the replies in doubt once a check has failed (%s)', async (language, texts) => {
  const tab = await open(report(), language)
  const ask = async (reading: PromptReading) => {
    const asked = tab.engine.requests.length
    await tab.chats.send('Why?')
    await expect.poll(() => tab.engine.requests.length).toBe(asked + 1)
    tab.engine.say('So.')
    tab.engine.end('stop', reading)
    await expect.poll(() => tab.chats.busy).toBe(false)
  }
  await ask({ path: 'cold', tokensFed: 9, tokensReused: 0, reason: 'nothing-in-common' })
  await ask({ path: 'reused', tokensFed: 4, tokensReused: 9, awaitsComparison: true })
  await page
    .getByText(language === 'en' ? 'Details' : '详情')
    .last()
    .click()
  await expect.element(page.getByText(texts.awaits)).toBeVisible()
  expect(page.getByText(texts.inDoubt).elements()).toEqual([])
  await ask({ path: 'cold', tokensFed: 30, tokensReused: 0, reason: 'check-failed' })
  await expect.element(page.getByText(texts.inDoubt)).toBeVisible()
  const marked = page
    .getByText(texts.inDoubt)
    .elements()
    .map((element) => element.closest('article'))
  expect(marked.map((article) => article?.dataset['message'])).toEqual(['3'])
  expect(page.getByText(texts.awaits).elements()).toEqual([])
  const { violations } = await axe.run('.messages', { runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa'] })
  expect(violations.map(({ id }) => id)).toEqual([])
})

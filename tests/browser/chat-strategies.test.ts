import axe from 'axe-core'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import '../../src/ui/theme.css'
import { enPages } from '#i18n/en-pages'
import { zhPages } from '#i18n/zh-pages'
import { success } from '#core/result'
import { BUILT_IN, openTab, type Tab } from './chat-fixture'
import ChatHarness from './ChatHarness.svelte'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function open(language: 'en' | 'zh'): Promise<Tab> {
  const opened = await openTab(`test-strategies-${crypto.randomUUID()}`, { language })
  await opened.models.load(BUILT_IN)
  await render(ChatHarness, { stores: opened.stores, route: { page: 'chat' } })
  return opened
}

async function violations(): Promise<string[]> {
  const rules = { region: { enabled: false }, 'document-title': { enabled: false } }
  const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], rules }
  const found = await axe.run(document.querySelector('main')!, options)
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  )
}

const widest = () => document.scrollingElement!.scrollWidth

/** Says the replies in turn, each once the engine is asked for it. */
async function say({ engine }: Tab, ...replies: string[]): Promise<void> {
  for (const reply of replies) {
    const asked = engine.requests.length
    engine.say(reply)
    engine.end()
    if (reply !== replies.at(-1)) await expect.poll(() => engine.requests.length).toBe(asked + 1)
  }
}

describe.each([
  { language: 'en', texts: enPages, width: 360 },
  { language: 'zh', texts: zhPages, width: 1280 },
] as const)('several replies in $language at $width px', ({ language, texts, width }) => {
  const { chat, chatStrategies: t, reading } = texts
  const names = texts.strategies.names

  it('are chosen in the settings, drawn in turn, and told of', async () => {
    await page.viewport(width, 800)
    const opened = await open(language)
    const { chats, engine } = opened
    await page.getByRole('button', { name: new RegExp(chat.presetSuited.slice(0, 6)) }).click()
    await page.getByLabelText(t.strategy).selectOptions(names['self-consistency'])
    await page.getByLabelText(t.samples).fill('1')
    await userEvent.keyboard('{Tab}')
    await expect.element(page.getByText(chat.wholeFrom('2', '16'))).toBeVisible()
    await page.getByLabelText(t.samples).fill('3')
    await userEvent.keyboard('{Tab}')
    await expect.element(page.getByText(t.sameAtZero)).toBeVisible()
    await page.getByRole('button', { name: t.vary }).click()
    await page.getByLabelText(t.stopsEarly).click()
    expect(await violations()).toEqual([])
    await page.getByRole('button', { name: opened.stores.locale.t.common.close }).last().click()
    expect(chats.settingsOf(null)).toMatchObject({ temperature: 1, topP: 0.95 })

    await page.getByRole('textbox', { name: chat.question }).fill('Which organ?')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => engine.requests.length).toBe(1)
    engine.say('The kidney')
    await expect.element(page.getByText(t.drawing('1', '3'))).toBeVisible()
    engine.end()
    await expect.poll(() => engine.requests.length).toBe(2)
    // Stored before the next one is drawn.
    const [, stored] = await opened.database.getAll('messages')
    expect(stored).toMatchObject({ text: 'The kidney', finish: 'interrupted', sampling: { shown: 0 } })
    engine.say('The li')
    engine.fail({ kind: 'engine-error', detail: '' })
    await expect.element(page.getByText(t.incomplete('1', '3'))).toBeVisible()
    await page.getByRole('button', { name: t.drawRest }).click()
    await expect.poll(() => engine.requests.length).toBe(3)
    await say(opened, 'The liver', 'Liver.')
    await expect.poll(() => chats.busy).toBe(false)
    expect(new Set(engine.requests.map(({ seed }) => seed)).size).toBe(3)
    expect(engine.requests[2]?.seed).toBe(engine.requests[1]?.seed)

    expect(chats.path.at(-1)).toMatchObject({ text: 'The liver', finish: 'stop' })
    await page.getByText(t.why, { exact: true }).click()
    await expect.element(page.getByText(t.reasons.majority('The liver', '2', '3'))).toBeVisible()
    await page.getByText(t.sample('1')).click()
    await expect.element(page.getByRole('row', { name: 'The liver' })).toBeVisible()
    expect(await violations()).toEqual([])
    expect(widest()).toBeLessThanOrEqual(width)

    // Continued, it is one reply; rewritten, it is the user's.
    await page.getByRole('button', { name: reading.actions.continue }).click()
    await expect.poll(() => engine.requests.length).toBe(5)
    await say(opened, ' clears it')
    await expect.poll(() => chats.busy).toBe(false)
    expect(chats.path.at(-1)).toMatchObject({ text: 'The liver clears it' })
    expect(chats.path.at(-1)).not.toHaveProperty('sampling')
    await chats.edit(1, 'mine')
    expect(chats.path.at(-1)).not.toHaveProperty('sampling')
    const copy = await chats.duplicate(chats.openId!, 'copy')
    await chats.open(copy)
    expect(chats.tree.get(1)).toMatchObject({ sampling: { samples: [{}, {}, {}] } })
    expect(chats.settings.strategyOf(chats.conversation)).toMatchObject({
      kind: 'self-consistency',
      samples: 3,
    })
  })
})

it('replies that cannot be compared are not voted on, and best of N is offered', async () => {
  const opened = await open('en')
  const { chats, engine } = opened
  const { chatStrategies: t } = enPages
  const judge = ({ messages }: { messages: readonly { content: string }[] }) =>
    Promise.resolve(
      success({
        probabilities: messages[0]!.content.includes('B2') ? [0.9, 0.1] : [0.2, 0.8],
        promptTokens: 3,
        elapsedMs: 1,
      }),
    )
  Object.assign(engine, { scoreLetters: judge })
  await chats.changeStrategy({ kind: 'self-consistency', samples: 2, stopsEarly: true })
  await chats.send('Tell me more.')
  await expect.poll(() => engine.requests.length).toBe(1)
  await say(opened, 'It depends.\nA1', 'It depends.\nB2')
  await page.getByText(t.why, { exact: true }).click()
  await expect.element(page.getByText(t.reasons.notComparable)).toBeVisible()
  await page.getByText(t.sample('2')).click()
  await expect.element(page.getByText(t.text, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: t.useBest }).click()
  // It leaves the screen while the replies are scored, and comes back as it was unfolded.
  await expect.element(page.getByText(t.reasons.best('0.9'))).toBeVisible()
  await expect.element(page.getByText(/self-verifier, not the MedS3 PRM/)).toBeVisible()
  expect(chats.path.at(-1)).toMatchObject({ text: 'It depends.\nB2', sampling: { shown: 1 } })
  await expect.element(page.getByText(t.steps, { exact: true })).toBeVisible()
  await page.getByText(t.why, { exact: true }).click()
  await expect.element(page.getByText(t.reasons.best('0.9'))).not.toBeInTheDocument()
  expect(engine.requests).toHaveLength(2)
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { DeviceCapabilities } from '#core/catalog/device'
import type { Route } from '../../src/ui/router'
import '../../src/ui/theme.css'
import { axeViolations } from './axe-violations'
import { BUILT_IN, type HandDrivenEngine, openTab, QWEN_CPU, type Tab } from './chat-fixture'
import ChatHarness from './ChatHarness.svelte'
import { withGpu } from '../fixtures/device'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

interface Options {
  language?: 'en' | 'zh'
  device?: DeviceCapabilities
  load?: typeof BUILT_IN | undefined
  databaseName?: string
}

/** The database outlives the test, because a draft may still be on its way into it. */
async function open(route: Route, { load, databaseName, ...options }: Options = {}): Promise<Tab> {
  const opened = await openTab(databaseName ?? `test-page-${crypto.randomUUID()}`, options)
  if (load) await opened.models.load(load)
  await render(ChatHarness, { stores: opened.stores, route })
  return opened
}

const openChat = (options: Options = {}) => open({ page: 'chat' }, { load: BUILT_IN, ...options })
const box = () => page.getByRole('textbox')

describe('the keyboard in a chat', () => {
  it('sends with Enter and begins a line with Shift+Enter', async () => {
    const { engine, chats } = await openChat()
    await box().click()
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two')
    expect(engine.requests).toHaveLength(0)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => engine.requests.at(-1)?.messages.at(-1)?.content).toBe('one\ntwo')
    await expect.poll(() => chats.draft.text).toBe('')
    await expect.poll(() => document.activeElement?.tagName).toBe('TEXTAREA')
  })

  it.each([
    ['an input method composes', { isComposing: true }],
    ['an input method ends its composition in Safari', { keyCode: 229 }],
  ])('leaves Enter alone while %s', async (_, state) => {
    const { engine, chats } = await openChat()
    await expect.element(box()).toBeVisible()
    chats.draft.text = '丙泊酚'
    const press = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...state })
    box().element().dispatchEvent(press)
    expect(press.defaultPrevented).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(engine.requests).toHaveLength(0)
  })

  it('stops the reply with Escape', async () => {
    const { engine } = await openChat()
    await box().fill('a')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => engine.requests.length).toBe(1)
    engine.say('half')
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByText('Stopped by you.')).toBeVisible()
  })
})

async function twoTurns(engine: HandDrivenEngine, chats: Tab['chats']): Promise<void> {
  for (const question of ['a', 'b']) {
    await chats.send(question)
    engine.say(question.toUpperCase())
    engine.end()
    await expect.poll(() => chats.busy).toBe(false)
  }
}

describe('a chat', () => {
  it('offers the built-in model, then its questions, and answers one', async () => {
    const { engine } = await openChat({ load: undefined })
    await page.getByRole('button', { name: 'Load the built-in model' }).click()
    await page.getByRole('button', { name: 'Tell me about zorane.' }).click()
    await expect.poll(() => engine.requests.length).toBe(1)
    engine.say('It is **fictional**.')
    engine.end()
    await expect.element(page.getByText('Formulary · 1 token ·')).toBeVisible()
    // Replies are rendered in slices, after the frame that shows their facts.
    await expect.poll(() => document.querySelector('strong')?.textContent).toBe('fictional')
    await expect.poll(() => location.hash).toMatch(/^#\/chat\/[0-9a-f-]+$/)
  })

  it('announces a reply once, when it is finished', async () => {
    const { engine } = await openChat()
    await box().fill('a')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => engine.requests.length).toBe(1)
    const live = document.querySelector('[aria-live=polite]')
    engine.say('one')
    await expect.element(page.getByText('one', { exact: true })).toBeVisible()
    expect(live?.textContent).toBe('')
    engine.end()
    await expect.poll(() => live?.textContent).toBe('Reply: one')
  })

  it('renders a stream at most about ten times a second', async () => {
    const { engine } = await openChat()
    await box().fill('a')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => engine.requests.length).toBe(1)
    engine.say('start ')
    await expect.poll(() => document.querySelector('.markdown')?.textContent).toContain('start')
    let renders = 0
    const observer = new MutationObserver(() => (renders += 1))
    const target = document.querySelector('.markdown')
    if (!target) throw new Error('no reply')
    observer.observe(target, { childList: true })
    // 600 ms by the chat's own clock, which no busy machine holds up.
    let now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
    for (let word = 0; word < 120; word += 1) {
      now += 5
      engine.say('x')
      await new Promise((resolve) => setTimeout(resolve))
    }
    clock.mockRestore()
    observer.disconnect()
    expect(renders).toBeGreaterThan(2)
    expect(renders).toBeLessThanOrEqual(7)
  })

  it('asks what to do when the conversation outgrows the context', async () => {
    const { engine, chats } = await openChat()
    await twoTurns(engine, chats)
    await chats.send('c')
    engine.fail({ kind: 'context-exceeded', promptTokens: 1200, contextTokens: 1000 })
    await expect.element(page.getByRole('alert')).toHaveTextContent('too long for this model')
    await page.getByRole('button', { name: 'Summarise the oldest' }).click()
    await expect.poll(() => engine.requests.length).toBe(4)
    expect(engine.requests.at(-1)?.messages[0]?.content).toBe('Summarise.\n\nUser: a\n\nModel: A')
    engine.say('Of A.')
    engine.end()
    const summary = page.getByLabelText('Summary of the oldest messages')
    await expect.element(summary).toHaveValue('Of A.')
    await summary.fill('Of A and more.')
    await page.getByRole('button', { name: 'Use this summary' }).click()
    await expect.poll(() => engine.requests.length).toBe(5)
    expect(engine.requests.at(-1)?.messages[0]?.content).toBe('Earlier:\nOf A and more.\n\nb')
    engine.fail({ kind: 'context-exceeded', promptTokens: 1200, contextTokens: 1000 })
    await page.getByRole('button', { name: 'Leave out the oldest' }).click()
    await expect.poll(() => engine.requests.length).toBe(6)
    expect(engine.requests.at(-1)?.messages.map(({ content }) => content)).toEqual(['c'])
    engine.say('C')
    engine.end()
    await expect.element(page.getByText(/Answered without the oldest \d messages/)).toBeVisible()
  })

  it('goes on with the last turns in a new conversation, and leaves the long one as it is', async () => {
    const { engine, chats } = await openChat()
    await twoTurns(engine, chats)
    const long = chats.openId
    await chats.send('c')
    engine.fail({ kind: 'context-exceeded', promptTokens: 1200, contextTokens: 1000 })
    await page.getByRole('button', { name: 'New conversation with the last turns' }).click()
    await expect.poll(() => engine.requests.length).toBe(4)
    expect(engine.requests.at(-1)?.messages.map(({ content }) => content)).toEqual(['b', 'B', 'c'])
    engine.say('C')
    engine.end()
    await expect.poll(() => chats.path.map(({ text }) => text)).toEqual(['b', 'B', 'c', 'C'])
    await chats.open(long)
    expect(chats.path.map(({ text }) => text)).toEqual(['a', 'A', 'b', 'B', 'c'])
  })

  it('deletes a conversation and brings it back', async () => {
    const { engine, chats } = await openChat()
    await chats.send('to keep')
    engine.say('A')
    engine.end()
    await page.getByRole('button', { name: 'More for “to keep”' }).click()
    await page.getByRole('button', { name: 'Delete “to keep”' }).click()
    await expect.element(page.getByText('None yet.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByRole('link', { name: 'to keep' })).toBeVisible()
    expect(chats.list).toHaveLength(1)
  })

  it('renames, pins, duplicates and finds conversations by keyboard', async () => {
    await page.viewport(1280, 900)
    const { engine, chats } = await openChat()
    for (const question of ['first of all', 'second']) {
      await chats.open(null)
      await chats.send(question)
      engine.say(`A reply on ${question}`)
      engine.end()
      await expect.poll(() => chats.busy).toBe(false)
    }
    const titles = () => [...document.querySelectorAll('.rows a')].map((link) => link.textContent.trim())
    const open = async (name: string) => {
      const more = page.getByRole('button', { name: `More for “${name}”` })
      ;(more.element() as HTMLElement).focus()
      await userEvent.keyboard('{Enter}')
    }
    await expect.poll(titles).toEqual(['second', 'first of all'])

    await open('first of all')
    await userEvent.keyboard('{Tab}{Enter}')
    await userEvent.keyboard('another name{Enter}')
    await expect.poll(titles).toEqual(['second', 'another name'])
    await expect
      .poll(() => document.activeElement?.getAttribute('aria-label'))
      .toBe('More for “another name”')
    await open('another name')
    await userEvent.keyboard('{Tab}{Tab}{Enter}')
    await expect.poll(() => titles()[0]).toContain('another name')
    await expect
      .poll(() => document.activeElement?.getAttribute('aria-label'))
      .toBe('More for “another name”')
    await open('second')
    await userEvent.keyboard('{Tab}{Tab}{Tab}{Enter}')
    await expect.poll(() => chats.conversation?.title).toBe('Copy of second')
    await expect.poll(() => chats.path.length).toBe(2)

    await page.getByRole('searchbox').fill('REPLY on first')
    await expect.element(page.getByText('1 found')).toBeVisible()
    await page.getByRole('link', { name: 'another name' }).click()
    await expect.poll(() => chats.conversation?.title).toBe('another name')
    await page.getByRole('searchbox').fill('nowhere')
    await expect.element(page.getByText('Nothing found for “nowhere”.')).toBeVisible()
  })

  it('changes how replies are asked for without loading the model again', async () => {
    const { engine, chats } = await openChat()
    await page.getByRole('button', { name: /^Settings:/ }).click()
    await page.getByLabelText('Preset', { exact: true }).selectOptions('Case discussion')
    await expect.poll(() => chats.settingsOf(null).system).toContain('Differential')
    await page.getByLabelText('Temperature').fill('3')
    await userEvent.keyboard('{Tab}')
    await expect.element(page.getByText('A number from 0 to 2.')).toBeVisible()
    await page.getByLabelText('Temperature').fill('0.5')
    await page.getByLabelText('Seed').fill('7')
    await page.getByLabelText('Longest reply').click()
    await page.getByLabelText('Keep as a preset named').fill('Mine')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await expect.element(page.getByRole('option', { name: 'Mine' })).toBeInTheDocument()
    expect(await axeViolations()).toEqual([])
    await page.getByRole('button', { name: 'Close' }).click()
    await expect.element(page.getByRole('button', { name: 'Settings: Mine' })).toBeVisible()
    await chats.send('a')
    expect(engine.requests.at(-1)).toMatchObject({ temperature: 0.5, seed: 7, maxTokens: 2048 })
    expect(engine.requests.at(-1)?.messages[0]?.role).toBe('system')
    expect(engine.loads).toHaveLength(1)
    engine.say('A')
    engine.end()
    await expect.poll(() => chats.path.at(-1)).toMatchObject({ settings: { seed: 7, temperature: 0.5 } })
    await expect.element(page.getByRole('meter', { name: 'Context in use' })).toBeVisible()
  })

  it.each(['en', 'zh'] as const)('passes axe with a rich conversation (%s)', async (language) => {
    await page.viewport(360, 740)
    const { engine, chats } = await openChat({ language })
    await chats.send('问题'.repeat(200))
    engine.say(
      `# a\n### b\n\`\`\`\n${'code '.repeat(60)}\n\`\`\`\n| a | b |\n|-|-|\n| ${'x'.repeat(80)} | [y](https://example.org) |\n\n1. z`,
    )
    engine.end()
    await expect.poll(() => chats.busy).toBe(false)
    await expect.poll(() => document.querySelector('table')).not.toBeNull()
    window.scrollTo(0, document.documentElement.scrollHeight)
    expect(await axeViolations()).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
  })
})

describe('the models page', () => {
  const GPU = { ...withGpu({ shaderF16: false }), systemMemoryGB: 8 }
  const card = (name: string) => page.getByRole('region', { name, exact: true })

  it('never lets a half-precision variant be chosen without shader-f16', async () => {
    const { models, engine } = await open({ page: 'models' }, { device: GPU })
    const qwen = card('Qwen2.5-0.5B-Instruct')
    await expect.element(qwen.getByRole('radio', { name: /q4f16_1/ })).toBeDisabled()
    await expect.element(qwen.getByRole('radio', { name: /q4f32_1/ })).toBeChecked()
    const refused = await models.load({ modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4f16_1' })
    expect(refused).toEqual({ ok: false, failure: { kind: 'feature-missing', feature: 'shader-f16' } })
    expect(engine.loads).toHaveLength(0)
  })

  it('says before the click what is fetched, from where', async () => {
    await open({ page: 'models' }, { device: GPU })
    await expect
      .element(card('Qwen2.5-0.5B-Instruct'))
      .toHaveTextContent('Fetches about 321 MB from huggingface.co and raw.githubusercontent.com')
    await expect.element(card('Formulary')).toHaveTextContent('nothing is downloaded from elsewhere')
    await expect.element(card('Qwen2.5-3B-Instruct')).toHaveTextContent('research only, no commercial use')
  })

  it('names a failure and what to do next', async () => {
    const { engine } = await open({ page: 'models' })
    engine.loading = Promise.resolve({ ok: false, failure: { kind: 'out-of-memory', detail: 'bad_alloc' } })
    await card('Formulary').getByRole('button', { name: 'Load' }).click()
    await expect.element(page.getByRole('alert')).toHaveTextContent('not enough memory')
    await expect.element(card('Formulary').getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  it('remembers what was loaded', async () => {
    const databaseName = `test-page-${crypto.randomUUID()}`
    await open({ page: 'models' }, { load: QWEN_CPU, databaseName })
    await expect.element(card('Qwen2.5-0.5B-Instruct')).toHaveTextContent('Loaded. Runs on test.')
    const later = await openTab(databaseName)
    expect(later.models.lastChoice).toEqual(QWEN_CPU)
    expect(later.models.loaded).toBeNull()
  })

  it.each([
    ['en', 1280],
    ['zh', 360],
  ] as const)('passes axe and fits (%s, %i px)', async (language, width) => {
    await page.viewport(width, 740)
    await open({ page: 'models' }, { language, load: BUILT_IN })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await axeViolations()).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  })
})

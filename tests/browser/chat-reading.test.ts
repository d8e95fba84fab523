import { afterEach, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import '../../src/ui/theme.css'
import ChatHarness from './ChatHarness.svelte'
import { BUILT_IN, openTab, type Tab } from './chat-fixture'

afterEach(() => cleanup())

async function open(language: 'en' | 'zh' = 'en'): Promise<Tab> {
  const tab = await openTab(`test-reading-${crypto.randomUUID()}`, { language })
  await tab.models.load(BUILT_IN)
  await render(ChatHarness, { stores: tab.stores, route: { page: 'chat' } })
  return tab
}

/** Asks, and has the model say `parts` of a reply. */
async function ask({ chats, engine }: Tab, question: string, parts: readonly string[], end = true) {
  const asked = engine.requests.length
  await chats.send(question)
  await expect.poll(() => engine.requests.length).toBe(asked + 1)
  for (const part of parts) engine.say(part)
  if (!end) return
  engine.end()
  await expect.poll(() => chats.busy).toBe(false)
}

it('folds reasoning with its length and sets the answer apart', async () => {
  const tab = await open()
  await ask(tab, 'a', ['<think>one two', ' three</think>', 'The **answer**.'])
  const fold = page.getByText('Reasoning', { exact: true })
  await expect.element(page.getByText(/^3 words · /)).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Answer' })).toBeVisible()
  expect(document.body.textContent).not.toContain('one two three')
  await fold.click()
  await expect.element(page.getByText('one two three')).toBeVisible()
})

it('opens reasoning while it is written if the reader likes it, and remembers that', async () => {
  const tab = await open()
  await tab.stores.reading.chooseOpenReasoning(true)
  await ask(tab, 'a', ['<think>one two'], false)
  await expect.element(page.getByText('one two')).toBeVisible()
  await expect.element(page.getByText('Reasoning…')).toBeVisible()
  tab.engine.end()
  expect(await tab.database.get('preferences', 'chat-open-reasoning')).toBe(true)
})

it('offers versions, copies with their origin, and deletion with an undo, by keyboard', async () => {
  const tab = await open()
  await ask(tab, 'a', ['first'])
  const copied: string[] = []
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: (text: string) => (copied.push(text), Promise.resolve()) },
  })
  await page.getByRole('button', { name: 'Copy', exact: true }).last().click()
  await expect
    .poll(() => copied[0])
    .toMatch(/^first\n\n\[Model output: Formulary.*weights 00, .*not for the care/)
  // One stop of the Tab key; arrows go on from there.
  await userEvent.keyboard('{ArrowRight}{Enter}')
  await expect.poll(() => copied[1]).toMatch(/^> \*\*Model output\*\*/)
  await userEvent.keyboard('{ArrowRight}{Enter}')
  await expect.poll(() => tab.engine.requests.length).toBe(2)
  tab.engine.say('second')
  tab.engine.end()
  await expect.element(page.getByText('2 / 2')).toBeVisible()
  await page.getByRole('button', { name: 'Previous version' }).click()
  await expect.element(page.getByText('first', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Delete', exact: true }).last().click()
  await expect.element(page.getByText('The message and what followed it were deleted.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.element(page.getByText('first', { exact: true })).toBeVisible()
})

it('reads whole sentences aloud if the reader likes it, each once, and never reasoning', async () => {
  const tab = await open()
  await tab.stores.reading.chooseAnnounced('sentences')
  const heard: string[] = []
  const region = document.querySelector('[aria-live=polite]')
  if (!region) throw new Error('no live region')
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) heard.push(node.textContent ?? '')
  })
  observer.observe(region, { childList: true })
  await ask(tab, 'a', ['<think>Hm. No.</think>', 'Give **oxygen**. ', 'Then 1.5 mg. '], false)
  // Longer than the screen waits between two of its looks at the stream.
  await new Promise((resolve) => setTimeout(resolve, 150))
  tab.engine.say('Wa')
  await expect.poll(() => tab.chats.reply?.text.endsWith('Wa')).toBe(true)
  tab.engine.say('tch')
  tab.engine.end()
  await expect
    .poll(() => heard.filter((text) => text !== ''))
    .toEqual(['Give oxygen.', 'Then 1.5 mg.', 'Watch'])
  observer.disconnect()
})

it.each(['en', 'zh'] as const)(
  'projects question and answer alone, and comes back (%s)',
  async (language) => {
    const tab = await open(language)
    await ask(tab, 'one?', ['first'])
    await ask(tab, 'two?', ['second'])
    await userEvent.keyboard('{Alt>}p{/Alt}')
    const dialog = page.getByRole('dialog')
    await expect.element(dialog).toHaveTextContent('second')
    expect(dialog.element().textContent).not.toContain('first')
    await userEvent.keyboard('{ArrowLeft}')
    await expect.element(dialog).toHaveTextContent('one?')
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('dialog[open]')).toBeNull()
  },
)

it('shows the details of a reply when asked', async () => {
  const tab = await open()
  await ask(tab, 'a', ['x'])
  await page.getByText('Details').click()
  await expect.element(page.getByText('Fingerprint of the weights (SHA-256)')).toBeVisible()
  await expect.element(page.getByText('Seed', { exact: true })).toBeVisible()
})

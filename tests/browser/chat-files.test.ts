import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { ConversationFiles, type ConversationFormat } from '#app/conversation-files'
import { Presets } from '#app/presets.svelte'
import { startReply } from '#core/chat/partial-reply'
import type {
  ChatPreset,
  ConversationId,
  ConversationRecord,
  MessageRecord,
  PresetId,
} from '#core/chat/types'
import { MAX_REPLY_LENGTH } from '#core/receipt/limits'
import { ChatDatabase } from '#data/db/chats'
import { PresetDatabase } from '#data/db/presets'
import { Locale } from '#i18n/locale.svelte'
import { documentTexts } from '../../src/ui/chat/files/document-texts'
import { fileProblemText } from '../../src/ui/chat/files/file-problem-text'
import { replyRenderer } from '../../src/ui/chat/files/reply-html'
import '../../src/ui/theme.css'
import { DESCRIPTION, openTab, type Tab } from './chat-fixture'
import ChatHarness from './ChatHarness.svelte'
import PresetHarness from './PresetHarness.svelte'

const locale = new Locale('en')
const ID = 'talk' as ConversationId

let name: string
let tab: Tab

beforeEach(async () => {
  name = `test-files-${crypto.randomUUID()}`
  tab = await openTab(name)
})
afterEach(() => {
  cleanup()
  tab.database.close()
  indexedDB.deleteDatabase(name)
})

function question(id: number, parent: number | null, text: string): MessageRecord {
  return { role: 'user', id, parent, text, at: 1000 + id, removedAt: null }
}

function reply(id: number, parent: number, text: string): MessageRecord {
  const settings = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 9, seed: 1 }
  const origin = { id, parent, at: 1000 + id, modelName: 'Formulary', quantization: 'Q8_0', settings }
  return { ...startReply({ ...origin, engine: DESCRIPTION, omittedMessages: 0 }), text, finish: 'stop' }
}

const CONVERSATION: ConversationRecord = {
  ...{ id: ID, title: 'Zorane', renamed: false, pinned: false, createdAt: 1, updatedAt: 2, removedAt: null },
  ...{ leaf: 2, nextMessage: 3, settings: null, origin: null, imported: null },
}
const MESSAGES = [question(0, null, 'a'), reply(1, 0, 'A'), reply(2, 0, 'other branch')]

function filesOf({ database, chats }: Tab): ConversationFiles {
  return new ConversationFiles({
    database: new ChatDatabase(database),
    changed: () => chats.changed(),
    appVersion: '0.1.0',
    now: () => 5000,
    newId: () => crypto.randomUUID() as ConversationId,
  })
}

async function saved(format: ConversationFormat, messages = MESSAGES): Promise<File> {
  await new ChatDatabase(tab.database).create(CONVERSATION, messages)
  const words = { texts: documentTexts(locale), render: await replyRenderer() }
  const made = await filesOf(tab).exportConversation(ID, format, words)
  if (made?.problem !== null) throw new Error(JSON.stringify(made))
  return made.file
}

describe('a conversation file', () => {
  it('of a conversation that is here opens it, whatever was written since', async () => {
    const file = await saved('json-tree')
    await new ChatDatabase(tab.database).append(ID, question(0, 2, 'more'))
    const read = await filesOf(tab).importConversation(file)
    expect(read).toEqual({ ok: true, value: { id: ID, title: 'Zorane', isNew: false } })
    expect(await tab.database.count('conversations')).toBe(1)
  })

  it('that could not be opened again is not saved before its reason was read', async () => {
    const long = 'x'.repeat(MAX_REPLY_LENGTH + 1)
    await new ChatDatabase(tab.database).create(CONVERSATION, [...MESSAGES, question(3, 2, long)])
    const words = { texts: documentTexts(locale), render: await replyRenderer() }
    const made = (format: ConversationFormat) => filesOf(tab).exportConversation(ID, format, words)
    expect((await made('json-tree'))?.problem).toMatchObject({ kind: 'misfit', place: 'messages[3].text' })
    for (const format of ['json-branch', 'markdown'] as const)
      expect((await made(format))?.problem).toBeNull()
  })

  it('keeps its id where that is free, and its branches', async () => {
    const file = await saved('json-tree')
    const other = await openTab(`${name}-other`)
    const read = await filesOf(other).importConversation(file)
    expect(read).toMatchObject({ ok: true, value: { id: ID, isNew: true } })
    expect(await new ChatDatabase(other.database).messages(ID)).toEqual(MESSAGES)
    expect(other.chats.list).toMatchObject([
      { id: ID, leaf: 2, imported: { at: 5000, fileName: file.name, sourceId: ID } },
    ])
    other.database.close()
    indexedDB.deleteDatabase(`${name}-other`)
  })

  it('is taken when it is dropped on the list, and other things are not', async () => {
    const file = await saved('json-tree')
    await page.viewport(1280, 900)
    await render(ChatHarness, { stores: tab.stores, route: { page: 'chat' } })
    const text = (await file.text()).replaceAll('"Zorane"', '"Dropped"').replaceAll(`"${ID}"`, '"another"')
    function drop(fill: (data: DataTransfer) => void): DragEvent {
      const dataTransfer = new DataTransfer()
      fill(dataTransfer)
      const target = page.getByRole('button', { name: 'Open a conversation file' }).element()
      target.dispatchEvent(new DragEvent('dragenter', { bubbles: true, dataTransfer }))
      const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer })
      target.dispatchEvent(event)
      return event
    }
    await expect.element(page.getByRole('link', { name: 'Compare two models' })).toBeVisible()
    expect(drop((data) => data.setData('text/plain', 'words')).defaultPrevented).toBe(false)
    expect(drop((data) => data.items.add(new File([text], 'talk.json'))).defaultPrevented).toBe(true)
    await expect.element(page.getByRole('link', { name: 'Dropped' })).toBeVisible()
    await expect.element(page.getByText(/Opened from “talk\.json”/)).toBeVisible()
    expect(tab.chats.openId).toBe('another')
    await expect.poll(() => tab.chats.path.map(({ text }) => text)).toEqual(['a', 'other branch'])
  })

  it('with other content becomes another conversation, once, and the stored one stays', async () => {
    const text = (await (await saved('json-branch')).text()).replace('other branch', 'changed')
    const files = filesOf(tab)
    const first = await files.importConversation(new File([text], 'changed.json'))
    const again = await files.importConversation(new File([text], 'changed.json'))
    if (!first.ok || !again.ok) throw new Error('not read')
    expect(first.value.id).not.toBe(ID)
    expect(again.value).toEqual({ ...first.value, isNew: false })
    expect(await new ChatDatabase(tab.database).messages(ID)).toEqual(MESSAGES)
    expect(await tab.database.count('conversations')).toBe(2)
  })

  it('does not bring back what was deleted, but becomes another', async () => {
    const file = await saved('json-tree')
    await tab.chats.remove(ID)
    const read = await filesOf(tab).importConversation(file)
    expect(read).toMatchObject({ ok: true, value: { isNew: true } })
    expect(tab.chats.list.map(({ id }) => id === ID)).toEqual([false])
  })

  it('that cannot be read names place and expectation, and stores nothing', async () => {
    const read = await filesOf(tab).importConversation(
      new File([(await (await saved('json-tree')).text()).replace('"parent":0', '"parent":7')], 'bad.json'),
    )
    if (read.ok) throw new Error('read')
    expect(fileProblemText(read.failure, 'conversation', locale)).toBe(
      'At messages[1].parent: expected the number of an earlier message, found 7.',
    )
    expect(await tab.database.count('conversations')).toBe(1)
  })
})

const HOSTILE = [
  '<script>top.hacked = 1</script>',
  '<img src=x onerror="top.hacked=1">',
  '<svg><style><img src=x onerror=top.hacked=1></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=top.hacked=1></style></mglyph></table></mtext></math>',
  '[a](javascript:top.hacked=1) [b](data:text/html,x) [c](https://example.org/?q=1) ![d](https://example.org/p.png)',
  '$\\href{javascript:top.hacked=1}{x}$ $\\style{background:url(https://example.org)}{x}$ $x^2 < \\text{</math><img src=x onerror=top.hacked=1>}$',
  '```html\n</code></pre></details><script>top.hacked=1</script>\n```',
  '<think></details><iframe src="https://example.org"></iframe></think>]]></style><base href="https://example.org">',
  '\u202Egnp.exe <a href="https://example.org" ping="https://example.org">x</a> \u200B',
  '| a |\n|-|\n'.concat('| <b onclick=top.hacked=1>x</b> |\n'.repeat(400)),
]

/** What an exported page consists of. */
const ELEMENTS = new Set(
  `html head meta title style body header h1 p main article h2 div details summary dl dt dd footer
  strong em del code pre blockquote ul ol li h3 table thead tbody tr th td br hr span var samp
  math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover munderover mtable mtr mtd merror`.split(
    /\s+/,
  ),
)
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name class dir start colspan rowspan columnspan display mathvariant stretchy'.split(
    ' ',
  ),
)

describe('the HTML of hostile replies', () => {
  it('holds no link, script, style or picture, and does nothing when it is opened', async () => {
    const messages = HOSTILE.flatMap((text, index) => [
      question(2 * index, index === 0 ? null : 2 * index - 1, text),
      reply(2 * index + 1, 2 * index, text),
    ])
    const last = {
      ...CONVERSATION,
      leaf: messages.length - 1,
      nextMessage: messages.length,
      title: HOSTILE[0]!,
    }
    await new ChatDatabase(tab.database).create(last, messages)
    const words = { texts: documentTexts(locale), render: await replyRenderer() }
    const text = (await (await filesOf(tab).exportConversation(ID, 'html', words))?.file.text()) ?? ''
    const parsed = new DOMParser().parseFromString(text, 'text/html')
    const elements = [...parsed.querySelectorAll('*')]
    expect(elements.map(({ localName }) => localName).filter((each) => !ELEMENTS.has(each))).toEqual([])
    const attributes = elements.flatMap((element) =>
      [...element.attributes].map((attribute) => attribute.name),
    )
    expect(attributes.filter((attribute) => !ATTRIBUTES.has(attribute))).toEqual([])
    expect(parsed.querySelectorAll('article')).toHaveLength(messages.length)
    // Long tables are cut on the screen, not in the file.
    expect(text.match(/onclick=top/g)).toHaveLength(800)
    expect(parsed.querySelectorAll('style')).toHaveLength(1)

    const frame = document.createElement('iframe')
    frame.srcdoc = text
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
    document.body.append(frame)
    await loaded
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect('hacked' in window).toBe(false)
    const asked = frame.contentWindow?.performance.getEntriesByType('resource').map((entry) => entry.name)
    expect(asked).toEqual([])
    // The one style sheet is allowed by its hash.
    expect(frame.contentWindow?.getComputedStyle(frame.contentDocument!.body).maxWidth).toBe('768px')
    frame.remove()
  })

  it('has formulas as MathML and tables as tables', async () => {
    const render = await replyRenderer()
    const html = render('$$\\frac{a}{b}$$\n\n| x | y |\n|-|-|\n| 1 | 2 |\n\n[guide](https://example.org/a)')
    expect(html).toContain('<mfrac>')
    expect(html).toContain('<td>2</td>')
    expect(html).toContain('guide (https://example.org/a)')
    expect(html).not.toContain('href')
  })
})

describe('a preset', () => {
  const STRANGE = {
    name: 'Plain',
    description: 'By somebody',
    settings: { system: 'Always say yes.', temperature: 0.5, topP: 0.9, maxTokens: 100, seed: 4 },
  }

  /** Of a file. */
  async function review() {
    const presets = new Presets({
      database: new PresetDatabase(tab.database),
      texts: () => ({
        language: 'en',
        presets: { ...locale.t.chat.presets, citrus: locale.t.chatStrategies.citrusPreset },
      }),
      now: () => 1,
      newId: () => 'new' as PresetId,
    })
    await presets.save({ ...STRANGE, settings: { ...STRANGE.settings, system: 'Mine.' } })
    const kept: ChatPreset[] = []
    await render(PresetHarness, {
      stores: tab.stores,
      presets,
      preset: STRANGE,
      onKept: (preset: ChatPreset) => kept.push(preset),
    })
    return { presets, kept }
  }

  it('that is none says so in the settings, where it can be dismissed', async () => {
    await render(ChatHarness, { stores: tab.stores, route: { page: 'chat' } })
    await page.getByRole('button', { name: /^Settings:/ }).click()
    const dialog = page.getByRole('dialog')
    await expect.element(dialog).toBeVisible()
    const input = document.querySelector<HTMLInputElement>('dialog input[type=file]')!
    const transfer = new DataTransfer()
    transfer.items.add(new File(['{}'], 'none.json'))
    input.files = transfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
    await expect.element(dialog.getByText(/“none\.json” was not opened/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Dismiss' }).click()
    expect(tab.stores.notices.list).toEqual([])
    await expect.poll(() => dialog.element().contains(document.activeElement)).toBe(true)
  })

  it('of the user’s own that cannot be stored or deleted says so in the settings', async () => {
    const save = vi.spyOn(PresetDatabase.prototype, 'save').mockRejectedValueOnce(new Error('full'))
    onTestFinished(() => save.mockRestore())
    await render(ChatHarness, { stores: tab.stores, route: { page: 'chat' } })
    await page.getByRole('button', { name: /^Settings:/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabelText('System message').fill('Always say no.')
    await userEvent.keyboard('{Tab}')
    await dialog.getByLabelText('Keep as a preset named').fill('No')
    await dialog.getByRole('button', { name: 'Keep', exact: true }).click()
    await expect.element(dialog.getByText(/^The preset could not be stored/)).toBeVisible()
    expect(save).toHaveBeenCalledOnce()
    save.mockRestore()

    // The same is told of its deletion, and it stays.
    const remove = vi.spyOn(PresetDatabase.prototype, 'remove').mockRejectedValueOnce(new Error('full'))
    onTestFinished(() => remove.mockRestore())
    await dialog.getByRole('button', { name: 'Keep', exact: true }).click()
    await dialog.getByRole('button', { name: 'Delete the preset “No”' }).click()
    await expect.element(dialog.getByText(/^“No” could not be deleted/)).toBeVisible()
    await expect.element(dialog.getByRole('button', { name: 'Delete the preset “No”' })).toBeVisible()
  })

  it('is shown before it is kept, and takes no other one’s place', async () => {
    const { presets, kept } = await review()
    const dialog = page.getByRole('dialog', { name: 'A preset from a file' })
    await expect.element(dialog).toHaveTextContent('Always say yes.')
    expect(presets.own).toHaveLength(1)
    await dialog.getByRole('button', { name: 'Keep this preset' }).click()
    await expect.poll(() => kept.length).toBe(1)
    expect(kept[0]).toMatchObject({ name: 'Plain 2', settings: STRANGE.settings })
  })
})

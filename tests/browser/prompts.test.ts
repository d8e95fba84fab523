import axe from 'axe-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { sameWords } from '#core/prompt/prompt-set'
import PromptLibrary from '#ui/benchmark/PromptLibrary.svelte'
import '../../src/ui/theme.css'
import StoresHarness from './StoresHarness.svelte'
import { makeFormStores } from './protocol-fixture'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

async function openLibrary(language: 'en' | 'zh' = 'en') {
  const made = await makeFormStores(language)
  await render(StoresHarness, { stores: made.stores, components: [PromptLibrary] })
  return made
}

/** Begins a set of one's own from the built-in one. */
async function beginCopy() {
  await page.getByRole('button', { name: 'Edit under a new name: AnesBench' }).click()
  await page.getByLabelText('Name', { exact: true }).fill('Short words')
}

const preview = () => document.querySelector('section[aria-label="Preview"]')?.textContent ?? ''

describe('the prompt editor', () => {
  test('saves other words under a new name and uses them; the built-in set stays', async () => {
    const { draft, prompts } = await openLibrary()
    await beginCopy()
    await page
      .getByLabelText('Question', { exact: true })
      .fill('Choose from {letters}.\n{question}\n{options}')
    await expect.poll(preview).toContain('Choose from A, B, C and D.\nStem 0 of asked?\nA. first of asked 0')
    await page.getByRole('button', { name: 'Save as version 1' }).click()
    await expect.element(page.getByText('“Short words” was saved as version 1.')).toBeVisible()
    expect(prompts.list.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'AnesBench somnus-anesbench-1',
      'Citrus somnus-citrus-1',
      'Short words 1',
    ])
    expect(draft.request?.prompts.templates['chain-of-thought'].user.en).toContain('Choose from {letters}.')
    await expect.poll(() => document.activeElement?.textContent).toBe('Prompt sets')
  })

  test('makes a new version of changed words, and none of a new name', async () => {
    const { prompts } = await openLibrary()
    await beginCopy()
    await page.getByRole('button', { name: 'Save as version 1' }).click()
    await page.getByRole('button', { name: 'Edit: Short words' }).click()
    await expect.element(page.getByText('Nothing was changed yet.')).toBeVisible()
    await page.getByLabelText('System message').fill('')
    await expect.poll(preview).toContain('No system message is sent.')
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await expect.poll(() => prompts.list[2]?.version).toBe('2')
    await page.getByRole('button', { name: 'Edit: Short words' }).click()
    await page.getByLabelText('Name', { exact: true }).fill('Shorter words')
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await expect.poll(() => prompts.list[2]?.name).toBe('Shorter words')
  })

  test('refuses a text without its placeholders and leads to it', async () => {
    const { prompts } = await openLibrary()
    await beginCopy()
    await page.getByText('Chinese', { exact: true }).click()
    await page.getByLabelText('Question', { exact: true }).fill('{questoin} {options}')
    await page.getByText('English', { exact: true }).click()
    await expect.element(page.getByText('{questoin} is not filled in here.')).toBeVisible()
    await page.getByRole('button', { name: /Save/ }).click({ force: true })
    expect(prompts.list).toHaveLength(2)
    await page.getByRole('button', { name: 'Step by step, Chinese, Question' }).first().click()
    await expect.element(page.getByLabelText('Question', { exact: true })).toHaveValue('{questoin} {options}')
  })

  test('keeps unsaved work while another page is looked at', async () => {
    const made = await openLibrary()
    await beginCopy()
    cleanup()
    await render(StoresHarness, { stores: made.stores, components: [PromptLibrary] })
    await expect.element(page.getByLabelText('Name', { exact: true })).toHaveValue('Short words')
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await expect.element(page.getByText('Prompt sets')).toBeVisible()
  })
})

describe('the prompt library', () => {
  test('deletes with a way back, and keeps what is stored over a reload', async () => {
    const { prompts, name } = await openLibrary()
    await beginCopy()
    await page.getByRole('button', { name: 'Save as version 1' }).click()
    await page.getByRole('button', { name: 'Delete: Short words' }).click()
    await expect.poll(() => prompts.list.length).toBe(2)
    await expect.poll(() => document.activeElement?.textContent).toBe('Prompt sets')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => prompts.list.length).toBe(3)
    expect((await makeFormStores('en', name)).prompts.list).toEqual(prompts.list)
  })

  test('exports a file that another browser imports once', async () => {
    const { prompts } = await makeFormStores()
    await prompts.copy(ANESBENCH_PROMPTS, 'Mine')
    prompts.editing?.write({ kind: 'letter-only', language: 'zh', field: 'system' }, '另一句话')
    const saved = await prompts.save()
    const file = await prompts.exportFile(saved!)
    expect(file.name).toBe('somnus-prompts-Mine-v1.json')
    const other = (await makeFormStores()).prompts
    expect(await other.importFile(file)).toMatchObject({ ok: true, value: { isNew: true } })
    expect(other.list[2]).toEqual(saved)
    expect(await other.importFile(file)).toMatchObject({ ok: true, value: { isNew: false } })
    expect(other.list).toHaveLength(3)
    // Edited on since: a file of the same origin comes in beside it.
    await other.edit(other.list[2]!)
    other.editing?.write({ kind: 'letter-only', language: 'en', field: 'system' }, 'More words')
    await other.save()
    expect(await other.importFile(file)).toMatchObject({ ok: true, value: { isNew: true } })
    expect(other.list.map((set) => set.name).sort()).toEqual(['AnesBench', 'Citrus', 'Mine', 'Mine 2'])
    expect(new Set(other.list.map(({ id }) => id)).size).toBe(4)
    expect(
      sameWords(
        other.list.find((set) => set.name === 'Mine 2')!,
        saved!,
      ),
    ).toBe(true)
  })

  test('says why a file is none', async () => {
    const { prompts } = await makeFormStores()
    const kind = async (content: string) => {
      const read = await prompts.importFile(new Blob([content]))
      return read.ok ? 'ok' : read.failure.kind
    }
    const file = await (await prompts.exportFile(ANESBENCH_PROMPTS)).text()
    expect(await kind('no json')).toBe('not-json')
    expect(await kind('{}')).toBe('not-prompts')
    expect(await kind(file.replace('"version": 1', '"version": 2'))).toBe('other-version')
    expect(await kind(file.replaceAll('{options}', ''))).toBe('invalid')
    expect(await kind(file.padEnd(1_000_001))).toBe('too-large')
    expect(prompts.list).toHaveLength(2)
  })

  test('tells of prompts that could not be stored', async () => {
    const { database, prompts } = await openLibrary()
    await beginCopy()
    database.close()
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await page.getByRole('button', { name: 'Save as version 1' }).click()
    await expect.element(page.getByText(/could not be stored/)).toBeVisible()
    expect(prompts.editing?.name).toBe('Short words')
  })
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('axe finds nothing and nothing overflows in %s at %d px', async (language, width) => {
  await page.viewport(width, 800)
  const { prompts } = await openLibrary(language)
  const check = async () => {
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    })
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  }
  await check()
  document.querySelectorAll<HTMLButtonElement>('li button')[1]?.click()
  await expect.poll(() => document.querySelector('#prompt-view')).not.toBeNull()
  await check()
  await prompts.copy(ANESBENCH_PROMPTS, 'x')
  prompts.editing?.write({ kind: 'letter-only', language: 'en', field: 'user' }, 'nothing')
  await expect.poll(() => document.querySelector('textarea')).not.toBeNull()
  await check()
})

import { afterEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { Notices } from '#app/notices.svelte'
import type { Stores } from '#app/stores'
import { Locale, type Language } from '#i18n/locale.svelte'
import '../../src/ui/theme.css'
import { axeViolations } from './axe-violations'
import DatasetHarness from './DatasetHarness.svelte'
import { closeDatasets, jsonFile, makeRows, openDatasets } from './dataset-fixture'
import { unlocked } from '../any-host'

afterEach(async () => {
  cleanup()
  await closeDatasets()
  await page.viewport(1280, 900)
})

async function openPanel(language: Language = 'en') {
  const { datasets } = await openDatasets()
  const shown = { datasets, locale: new Locale(language), notices: new Notices(), privacy: unlocked }
  const stores = shown as unknown as Stores
  await render(DatasetHarness, { stores })
  return datasets
}

async function choose(...files: File[]) {
  await userEvent.upload(document.querySelector('input[type=file]')!, files)
}

function drop(file: File) {
  const data = new DataTransfer()
  data.items.add(file)
  const target = document.querySelector('[role=group]')!
  target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
}

const [good = '', other = ''] = makeRows(2)
const hostile = '<img src=x onerror="document.title=\'hacked\'">'
const bad = JSON.stringify({ ...JSON.parse(other), target: hostile })
const mixed = () => jsonFile('mixed_en.json', [good, bad, '{"id":NaN}'])

describe('the dataset panel', () => {
  test('the file of a refused row is named on one line where there is room', async () => {
    await page.viewport(1280, 900)
    await openPanel()
    await choose(jsonFile('anesthesiology_questions_en.json', [good, bad]))
    const cell = page.getByRole('cell', { name: 'anesthesiology_questions_en.json' })
    await expect.element(cell).toBeVisible()
    const text = document.createRange()
    let written: Node = cell.element()
    while (written.firstChild) written = written.firstChild
    text.selectNodeContents(written)
    expect(text.getClientRects()).toHaveLength(1)
  })

  test('an imported dataset is listed, selected and described', async () => {
    await openPanel()
    await expect.element(page.getByText('No dataset yet')).toBeVisible()
    await choose(jsonFile('numbers_en.json', makeRows(30)))
    await expect.element(page.getByRole('radio', { name: /numbers_en/ })).toBeChecked()
    await expect.element(page.getByText('“numbers_en” is stored: 30 questions.')).toBeVisible()
    await page.getByText('Details').click()
    await expect.element(page.getByRole('row', { name: 'English 10 10 10 30' })).toBeVisible()
    expect(await axeViolations()).toEqual([])
  })

  test('a file can be dropped', async () => {
    await openPanel()
    drop(jsonFile('dropped_en.json', makeRows(3)))
    await expect.element(page.getByRole('radio', { name: /dropped_en/ })).toBeChecked()
  })

  test('problems are listed with file, row and what was expected; the good rows are stored after a look', async () => {
    const datasets = await openPanel()
    await choose(mixed())
    const dialog = page.getByRole('dialog')
    await expect.element(dialog).toBeVisible()
    const row = dialog.getByRole('row', { name: /mixed_en\.json 2 target/ })
    await expect.element(row).toHaveTextContent('Expected the letter of one option (A–B).')
    expect(await axeViolations()).toEqual([])
    expect(datasets.list).toEqual([])
    await dialog.getByRole('button', { name: 'Store 1 question' }).click()
    await expect.element(page.getByRole('radio', { name: /mixed_en/ })).toBeChecked()
  })

  test('markup in a file is shown as text and never runs', async () => {
    const title = document.title
    await openPanel()
    await choose(mixed())
    await expect.element(page.getByRole('dialog').getByText('<img src=x onerror=')).toBeVisible()
    expect(document.querySelector('dialog img')).toBeNull()
    expect(document.title).toBe(title)
  })

  test('a failure is announced, says what to do and that nothing was lost', async () => {
    await openPanel()
    await choose(new File(['hello there'], 'notes.json'))
    const alert = page.getByRole('alert')
    await expect.element(alert).toHaveTextContent('notes.json is not JSON, JSON Lines, CSV or Parquet.')
    await expect.element(alert).toHaveTextContent('Everything stored before is unchanged.')
    expect(await axeViolations()).toEqual([])
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    await expect.element(alert).not.toBeInTheDocument()
  })

  test('deleting can be undone', async () => {
    await openPanel()
    await choose(jsonFile('numbers_en.json', makeRows(3)))
    await page.getByRole('button', { name: 'Delete numbers_en' }).click()
    await expect.element(page.getByRole('radio')).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.element(page.getByRole('radio', { name: /numbers_en/ })).toBeVisible()
  })

  test('the terms of AnesBench by keyboard: Escape declines, the button accepts', async () => {
    const datasets = await openPanel()
    await page.getByRole('button', { name: /Import AnesBench/ }).click()
    await expect.element(page.getByRole('dialog', { name: 'Terms of AnesBench' })).toBeVisible()
    expect(await axeViolations()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(datasets.importState.kind).toBe('idle')
    await page.getByRole('button', { name: /Import AnesBench/ }).click()
    await page.getByRole('button', { name: 'Accept and import' }).click()
    await expect.element(page.getByRole('radio', { name: /AnesBench/ })).toBeChecked()
  })

  test('in Chinese on a phone: nothing is cut off or overflows', async () => {
    await page.viewport(360, 740)
    await openPanel('zh')
    await choose(mixed())
    await expect.element(page.getByRole('dialog', { name: '保存前请先查看' })).toBeVisible()
    await expect.element(page.getByText('应为某个选项的字母（A–B）。')).toBeVisible()
    await page.getByRole('button', { name: '保存 1 题' }).click()
    await page.getByText('详细信息').click()
    await page.getByText('查看问题').click()
    await expect.element(page.getByText('应为某个选项的字母（A–B）。')).toBeVisible()
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
    expect(await axeViolations()).toEqual([])
  })
})

/** What a run was measured with, on the page and in the files that it is exported to. */
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { InspectLog } from '#core/export/inspect/log-types'
import { receiptSha256, type RunExport } from '#core/export/run-export'
import { MAX_RECEIPT_BYTES } from '#core/receipt/limits'
import type { RunRecord } from '#data/db/runs'
import { inSteps } from '#app/slices'
import { createExportHashing } from '#app/export-hashing'
import type { Route } from '#ui/router.ts'
import '../../src/ui/theme.css'
import ResultsHarness from './ResultsHarness.svelte'
import { makeRecord, makeStores } from './results-fixture'

const RUN: Route = { page: 'results', runId: 'run-1' }

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

async function open(record: RunRecord, language: 'en' | 'zh' = 'en') {
  await render(ResultsHarness, { stores: makeStores(record, language).stores, route: RUN })
  // The table's own row, and one of the rows that are drawn once its height is known.
  await expect.element(page.getByRole('row').nth(1)).toBeVisible()
}

/** Two sessions, one pause, one closed tab. */
function interrupted(): RunRecord {
  const record = makeRecord(30)
  const at = record.plan.createdAt
  return {
    ...record,
    interruptions: [
      { position: 12, at, reason: 'user', failure: null, resumedAt: at + 60_000 },
      { position: 29, at: at + 90_000, reason: 'tab-lost', failure: null, resumedAt: null },
    ],
  }
}

describe('provenance', () => {
  const facts = () => document.querySelector('[aria-labelledby=provenance]')?.textContent ?? ''

  test('names everything that the run was measured with', async () => {
    const record = interrupted()
    record.plan.askedSha256 = 'e5'.repeat(32)
    record.summary.engines[0]!.librarySha256 = 'f6'.repeat(32)
    await open(record)
    for (const text of [
      ...['e5'.repeat(32), 'f6'.repeat(32), record.plan.promptSha256, record.plan.dataset.itemsSha256],
      ...['AnesBench (somnus-anesbench-1)', 'step by step', 'the whole selection', 'made in this browser'],
      'before question 13',
      'paused by hand, went on',
      'before question 30',
      'tab closed, or computer off, not continued',
    ])
      expect(facts()).toContain(text)
  })

  test('says it in Chinese too', async () => {
    await open(interrupted(), 'zh')
    expect(facts()).toContain('手动暂停')
    expect(facts()).toContain('按提问顺序的题目（SHA-256）')
  })

  test('tells of the first interruptions only', async () => {
    const record = makeRecord(30)
    const interruptions = Array.from({ length: 14 }, (_, position) => ({
      ...{ position, at: record.plan.createdAt, reason: 'user' as const, failure: null, resumedAt: 5 },
    }))
    await open({ ...record, interruptions })
    expect(facts()).toContain('before question 10,')
    expect(facts()).not.toContain('before question 11,')
    expect(facts()).toContain('and 4 more')
  })

  test('is copied as text, or shown to be copied where the browser does not allow it', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValueOnce()
    const record = interrupted()
    await open(record)
    const button = page.getByRole('button', { name: 'Copy all of this' })
    await button.click()
    await expect.element(page.getByText('Copied.')).toBeVisible()
    const text = write.mock.calls[0]?.[0] ?? ''
    expect(text.split('\n')).toContain(`Prompt templates (SHA-256): ${record.plan.promptSha256}`)
    write.mockRejectedValueOnce(new Error('denied'))
    await button.click()
    await expect.element(page.getByLabelText('How this was measured, as text')).toHaveValue(text)
  })

  test('has no accessibility faults', async () => {
    await open(interrupted())
    // The list of answers comes later; without rows it has nothing to focus.
    await expect
      .poll(() =>
        document.querySelector(
          '[role="grid"] [role="row"] a, [role="grid"] [role="row"] button, [role="grid"] [tabindex="0"]',
        ),
      )
      .not.toBeNull()
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } })
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  })
})

describe('export', () => {
  let saved: File[]

  beforeEach(() => {
    saved = []
    vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
      saved.push(file as File)
      return 'blob:test'
    })
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
  })

  async function save(name: string): Promise<{ name: string; text: string }> {
    const before = saved.length
    await page.getByRole('button', { name }).click()
    await expect.poll(() => saved.length).toBe(before + 1)
    const file = saved.at(-1)!
    await expect.element(page.getByText(`Saved ${file.name}`)).toBeVisible()
    await expect.element(page.getByRole('button', { name })).toHaveFocus()
    return { name: file.name, text: await file.text() }
  }

  test('of a receipt that nobody could import waits until that was read', async () => {
    await open(interrupted())
    const size = vi.spyOn(Blob.prototype, 'size', 'get').mockReturnValue(MAX_RECEIPT_BYTES + 1)
    await page.getByRole('button', { name: 'Receipt (JSON)' }).click()
    await expect.element(page.getByText('It was not saved yet.')).toBeVisible()
    size.mockRestore()
    expect(saved).toEqual([])
    await page.getByRole('button', { name: 'Save it all the same' }).click()
    expect(saved).toHaveLength(1)
  })

  test('gives the receipt, without questions unless asked for, and its hash is right', async () => {
    const record = interrupted()
    await open(record)
    const file = JSON.parse((await save('Receipt (JSON)')).text) as RunExport
    expect(file.plan).toEqual(record.plan)
    expect(file.interruptions).toEqual(record.interruptions)
    expect(file.answers).toHaveLength(30)
    expect(JSON.stringify(file)).not.toContain('A slow rise')
    expect(await inSteps(receiptSha256(file, await createExportHashing()))).toBe(file.receiptSha256)
    await page.getByLabelText('Include the questions and options').click()
    expect((await save('Receipt (JSON)')).text).toContain('A slow rise')
  })

  test('gives a table, with the questions when they are asked for', async () => {
    await open(makeRecord(20))
    expect((await save('Table (CSV)')).text).not.toContain('A slow rise')
    await page.getByLabelText('Include the questions and options').click()
    const { name, text } = await save('Table (CSV)')
    expect(name).toMatch(/^somnus-.*\.csv$/)
    expect(text).toContain('A slow rise')
  })

  test('gives a log of Inspect AI under a name that its viewer lists', async () => {
    await open(makeRecord(20))
    const { name, text } = await save('Inspect log (JSON)')
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\+00-00_.*\.json$/)
    expect((JSON.parse(text) as InspectLog).samples).toHaveLength(20)
  })

  test.each([
    ['hub', false],
    ['file', true],
    ['built-in', true],
  ] as const)('has the questions of a dataset from %s by default: %s', async (source, included) => {
    await open(makeRecord(5, source))
    const box = page.getByLabelText('Include the questions and options')
    if (included) await expect.element(box).toBeChecked()
    else await expect.element(box).not.toBeChecked()
  })
})

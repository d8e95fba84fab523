import { describe, expect, it } from 'vitest'
import type { RunExport } from '#core/export/run-export'
import { checkFile } from '#core/receipt/file-checks'
import { endOf, fullRun } from '../export/runs'
import { checkHashing, fileText, finishedRun, readGood } from './files'

function failed(text: string): string[] {
  const checks = endOf(checkFile(readGood(text), checkHashing))
  expect(checks).toHaveLength(5)
  return checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
}

function edited(change: (file: RunExport) => void): string {
  const file = JSON.parse(fileText(finishedRun())) as RunExport
  change(file)
  return JSON.stringify(file)
}

describe('the claims of a file', () => {
  it.each([
    ['with questions', fileText(finishedRun())],
    ['without', fileText(finishedRun(), false)],
    ['with everything', fileText(fullRun())],
    [
      'written in another order and with blanks',
      JSON.stringify(sorted(JSON.parse(fileText(fullRun()))), null, 2),
    ],
  ])('all hold as it was written: %s', (_, text) => {
    expect(failed(text)).toEqual([])
  })

  it('are unchecked where they need the text that the file leaves out', () => {
    const checks = endOf(checkFile(readGood(fileText(finishedRun(), false)), checkHashing))
    expect(checks.find(({ id }) => id === 'item-hashes')).toMatchObject({ outcome: 'unchecked', checked: 0 })
  })

  const cases: [string, (file: RunExport) => void, string[]][] = [
    ['a letter', (file) => (file.answers[1]!.officialLetter = 'C'), ['file-hash', 'results-hash', 'tables']],
    ['a word of a reply', (file) => (file.answers[1]!.reply += '.'), ['file-hash', 'results-hash']],
    [
      'a word of a question',
      (file) => (file.answers[1]!.item.stem = 'Other'),
      ['file-hash', 'results-hash', 'item-hashes'],
    ],
    ['an accuracy', (file) => (file.tables.accuracy.total.official!.correct = 1), ['file-hash', 'tables']],
    [
      'a token count',
      (file) => (file.answers[0]!.completionTokens = 500),
      ['file-hash', 'results-hash', 'tables'],
    ],
    ['the weights', (file) => (file.receipt.weightsSha256 = 'ee'.repeat(32)), ['file-hash', 'receipt']],
    ['the name', (file) => (file.plan.name = 'Better'), ['file-hash']],
    ['the hash', (file) => (file.receiptSha256 = '00'.repeat(32)), ['file-hash']],
  ]

  it.each(cases)('show an edit: %s', (_, change, expected) => {
    expect(failed(edited(change))).toEqual(expected)
  })
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? 1 : -1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

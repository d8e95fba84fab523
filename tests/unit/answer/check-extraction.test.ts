import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { main } from '../../../scripts/check-extraction'
import { fixture } from './cases'

let folder = ''
let printed: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extraction-'))
  printed = []
  const print = (line: unknown) => void printed.push(String(line))
  vi.spyOn(console, 'log').mockImplementation(print)
  vi.spyOn(console, 'error').mockImplementation(print)
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

async function check(...lines: string[]): Promise<number> {
  const file = join(folder, 'rows.jsonl')
  await writeFile(file, lines.join('\n'))
  return main([file])
}

const row = (change: object) =>
  JSON.stringify({ options: { A: 'x', B: 'y' }, reply: 'B', official: 'B', path: 'pattern', ...change })

test('counts the rows that agree', async () => {
  expect(await main([fileURLToPath(fixture)])).toBe(0)
  expect(printed[0]).toMatch(/^(\d+) of \1 agree$/)
  expect(printed).toHaveLength(3)
})

test('one disagreement of a pattern row fails, and is shown', async () => {
  expect(await check(row({}), '', row({ official: 'A' }))).toBe(1)
  expect(printed.slice(0, 3)).toEqual([
    '1 of 2 agree',
    'pattern: 1 of 2 agree',
    'row 3 (pattern): official A, ours B',
  ])
})

test('three in a hundred fuzzy rows may disagree, four may not', async () => {
  const rows = (wrong: number) =>
    Array.from({ length: 100 }, (_, i) => row({ path: 'fuzzy', official: i < wrong ? 'A' : 'B' }))
  expect(await check(...rows(3))).toBe(0)
  expect(await check(...rows(4))).toBe(1)
})

test('a row need not say how its letter was found', async () => {
  expect(await check(row({ path: undefined }))).toBe(0)
  expect(printed).toEqual(['1 of 1 agree', 'unmarked: 1 of 1 agree'])
  expect(await check(row({ path: undefined, official: 'A' }))).toBe(1)
})

test.each([
  ['{', 'expected one JSON object'],
  ['[]', 'expected one JSON object'],
  [row({ options: { A: 'x', C: 'y' } }), 'options: expected texts named A, B, … without gaps, at most 26'],
  [row({ options: { A: 'x', B: 2 } }), 'options: expected texts named A, B, … without gaps, at most 26'],
  [row({ options: {} }), 'options: expected texts named A, B, … without gaps, at most 26'],
  [row({ reply: null }), 'reply: expected a text'],
  [row({ official: 'b' }), 'official: expected one letter'],
  [row({ path: 'other' }), 'path: expected "pattern" or "fuzzy"'],
])('a bad row %s is named', async (line, problem) => {
  expect(await check(row({}), line)).toBe(1)
  expect(printed[0]).toBe(`${join(folder, 'rows.jsonl')}, row 2: ${problem}`)
})

test('a missing file and missing arguments are said plainly', async () => {
  expect(await main([join(folder, 'none.jsonl')])).toBe(1)
  expect(printed[0]).toMatch(/^Cannot read .*none\.jsonl: ENOENT/)
  expect(await main([])).toBe(1)
  expect(printed[1]).toBe('Usage: npm run -s check:extraction -- FILE.jsonl')
  expect(await check('')).toBe(1)
})

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync('docs/threat-model.md', 'utf8')
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|[^|]*\| Defence)/.test(line))
const files = (line: string) => [...line.matchAll(/`(tests\/[^`]+)`/g)].map(([, file]) => file ?? '')

test('the threat model has a test for each threat', () => {
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.filter((row) => files(row.split('|').at(-2) ?? '').length === 0)).toEqual([])
})

test.each([...new Set(files(text))])('%s exists', (file) => {
  expect(existsSync(file)).toBe(true)
})

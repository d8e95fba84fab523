import { describe, expect, test } from 'vitest'
import { isParquet, textFormat } from '#core/dataset/format'
import { languageOfFileName, languageOfText, namedLanguage } from '#core/dataset/language'
import { tableHeader, tableRow } from '#core/dataset/table-rows'

describe('the format of a file', () => {
  test.each([
    ['a.json', '[{"a":1}]', 'json'],
    ['a.json', '\n  {"rows":[{"a":1}]}', 'json'],
    ['a.json', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['a.json', '{\n  "rows": []\n}', 'json'],
    ['a.jsonl', '{"options":["x"]}\n', 'jsonl'],
    ['a.jsonl', 'not json', 'jsonl'],
    ['a.csv', 'id,question\n', 'csv'],
    ['a.CSV', '"id";"question"\n', 'csv'],
    ['a.tsv', 'id\tquestion\n', 'csv'],
    ['a.json', 'id,question\n', null],
    ['a.pdf', '%PDF-1.7', null],
    ['a', 'hello', null],
    ['a.json', '<!DOCTYPE html><html>', 'web-page'],
    ['a.csv', '<html><body>Sign in</body></html>', 'web-page'],
  ])('%s beginning with %j is %j', (name, text, expected) => {
    expect(textFormat(name, text)).toBe(expected)
  })

  test('Parquet is told by its magic bytes, whatever it is called', () => {
    expect(isParquet(new TextEncoder().encode('PAR1....PAR1'))).toBe(true)
    expect(isParquet(new TextEncoder().encode('PAR'))).toBe(false)
  })
})

describe('the language', () => {
  test.each([
    ['anesbench_en.json', 'en'],
    ['anesbench_zh.json', 'zh'],
    ['AnesBench-CN.csv', 'zh'],
    ['麻醉_中文.csv', 'zh'],
    ['english.jsonl', 'en'],
    ['en_zh.json', null],
    ['questions.json', null],
    ['anesthesia-bench.json', null],
  ])('that the name %s tells is %j', (name, expected) => {
    expect(languageOfFileName(name)).toBe(expected)
  })

  test.each([
    ['zh-CN', 'zh'],
    ['EN_us', 'en'],
    ['Chinese', 'zh'],
    ['中文', 'zh'],
    ['fr', null],
    ['constructor', null],
  ])('named %j is %j', (name, expected) => {
    expect(namedLanguage(name)).toBe(expected)
  })

  test.each([
    ['Which drug has the lowest MAC?', 'en'],
    ['下列哪种吸入麻醉药的 MAC 最低？', 'zh'],
    ['丙泊酚（propofol）与 etomidate 相比', 'zh'],
    ['Which point is 合谷 (LI4), used for acupuncture in anesthesia practice?', 'en'],
    ['1 + 1 = ?', 'en'],
  ])('of %j is %j', (text, expected) => {
    expect(languageOfText([text])).toBe(expected)
  })
})

describe('a table row', () => {
  const header = tableHeader([' id', 'question ', '__proto__'])
  test('has the header’s names, and no key acts on the object', () => {
    const row = tableRow(header, ['1', 'q', 'x'], 2)
    if (row.kind !== 'value') throw new Error('expected a value')
    expect(Object.keys(row.value as object)).toEqual(['id', 'question', '__proto__'])
    expect(Object.getPrototypeOf(row.value)).toBe(Object.prototype)
  })
  test.each([
    [['1', 'q'], false],
    [['1', 'q', 'x', ''], true],
    [['1', 'q', 'x', 'y'], false],
  ])('%j fits three columns: %j', (cells, fits) => {
    expect(tableRow(header, cells, 2).kind === 'value').toBe(fits)
  })
})

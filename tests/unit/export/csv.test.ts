import { describe, expect, it } from 'vitest'
import { csvField, csvParts, type CsvValue } from '#core/export/csv'
import { seededRandom } from '../score/answers'
import { readCsv } from './read-csv'

describe('csvField', () => {
  it.each([
    ['plain text stays plain', 'propofol', 'propofol'],
    ['a comma needs quotes', 'a, b', '"a, b"'],
    ['quotes are doubled', 'the "MAC"', '"the ""MAC"""'],
    ['line ends need quotes', 'a\nb', '"a\nb"'],
    ['so do carriage returns', 'a\r\nb', '"a\r\nb"'],
    ['blank ends are kept', ' a ', '" a "'],
    ['null is empty', null, ''],
    ['numbers stay numbers, negative ones too', -1.5, '-1.5'],
    ['booleans stay booleans', true, 'true'],
    ['Chinese stays as it is', '丙泊酚，静注', '丙泊酚，静注'],
  ])('%s', (_, value, field) => {
    expect(csvField(value)).toBe(field)
  })

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '- bullet',
  ])('disarms %j as a formula', (text) => {
    expect(csvField(text).replace(/^"/, '').startsWith("'")).toBe(true)
  })

  it('disarms =HYPERLINK inside its quotes', () => {
    expect(csvField('=HYPERLINK("http://x","y")')).toBe('"\'=HYPERLINK(""http://x"",""y"")"')
  })
})

const csvFile = (header: string[], rows: CsvValue[][]) => [...csvParts(header, rows)].join('')

describe('csvParts', () => {
  it('begins with a byte order mark and ends every record with CRLF', () => {
    expect(csvFile(['a', 'b'], [['1', null]])).toBe('\uFEFFa,b\r\n1,\r\n')
  })

  it('is read back unchanged, whatever the text', () => {
    const random = seededRandom(42)
    const alphabet = [...'ab",\r\n;\t 字😀=-+\'']
    const text = () =>
      Array.from(
        { length: Math.floor(random() * 12) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('')
    // The letter in front keeps the guard against formulas out of the comparison.
    const rows = Array.from({ length: 500 }, () => [`x${text()}`, `x${text()}`, `x${text()}`])
    expect(readCsv(csvFile(['a', 'b', 'c'], rows)).slice(1)).toEqual(rows)
  })
})

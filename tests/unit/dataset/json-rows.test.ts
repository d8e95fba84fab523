import { describe, expect, test } from 'vitest'
import { visitJsonRows } from '#core/dataset/json-rows'
import { visitJsonLines } from '#core/dataset/jsonl-rows'
import { MAX_ROW_LENGTH } from '#core/dataset/limits'
import { rowsOf, short } from './rows'

const rows = (text: string) => short(rowsOf((visit) => visitJsonRows(text, visit)))

describe('the rows of a JSON text', () => {
  test.each([
    ['a list', '[{"a":1}, {"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['an empty list', ' [ ] ', []],
    ['a list in an object', '{"version":[1,{"rows":[]}],"rows":[{"a":1}],"x":2}', [{ a: 1 }]],
    ['brackets and quotes in texts', '[{"a":"]}\\"[{"},{"b":"\\\\"}]', [{ a: ']}"[{' }, { b: '\\' }]],
    ['values that are not objects', '[1, "x", null, [2]]', [1, 'x', null, [2]]],
    ['a trailing comma', '[{"a":1},]', [{ a: 1 }]],
    [
      'a row with NaN, as pandas writes it',
      '[{"a":1},{"a":NaN},{"a":3}]',
      [{ a: 1 }, '2: invalid-json', { a: 3 }],
    ],
    ['a stray comma', '[{"a":1,},{"a":2}]', ['1: invalid-json', { a: 2 }]],
    ['an end within a row', '[{"a":1},{"a":"tru', [{ a: 1 }, '2: cut-off']],
    ['an end between rows', '[{"a":1},', [{ a: 1 }, '2: cut-off']],
    ['an end after a row', '[{"a":1}', [{ a: 1 }, '2: cut-off']],
    ['a missing comma', '[{"a":1} {"a":2}]', [{ a: 1 }, '2: invalid-json']],
    ['a second list', '[{"a":1}]\n[{"a":2}]', [{ a: 1 }, '2: invalid-json']],
    ['a quote that is never closed', '[{"a":"x},{"a":"y"}]', ['1: cut-off']],
  ])('%s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected)
  })

  test.each(['', 'null', '"text"', '12', '{}', '{"a":1}', '{"other":[1]}', '{"rows":{}}', '{"rows"', '{'])(
    '%j holds no list of rows',
    (text) => {
      expect(visitJsonRows(text, () => true)).toBe(false)
    },
  )

  test('nesting of any depth costs no stack', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(rowsOf((visit) => visitJsonRows(`[${deep},{"a":1}]`, visit))).toHaveLength(2)
    expect(rows(`[{"a":${'{"a":'.repeat(100_000)}`)).toEqual(['1: cut-off'])
  })

  test('a row above the limit is left out, one at the limit is read', () => {
    const filler = (length: number) => `"${'x'.repeat(length - 2)}"`
    expect(rows(`[${filler(MAX_ROW_LENGTH + 1)},1]`)).toEqual(['1: row-too-long', 1])
    expect(rows(`[${filler(MAX_ROW_LENGTH)}]`)).toEqual(['x'.repeat(MAX_ROW_LENGTH - 2)])
  })

  test('the reader stops when the visitor has enough', () => {
    let seen = 0
    visitJsonRows('[1,2,3,4]', () => ++seen < 2)
    expect(seen).toBe(2)
  })

  test('a key named __proto__ stays data', () => {
    expect(rowsOf((visit) => visitJsonRows('[{"__proto__":{"polluted":true}}]', visit))).toHaveLength(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('the rows of JSON Lines', () => {
  test('are numbered by line; blank lines and carriage returns are passed over', () => {
    const read = rowsOf((visit) => visitJsonLines('{"a":1}\r\n\r\n{"a":2}\nnot json\n{"a":3}', visit))
    expect(read.map((row) => row.row)).toEqual([1, 3, 4, 5])
    expect(short(read)).toEqual([{ a: 1 }, { a: 2 }, '4: invalid-json', { a: 3 }])
  })

  test('a cut-off last line costs only itself', () => {
    expect(short(rowsOf((visit) => visitJsonLines('{"a":1}\n{"a":', visit)))).toEqual([
      { a: 1 },
      '2: invalid-json',
    ])
  })

  test('a line above the limit is left out', () => {
    const read = rowsOf((visit) => visitJsonLines(`"${'x'.repeat(MAX_ROW_LENGTH)}"\n1`, visit))
    expect(short(read)).toEqual(['1: row-too-long', 1])
  })
})

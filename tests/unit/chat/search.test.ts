import { describe, expect, it } from 'vitest'
import { excerptOf, folded, hasWords, unmarked, wordsOf } from '#core/chat/search'

it.each([
  ['Propofol', 'propofol'],
  ['ＡＢＣ　１２％', 'abc 12%'],
  ['丙泊酚', '丙泊酚'],
  // Lower case would be longer, and positions would shift.
  ['İV', 'iv'],
])('%s is compared as %s', (text, expected) => {
  expect(folded(text)).toBe(expected)
  expect(folded(text)).toHaveLength(text.length)
})

it.each([
  ['  Rapid  sequence rapid ', ['rapid', 'sequence']],
  ['丙泊酚　剂量', ['丙泊酚', '剂量']],
  [' ', []],
])('"%s" asks for %j', (query, words) => {
  expect(wordsOf(query)).toEqual(words)
})

it('a text must have all words, in any order', () => {
  expect(hasWords(folded('Dose of Propofol'), wordsOf('propofol dose'))).toBe(true)
  expect(hasWords(folded('PROPOFOL, İSTANBUL'), wordsOf('propofol istanbul'))).toBe(true)
  expect(hasWords(folded('Dose of Propofol'), wordsOf('propofol child'))).toBe(false)
})

describe('excerptOf', () => {
  const long = `${'a '.repeat(50)}Propofol ${'b '.repeat(100)}`

  it.each([
    ['Propofol at once', 'Propofol at once'],
    [long, `…${'a '.repeat(15)}Propofol ${'b '.repeat(44)}b…`],
    ['line\nPropofol\tend', 'line Propofol end'],
    ['丙泊酚 propofol 的剂量', '丙泊酚 propofol 的剂量'],
  ])('of %j is %j', (text, expected) => {
    const { excerpt, start, length } = excerptOf(text, ['propofol'])
    expect(excerpt).toBe(expected)
    expect(excerpt.slice(start, start + length).toLowerCase()).toBe('propofol')
  })

  it('does not cut a character in two', () => {
    for (let before = 28; before < 34; before += 1) {
      const { excerpt } = excerptOf(`😀${'x'.repeat(before)}dose${'y'.repeat(before + 55)}😀😀`, ['dose'])
      expect(excerpt).not.toMatch(/[\ud800-\udfff]/u)
    }
  })
})

it.each([
  ['<think>The dose?</think>\n## Answer\n**5 mg**/kg', 'The dose? \nAnswer\n5 mg/kg'],
  ['> quoted `code`\n```js\nx\n```', 'quoted code\njs\nx'],
  ['| a | b |\n|---|---|\n| 1 | 2 |', 'a   b  \n\n  1   2'],
  ['5 < 6, a_b, 2*3*4 and # 7', '5 < 6, a_b, 2*3*4 and # 7'],
])('a reply %j is searched as %j', (reply, expected) => {
  expect(unmarked(reply)).toBe(expected)
})

it('takes the marks from a megabyte at once', () => {
  for (const piece of [' ', '\n', '|', '-', '<think>', '#', '`', '> ']) {
    expect(unmarked(piece.repeat(1_000_000 / piece.length)).length).toBeLessThanOrEqual(1_000_000)
  }
})

import { describe, expect, test } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { fixture, golden, hasGolden, type OfficialCase, readCases } from './cases'

const DRUGS = ['Ketamine', 'Propofol.', 'Etomidate', 'None of the above']
const ZH = ['丙泊酚', '氯胺酮', '依托咪酯', '以上都不对']

function read(reply: string, options: readonly string[] = DRUGS): string {
  const result = officialExtraction(reply, options)
  return result.kind === 'letter' ? `${result.letter} ${result.path}` : result.reason
}

function disagreements(cases: readonly OfficialCase[]): string[] {
  return cases
    .filter(({ reply, options, official, path }) => read(reply, options) !== `${official} ${path}`)
    .map((row) => `${JSON.stringify(row)} ours: ${read(row.reply, row.options)}`)
}

describe('agrees with the official code', () => {
  test('on every case of our own', () => {
    const cases = readCases(fixture)
    expect(cases.length).toBeGreaterThan(600)
    expect(disagreements(cases)).toEqual([])
  })

  test.skipIf(!hasGolden)('on the golden file (skipped when it does not lie beside the repository)', () => {
    expect(disagreements(readCases(golden))).toEqual([])
  })
})

describe('option texts become their letters first', () => {
  test.each([
    ['the answer is KETAMINE', DRUGS, 'A pattern'],
    ['propofol', DRUGS, 'B pattern'],
    ['remifentanil', ['Fentanyl', 'Remifentanil'], 'B pattern'],
    ['\\D{2} is right', ['(a|b)', '\\d{2}'], 'B pattern'],
    ['Answer: a+b', ['x*', 'A+B.'], 'B pattern'],
    ['__PROTO__', ['constructor', '__proto__'], 'B pattern'],
    ['10 μg', ['x', '10 µg'], 'B pattern'],
    ['İso', ['x', 'iso'], 'B pattern'],
    ['İSO', ['x', 'ıso'], 'B fuzzy'],
    ['A', ['B', 'C', 'A'], 'C pattern'],
    ['？', ['', 'y'], 'A pattern'],
    ['？', ['...', 'y'], 'A pattern'],
  ])('%j with %j gives %s', (reply, options, expected) => expect(read(reply, options)).toBe(expected))
})

describe('words, spaces and the end are those of Python', () => {
  test.each([
    // A Chinese character is a word character: no boundary, so the first pattern passes over it.
    ['答案：B项，A', 'A pattern'],
    ['答案：B。', 'B pattern'],
    ['answer: B\u0301', 'B pattern'],
    ['answer\u3000B', 'B pattern'],
    ['答案：\u00a0B 选择:A', 'A pattern'],
    ['\u2003C\u2003', 'C pattern'],
    ['B\n', 'B pattern'],
    ['B=\n', 'A fuzzy'],
    ['Bé', 'B pattern'],
    ['xB', 'A fuzzy'],
    ['答案是😀😀😀😀😀😀😀😀B C', 'B pattern'],
    ['答案是😀😀😀😀😀😀😀😀😀B C', 'C pattern'],
  ])('%j gives %s', (reply, expected) => expect(read(reply, ZH)).toBe(expected))
})

describe('the first pattern that matches decides, with its last match', () => {
  test.each([
    ['答案：A 答案：B, answer C', 'B pattern'],
    ['answer A, answer B; C is correct', 'B pattern'],
    ['The answer is not A but B. C', 'C pattern'],
    ['B is correct, A is wrong', 'B pattern'],
    ['B is not right. A', 'A pattern'],
    ['A 不正确，B 正确，C', 'B pattern'],
    // No word boundary between B and 正, so only the last pattern applies.
    ['A不正确，B正确，C', 'C pattern'],
    ['A. first, then B', 'A pattern'],
    ['first B, then A', 'A pattern'],
  ])('%j gives %s', (reply, expected) => expect(read(reply)).toBe(expected))
})

describe('a letter always comes out', () => {
  test.each([
    ['', 'A fuzzy'],
    ['???', 'A fuzzy'],
    ['etomidat', 'C fuzzy'],
    ['none above', 'D fuzzy'],
  ])('%j gives %s', (reply, expected) => expect(read(reply)).toBe(expected))

  test('the first of equal options', () => expect(read('sam', ['x', 'same', 'same'])).toBe('B fuzzy'))
  test('from one option', () => expect(read('x', ['Ketamine'])).toBe('A fuzzy'))
  test('but not from none', () => expect(read('A', [])).toBe('no-options'))
})

test('reasoning is not set aside, as in the official code', () => {
  expect(read('<think>The answer is A</think> B')).toBe('A pattern')
})

test('26 options have letters, a 27th is a bug', () => {
  const options = Array.from({ length: 26 }, (_, i) => `Option text ${i} of many.`)
  for (const [i, text] of options.entries()) {
    const letter = String.fromCharCode(65 + i)
    expect(read(`Answer: ${letter}`, options)).toBe(`${letter} pattern`)
    expect(read(`Answer: ${text}`, options)).toBe(`${letter} pattern`)
  }
  expect(() => officialExtraction('A', [...options, 'x'])).toThrow(RangeError)
})

import { expect, test } from 'vitest'
import { closestOption } from '#core/answer/official/closest-option'
import { Alphabet, Phrase } from '#core/answer/official/phrase'
import { weightedRatio } from '#core/answer/official/similarity'
import { Needle } from '#core/answer/official/subsequence'
import { randomText, seeded } from './cases'

/** The textbook table, to check the bit-parallel one against. */
function plainLcs(a: string, b: string): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const x of a) {
    const next = [0]
    for (let j = 1; j <= b.length; j++) {
      next.push(b[j - 1] === x ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const LETTERS = [...'abcde ']

test('the longest common subsequence is that of the textbook table, across word boundaries', () => {
  const next = seeded(1)
  const alphabet = new Alphabet(['abcd '])
  for (let round = 0; round < 300; round++) {
    const [a, b] = [randomText(next, LETTERS, next(130)), randomText(next, LETTERS, next(200))]
    // "e" is outside the alphabet and equals nothing, not even itself.
    const expected = plainLcs(a.replaceAll('e', '1'), b.replaceAll('e', '2'))
    expect(new Needle(alphabet.encode(a)).lcs(alphabet.encode(b))).toBe(expected)
  }
})

test('the best window is the best of all windows', () => {
  const next = seeded(2)
  const alphabet = new Alphabet(['abcd '])
  for (let round = 0; round < 200; round++) {
    const needle = randomText(next, LETTERS, 1 + next(70))
    const piece = randomText(next, LETTERS, 1 + next(40))
    const text =
      randomText(next, LETTERS, next(60)) + piece.repeat(next(8)) + randomText(next, LETTERS, next(60))
    const foreign = (side: string) => side.replaceAll('e', '1')
    const windows = Array.from({ length: Math.max(0, text.length - needle.length + 1) }, (_, at) =>
      plainLcs(foreign(needle), text.slice(at, at + needle.length)),
    )
    // A window that starts with a foreign character may be left to the substring that follows it.
    const usable = windows.filter((_, at) => 'abcd '.includes(text[at] ?? 'e'))
    const found = new Needle(alphabet.encode(needle)).bestWindow(alphabet.encode(text), 0)
    expect(found).toBeGreaterThanOrEqual(Math.max(0, ...usable))
    expect(found).toBeLessThanOrEqual(Math.max(0, ...windows))
  }
})

test('similarities are those of rapidfuzz', () => {
  const score = (a: string, b: string) => {
    const alphabet = new Alphabet([a, b])
    return weightedRatio(new Phrase(a, alphabet), new Phrase(b, alphabet), 0)
  }
  for (const [a, b, expected] of RAPIDFUZZ) {
    expect(score(a, b)).toBeCloseTo(expected, 10)
    expect(score(b, a)).toBeCloseTo(expected, 10)
  }
  expect(score('', 'propofol')).toBe(0)
})

/** Values of `fuzz.WRatio` of rapidfuzz 3.14. */
const RAPIDFUZZ: [string, string, number][] = [
  ['propofol', 'propofol', 100],
  ['give propofol', 'propofol give', 95],
  ['the propofol dose', 'propofol', 90],
  ['a b c', 'a b d', 80],
  ['ketamine 2 mg kg', 'ketamine 1 mg kg', 93.75],
  ['it depends on the patient', 'misting of the tube', 54.54545454545454],
  ['不知道', '以上都不对', 36],
  // Eight times as long is not yet far: 90, not 60 (it was 60 before rapidfuzz 3.14).
  ['a', 'fentanyl', 90],
  ['a', 'alfentanil', 60],
  ['a', 'morphine', 0],
  ['stop the triggers and then give dantrolene to the patient now', 'give dantrolene', 90],
  [
    'left lateral tilt of the patient by fifteen degrees with a fluid bolus over ten minutes',
    'fluid bolus and lateral tilt by fifteen degrees of the table for the patient in ten minutes',
    86.26436781609195,
  ],
  ['aaa aaa aaa bbb', 'aaa ccc', 85.5],
  ['x y', 'z', 0],
]

test('the option does not depend on the order of evaluation: the first of the best wins', () => {
  expect(closestOption('x', ['q', 'r', 's'])).toBe(0)
  expect(closestOption('give it', ['stop it', 'it', 'it'])).toBe(1)
})

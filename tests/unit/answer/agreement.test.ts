import { describe, expect, test } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'

const STATEMENTS = [
  '@',
  '@.',
  '**@**',
  '(@)',
  'Answer: @',
  '**Answer:** @',
  'The answer is @.',
  'The answer is (@).',
  'The correct answer is option @.',
  'The best choice would be @',
  'I would choose @.',
  '$\\boxed{@}$',
  '\\boxed{\\text{@}}',
  '{"answer": "@"}',
  '@ is correct.',
  'Hence @.',
  '答案：@',
  '答案是@。',
  '正确答案为 @',
  '故选@。',
  '选择@',
  '【答案】@',
  '@正确',
  '@项正确。',
]

const BEFORE = ['', 'The pressure falls after induction.\n\n', '患者血压下降。\n', 'it is not rare, so: ']
const AFTER = ['', '\n', '\n\n']
const OPTIONS = ['Ketamine', 'Propofol', 'Etomidate', 'Thiopental', 'Midazolam']

/**
 * Where the strict reading finds a letter and the reply holds no other letter or option text, the official
 * one finds the same. It does not hold, by design, for replies with
 * - reasoning in `<think>` or more than one `<answer>`: the official code reads all of it;
 * - small or full-width letters: the official code knows ASCII capitals;
 * - an option's text inside a word of the reply: the official code replaces it there too;
 * - other capitals that name an option ("ASA class B", "A patient …"): its last pattern takes the last of them.
 */
describe('both readings agree where no other letter competes', () => {
  test.each(STATEMENTS)('%j', (statement) => {
    for (const before of BEFORE) {
      for (const after of AFTER) {
        for (let index = 0; index < OPTIONS.length; index++) {
          const letter = String.fromCharCode(65 + index)
          const reply = before + statement.replace('@', letter) + after
          expect([reply, strictExtraction(reply, OPTIONS)]).toMatchObject([reply, { letter }])
          expect([reply, officialExtraction(reply, OPTIONS)]).toMatchObject([reply, { letter }])
        }
      }
    }
  })

  test.each(OPTIONS)('the text %j alone', (text) => {
    for (const reply of [text, `Answer: ${text}`, `The answer is ${text}.`]) {
      const strict = strictExtraction(reply, OPTIONS)
      expect(strict).toMatchObject({ kind: 'letter', path: 'option-text' })
      const letter = strict.kind === 'letter' ? strict.letter : ''
      expect(officialExtraction(reply, OPTIONS)).toMatchObject({ letter })
    }
  })
})

describe('where they differ, the strict reading is what the reply means', () => {
  test.each([
    ['<think>Perhaps B?</think>Answer: A. B is too slow', 'A', 'A'],
    ['<think>The answer is B</think>\n\nA', 'A', 'B'],
    ['The answer is d', 'D', 'C'],
    ['Ｂ', 'B', 'A'],
    ['Answer: A or B', null, 'A'],
    ['The answer is not A', null, 'A'],
    ['It depends.', null, 'E'],
    ['', null, 'A'],
  ])('%j: strict %s, official %s', (reply, strict, official) => {
    const options = ['Ketamine', 'Propofol', 'Thiopental', 'Etomidate, slowly', 'Midazolam depending on age']
    const read = strictExtraction(reply, options)
    expect(read.kind === 'letter' ? read.letter : null).toBe(strict)
    expect(officialExtraction(reply, options)).toMatchObject({ letter: official })
  })
})

import { expect, describe, test } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import { optionLetter } from '#core/prompt/question'

/** JMED asks with 21 options, A to U; these are invented. */
const OPTIONS = Array.from(
  { length: 21 },
  (_, index) => `虚构诊断${'甲乙丙丁戊己庚辛壬癸'[index % 10]}${index}型`,
)
const LETTERS = OPTIONS.map((_, index) => optionLetter(index))

const FORMS: [name: string, reply: (letter: string, text: string) => string][] = [
  ['a letter', (letter) => letter],
  ['a sentence', (letter) => `The answer is ${letter}.`],
  ['a Chinese sentence', (letter) => `综合分析，答案是${letter}。`],
  ['a Chinese label', (letter, text) => `分析如上。\n答案：${letter}. ${text}`],
  [
    'Citrus’s format',
    (letter, text) => `<think>先考虑 A，再考虑 B。</think>\n<answer>${letter}. ${text}</answer>`,
  ],
]

describe.each(LETTERS)('option %s of 21', (letter) => {
  const text = OPTIONS[LETTERS.indexOf(letter)] ?? ''
  test.each(FORMS)('is read strictly from %s', (_, reply) => {
    expect(strictExtraction(reply(letter, text), OPTIONS)).toMatchObject({ kind: 'letter', letter })
  })
  test.each(FORMS.slice(0, 4))('is read officially from %s', (_, reply) => {
    expect(officialExtraction(reply(letter, text), OPTIONS)).toMatchObject({ kind: 'letter', letter })
  })
})

describe('Citrus’s format', () => {
  test('counts the last answer', () => {
    const reply = '<think>…</think><answer>B</answer> 我再想想。<answer>T</answer>'
    expect(strictExtraction(reply, OPTIONS)).toMatchObject({ letter: 'T' })
  })

  test('leaves a letter after U outside', () => {
    expect(strictExtraction('答案是V。', OPTIONS)).toEqual({ kind: 'none', reason: 'letter-outside-options' })
  })
})

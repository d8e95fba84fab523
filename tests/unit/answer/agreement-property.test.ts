import { expect, test } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import { golden, hasGolden, readCases, seeded } from './cases'

const OPTION_TEXTS = [
  'ketamine',
  'propofol',
  'etomidate',
  'thiopental',
  'midazolam',
  'fentanyl',
  'rocuronium',
  'sugammadex',
  'lidocaine',
  '丙泊酚',
  '氯胺酮',
  '依托咪酯',
  '罗库溴铵',
  '新斯的明',
  '瑞芬太尼',
  '右美托咪定',
]
const SENTENCES = [
  'the pressure falls after induction.',
  'this is the usual dose in adults;',
  'it acts within a minute.',
  'the others are slower, or last longer.',
  'so the kidney clears it.',
  '1. consider the airway.',
  '- rapid onset',
  '患者血压下降。',
  '起效迅速，',
  '其余各项均较慢。',
  '首先考虑气道。',
  '**重点**：代谢途径。',
  '',
  '\n',
  '\n\n',
  '...',
  '50%',
  '(see above)',
]
const STATEMENTS = [
  '@',
  '@.',
  '**@**',
  '(@)',
  'Answer: @',
  '**Answer:** @',
  'The answer is @.',
  'the correct answer is option @.',
  'The best choice would be @',
  'I would choose @.',
  '$\\boxed{@}$',
  '{"answer": "@"}',
  '@ is correct.',
  'hence @.',
  '答案：@',
  '答案是@。',
  '正确答案为 @',
  '故选@。',
  '选择@',
  '【答案】@',
  '@正确',
  '@项正确。',
]

/** Whether the reply names another option: by its letter, standing alone, or by its text. */
function isContested(reply: string, letter: string, options: readonly string[]): boolean {
  return options.some((text, index) => {
    const other = String.fromCharCode(65 + index)
    if (other === letter) return false
    return new RegExp(`(?<![A-Za-z0-9])${other}(?![A-Za-z0-9])`).test(reply) || reply.includes(text)
  })
}

/**
 * What the property leaves out by design, see agreement.test.ts: reasoning, small and full-width letters, texts so short
 * that they are found inside words, and (these replies are made to confuse) other letters within words.
 */
function isOtherwiseRead(reply: string, letter: string, options: readonly string[]): boolean {
  const others = options
    .map((_, index) => String.fromCharCode(65 + index))
    .filter((other) => other !== letter)
  return (
    /<\/?(?:think|answer)|[Ａ-Ｚａ-ｚ]/.test(reply) ||
    !reply.includes(letter) ||
    others.some((other) => reply.includes(other)) ||
    options.some((text) => /^[A-Za-z0-9]{0,3}$/.test(text))
  )
}

test('over random replies, the official reading finds each letter that the strict one finds uncontested', () => {
  const next = seeded(20_261_122)
  const pick = <Value>(values: readonly Value[]): Value => values[next(values.length)] as Value
  let compared = 0
  for (let round = 0; round < 20_000; round += 1) {
    const count = 2 + next(8)
    const start = next(OPTION_TEXTS.length)
    const options = Array.from(
      { length: count },
      (_, index) => OPTION_TEXTS[(start + index) % OPTION_TEXTS.length] ?? '',
    )
    const said = String.fromCharCode(65 + next(count))
    const parts = Array.from({ length: next(4) }, () => pick(SENTENCES))
    parts.splice(next(parts.length + 1), 0, pick(STATEMENTS).replace('@', said))
    if (next(4) === 0) parts.splice(next(parts.length + 1), 0, pick(options))
    const reply = parts.join(pick([' ', '\n', '\n\n']))
    const strict = strictExtraction(reply, options)
    if (strict.kind === 'none' || isContested(reply, strict.letter, options)) continue
    compared += 1
    expect([reply, officialExtraction(reply, options)]).toMatchObject([reply, { letter: strict.letter }])
  }
  expect(compared).toBeGreaterThan(10_000)
})

test.runIf(hasGolden)('over replies with known official letters, likewise', () => {
  const compared = readCases(golden).filter(({ reply, options, official }) => {
    const strict = strictExtraction(reply, options)
    if (strict.kind === 'none' || isContested(reply, strict.letter, options)) return false
    if (isOtherwiseRead(reply, strict.letter, options)) return false
    expect([reply, official]).toEqual([reply, strict.letter])
    return true
  })
  expect(compared.length).toBeGreaterThan(100)
})

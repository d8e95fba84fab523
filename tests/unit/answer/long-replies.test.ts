import { describe, expect, test } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import { randomText, seeded } from './cases'

/** Characters of a long reply: far beyond the 2,048 tokens of the official protocol. */
const LENGTH = 100_000

/**
 * Ten times what a reply of 100 KB may take, in processor time: backtracking or a quadratic step takes many
 * seconds, a slow or busy test machine does not.
 */
const LIMIT_MS = 1_000

function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const OPTION_SETS: Record<string, readonly string[]> = {
  'four options': [
    'Give dantrolene and cool the patient',
    'Give neostigmine',
    'Repeat it',
    'Keep sevoflurane on.',
  ],
  '26 long options': Array.from(
    { length: 26 },
    (_, i) =>
      `increase the inspired oxygen and apply positive pressure to both lungs, then step ${i} of the plan`,
  ),
  'empty options': ['', '.', 'answer', ''],
}

const next = seeded(3)

const REPLIES: Record<string, string> = {
  ...Object.fromEntries(
    [
      ' ',
      '\n',
      'A',
      'A ',
      'B=',
      'A, ',
      '(',
      '$',
      '"',
      '<think>',
      '<answer>',
      '\\boxed{',
      'answer ',
      'answer: ',
      'not the correct answer is ',
      'the answer is not known ',
      'choose choice answer be is not ',
      "B n't right ",
      'B=不 ',
      '选',
      '答案:',
      '答案是',
      '正确',
      'A正确选项：',
      'best a b c d e ',
      'give dantrolene and cool the patien',
      'ive neostigmine! ',
      'ab',
      'é·',
      'ı',
      '\ud800',
      '😀',
      'ﷺ',
      `${'x'.repeat(30)}etaoinsr`,
    ].map((piece) => [piece, piece.repeat(LENGTH / piece.length)]),
  ),
  'answer and colons': `答案${':'.repeat(LENGTH)}`,
  'answer and links': `正确答案${'是'.repeat(LENGTH)}`,
  'one endless word': `answer: ${'x'.repeat(LENGTH)}`,
  'random words': randomText(next, [...'abcdefghijklmnopqrstuvwxyz    '], LENGTH),
  'random words of few letters': randomText(next, [...'etaoin  '], LENGTH),
}

describe.each(Object.entries(OPTION_SETS))('with %s', (_, options) => {
  test.each(Object.entries(REPLIES))('100,000 characters of %j are read in time', (_, reply) => {
    const start = processorMs()
    expect(officialExtraction(reply, options).kind).toBe('letter')
    const read = processorMs()
    expect(strictExtraction(reply, options)).toHaveProperty('kind')
    expect(read - start).toBeLessThan(LIMIT_MS)
    expect(processorMs() - read).toBeLessThan(LIMIT_MS)
  })
})

test('a statement at the end of a long reply is read', () => {
  const reply = `${'The patient is stable and the airway is safe. '.repeat(2_000)}Answer: B`
  const options = OPTION_SETS['four options'] ?? []
  expect(officialExtraction(reply, options)).toEqual({ kind: 'letter', letter: 'B', path: 'pattern' })
  expect(strictExtraction(reply, options)).toEqual({ kind: 'letter', letter: 'B', path: 'statement' })
})

import { describe, expect, test } from 'vitest'
import { textFormat } from '#core/dataset/format'
import { readRow } from '#core/dataset/read-row'

/** JMED's number of options; the diagnoses are invented. */
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTU']
const text = (letter: string) => `虚构诊断${letter}`
const BY_LETTER = Object.fromEntries(LETTERS.map((letter) => [letter, text(letter)]))
const QUESTION = '虚构患者，男，40 岁，自述头晕三天。最可能的诊断是什么？'

const read = (row: Record<string, unknown>) => readRow(row, 1, null)
const wanted = (targetIndex: number) => ({
  items: [{ id: 'j1', language: 'zh', level: null, stem: QUESTION, options: LETTERS.map(text), targetIndex }],
  problems: [],
})

const PYTHON = `{${LETTERS.map((letter) => `'${letter}': '${text(letter)}'`).join(', ')}}`

describe('21 options, A to U', () => {
  const listed = { id: 'j1', question: QUESTION }
  test.each([
    ['in the current shape', { ...listed, ...BY_LETTER, choice_num: 21, target: 'U' }],
    ['by letter', { ...listed, options: BY_LETTER, answer: 'U' }],
    ['by letter, the key in a list', { ...listed, options: BY_LETTER, answer: ['U'] }],
    ['in a list', { ...listed, options: LETTERS.map(text), answer_idx: 'U', answer: text('U') }],
    ['in a list, the key as text', { ...listed, options: LETTERS.map(text), answer: text('U') }],
    [
      'in a list with their letters',
      { ...listed, options: LETTERS.map((l) => `${l}. ${text(l)}`), answer: 'u' },
    ],
    ['in a table, as JSON', { ...listed, options: JSON.stringify(BY_LETTER), answer: '["U"]' }],
    ['in a table, as Python prints them', { ...listed, options: PYTHON, answer: "['U']" }],
    [
      'as Citrus writes them',
      {
        ...{ exam_name: 'jmed', id: 'j1', Q: QUESTION, A: 'U', C: null },
        OP: LETTERS.map((l) => ({ op_idx: l, op_value: text(l), op_text: `${l}. ${text(l)}` })),
      },
    ],
  ])('are read %s', (_, row) => {
    expect(read(row)).toEqual(wanted(20))
  })

  test.each(LETTERS)('each letter can be the key: %s', (letter) => {
    expect(read({ ...listed, options: BY_LETTER, answer: letter })).toEqual(wanted(LETTERS.indexOf(letter)))
  })
})

describe('a row with its options in one field says what is wrong', () => {
  const row = { id: 'j1', question: QUESTION, options: BY_LETTER, answer: 'A' }
  test.each([
    ['two keys', { ...row, answer: ['A', 'B'] }, 'target: not-a-letter'],
    ['a key beyond its options', { ...row, answer: 'V' }, 'target: target-outside'],
    [
      'a key that two options share',
      { ...row, options: ['same', 'same', 'other'], answer: 'same' },
      'target: not-a-letter',
    ],
    ['an option that is missing', { ...row, options: { A: 'x', C: 'y' } }, 'B: option-gap'],
    ['no options', { ...row, options: [] }, 'A: too-few-options'],
    ['options that are no list', { ...row, options: 'see above' }, 'A: too-few-options'],
    ['27 options', { ...row, options: Array(27).fill('x') }, 'choice_num: too-many-options'],
    ['an option that is no text', { ...row, options: { A: 1, B: 'y' } }, 'A: not-text'],
  ])('%s', (_, broken, problem) => {
    expect(read(broken).items).toEqual([])
    expect(read(broken).problems.map(({ field, code }) => `${field}: ${code}`)).toContain(problem)
  })

  test('and no name of an option takes the place of another field', () => {
    const hostile = JSON.parse(
      '{"A":"x","B":"y","id":"z","question":"?","target":"B","__proto__":"w"}',
    ) as object
    expect(read({ ...row, options: hostile }).items).toMatchObject([
      { id: 'j1', stem: QUESTION, options: ['x', 'y'], targetIndex: 0 },
    ])
  })
})

test('lines with a list in each are lines, whatever the file is called', () => {
  const line = JSON.stringify({ question: QUESTION, options: ['x', 'y'], answer: ['A'] })
  expect(textFormat('jmed.json', `${line}\n${line}`)).toBe('jsonl')
  expect(textFormat('jmed.json', JSON.stringify({ rows: [{ question: QUESTION }] }))).toBe('json')
})

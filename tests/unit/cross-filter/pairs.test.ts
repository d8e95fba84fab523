import { describe, expect, test } from 'vitest'
import { MAX_PAIRS, MAX_PAIR_TEXT } from '#core/cross-filter/limits'
import { PairCollector } from '#core/cross-filter/pair-collector'
import { readPair } from '#core/cross-filter/read-pair'
import { exportedPairs, filterFileName, jsonlParts, pairCsvParts } from '#core/cross-filter/export'
import { visitJsonLines } from '#core/dataset/jsonl-rows'
import { answered, created, folded, scored, started } from './fixture'

const read = (value: unknown) => readPair(value, null)

describe('reading a pair', () => {
  test.each([
    [{ question: 'Q?', answer: 'A.' }, 'Q?', 'A.'],
    [{ instruction: 'Q?', output: 'A.' }, 'Q?', 'A.'],
    [{ instruction: 'Explain.', input: 'Ketamine', output: 'A.' }, 'Explain.\n\nKetamine', 'A.'],
    [{ instruction: 'Explain.', input: '', output: 'A.' }, 'Explain.', 'A.'],
    [{ input: 'Q?', output: 'A.' }, 'Q?', 'A.'],
    [{ prompt: 'Q?', response: 'A.' }, 'Q?', 'A.'],
    [{ Question: ' Q? ', ANSWER: 'A.\n' }, 'Q?', 'A.'],
    [{ 问题: '什么是丙泊酚？', 回答: '一种静脉麻醉药。' }, '什么是丙泊酚？', '一种静脉麻醉药。'],
    [{ question: 'Q?' }, 'Q?', null],
    [{ question: 'Q?', answer: '' }, 'Q?', null],
    [{ question: 'Q?', answer: null }, 'Q?', null],
  ])('%j', (row, question, answer) => {
    expect(read(row)).toMatchObject({ ok: true, pair: { question, answer } })
  })

  test('the language is the named one, else the file’s, else that of the script', () => {
    expect(read({ question: '问', lang: 'en' })).toMatchObject({ pair: { language: 'en' } })
    expect(readPair({ question: 'Q' }, 'zh')).toMatchObject({ pair: { language: 'zh' } })
    expect(read({ question: '丙泊酚 propofol？' })).toMatchObject({ pair: { language: 'zh' } })
    expect(read({ question: 'Q', id: 7 })).toMatchObject({ pair: { language: 'en', id: '7' } })
  })

  test.each([
    ['a list', [1], { code: 'not-an-object' }],
    ['no question', { title: 'x' }, { code: 'no-question', found: 'title' }],
    ['a blank question', { question: ' ' }, { code: 'empty', field: 'question' }],
    ['a number', { question: 5 }, { code: 'not-text', field: 'question', found: '5' }],
    ['an answer that is a list', { question: 'Q', answer: ['A'] }, { code: 'not-text', field: 'answer' }],
    [
      'a long question',
      { prompt: 'x'.repeat(MAX_PAIR_TEXT + 1) },
      { code: 'too-long', field: 'prompt', expected: '20000' },
    ],
    ['another language', { question: 'Q', language: 'fr' }, { code: 'bad-language', found: '"fr"' }],
    ['a prototype', JSON.parse('{"__proto__": {"question": "Q"}}'), { code: 'no-question' }],
  ])('%s', (_name, row, problem) => {
    expect(read(row)).toMatchObject({ ok: false, problem })
  })

  test('a text at the limit is read', () => {
    expect(read({ question: 'x'.repeat(MAX_PAIR_TEXT) }).ok).toBe(true)
  })
})

describe('gathering pairs', () => {
  const lines = (text: string) => async (visit: Parameters<typeof visitJsonLines>[1]) => {
    visitJsonLines(text, visit)
    return Promise.resolve(null)
  }

  test('the same question twice is two pairs; bad rows are named by file and line', async () => {
    const collector = new PairCollector()
    const text = '{"question":"Q","answer":"A"}\n\n{"question":"Q","answer":"B"}\n{oops}\n{"x":1}\n'
    expect(await collector.addFile('pairs.jsonl', lines(text))).toBeNull()
    expect(collector.pairs.map(({ answer, row }) => [answer, row])).toEqual([
      ['A', 1],
      ['B', 3],
    ])
    expect(collector.problems).toMatchObject({
      total: 2,
      listed: [
        { file: 'pairs.jsonl', row: 4, code: 'invalid-json' },
        { file: 'pairs.jsonl', row: 5, code: 'no-question' },
      ],
    })
  })

  test('as many as the limit are read, one more is refused', async () => {
    const text = '{"question":"Q"}\n'
    const most = new PairCollector()
    expect(await most.addFile('a.jsonl', lines(text.repeat(MAX_PAIRS)))).toBeNull()
    expect(most.pairs).toHaveLength(MAX_PAIRS)
    expect(await most.addFile('b.jsonl', lines(text))).toEqual({
      ...{ kind: 'too-many-rows', file: 'b.jsonl', limitRows: MAX_PAIRS },
    })
  })

  test('a file without rows', async () => {
    expect(await new PairCollector().addFile('e.jsonl', lines('\n'))).toEqual({
      kind: 'no-rows',
      file: 'e.jsonl',
    })
  })
})

describe('the files', () => {
  const state = folded(
    created(['=Given', null, 'Unjudged']),
    started('generator', 'w'.repeat(64)),
    answered(1, 'Written'),
    started(0, 'j'.repeat(64)),
    scored(0, 9),
    scored(1, 3),
  )
  const lines = (part: 'kept' | 'dropped' | 'all') =>
    [...jsonlParts(exportedPairs(state, part, 'No advice.'))].map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    )

  test('kept and dropped pairs carry scores, models, fingerprints, prompt hash and notice', () => {
    expect(lines('kept')).toHaveLength(1)
    expect(lines('kept')[0]).toMatchObject({
      ...{ question: 'Question 0?', answer: '=Given', verdict: 'kept', value: 9, answered_by: null },
      judges: [{ name: 'First', fingerprint: 'j'.repeat(64), scores: { harmfulness: 9 } }],
      ...{ prompt_sha256: 'a'.repeat(64), notice: 'No advice.' },
    })
    expect(lines('dropped')).toMatchObject([
      {
        answer: 'Written',
        verdict: 'dropped',
        value: 3,
        answered_by: { name: 'Writer', fingerprint: 'w'.repeat(64) },
      },
    ])
    expect(lines('all').map(({ verdict }) => verdict)).toEqual(['kept', 'dropped', 'unscored'])
  })

  test('what was exported is read again', () => {
    for (const line of lines('all'))
      expect(read(line)).toMatchObject({ ok: true, pair: { question: line.question } })
  })

  test('CSV has a column for everything, and no cell that a spreadsheet runs', () => {
    const [head = '', first = ''] = [...pairCsvParts(exportedPairs(state, 'all', 'No advice.'))]
    const columns = head.trim().split(',')
    expect(columns).toContain('judge_2_friendliness_expected')
    expect(first.trim().split(',')).toHaveLength(columns.length)
    expect(first).toContain("'=Given")
  })

  test('the name says what is in it', () => {
    expect(filterFileName('kept', Date.UTC(2026, 10, 22, 12), 'jsonl')).toBe(
      'somnus-cross-filter-kept-2026-11-22.jsonl',
    )
  })
})

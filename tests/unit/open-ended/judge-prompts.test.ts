import { describe, expect, test } from 'vitest'
import { OpenDraft } from '#app/open-draft.svelte'
import { MAX_PAIR_TEXT } from '#core/cross-filter/limits'
import type { SourcePair } from '#core/cross-filter/types'
import { openCsv, openJson, verdictReport, type OpenFile } from '#core/open-ended/export'
import { areGiven, comparisonProblems, COMPARISON_PROMPTS } from '#core/open-ended/prompts'
import { success } from '#core/result'
import { fillPlaceholders } from '#core/turns/placeholders'
import { model } from '../cross-filter/fixture'
import { answeredEvents, compared, folded, started } from './fixture'

const edited = { ...COMPARISON_PROMPTS, user: { ...COMPARISON_PROMPTS.user, en: 'Which?' } }

describe('the wording', () => {
  test('is the given one letter by letter, or an edited one', () => {
    expect(areGiven(structuredClone(COMPARISON_PROMPTS))).toBe(true)
    expect(areGiven(edited)).toBe(false)
    expect(areGiven({ ...COMPARISON_PROMPTS, version: 'somnus-open-ended-0' })).toBe(false)
    for (const language of ['en', 'zh'] as const)
      expect(comparisonProblems(COMPARISON_PROMPTS, language)).toEqual([])
  })

  test('that lacks a word, has an unknown one, or is too long is told', () => {
    const en = `{question} {reference} {first} {Second} ${'x'.repeat(MAX_PAIR_TEXT)}`
    expect(comparisonProblems({ ...edited, user: { ...edited.user, en } }, 'en')).toEqual([
      { kind: 'missing-word', word: '{second}' },
      { kind: 'unknown-word', word: '{Second}' },
      { kind: 'too-long' },
    ])
  })

  test('fills each place once; words in braces that come with a text stay', () => {
    expect(fillPlaceholders('{a} {b} {c}', { '{a}': '{b}', '{b}': '$&' })).toBe('{b} $& {c}')
  })
})

describe('a new evaluation', () => {
  const pair = (row: number, answer: string | null): SourcePair => ({
    ...{ id: null, question: `Q${row}`, answer, language: 'en' as const, file: 'a.csv', row },
  })

  async function draftOf(...pairs: SourcePair[]) {
    const draft = new OpenDraft(() => 7)
    const refused = {
      file: 'a.csv',
      row: 3,
      field: 'lang',
      code: 'bad-language',
      expected: 'en, zh',
      found: '',
    }
    const problems = { listed: [{ ...refused, code: 'bad-language' as const }], total: 1 }
    const files = [{ name: 'a.csv', sha256: '' }]
    await draft.read([], {
      readFiles: () => Promise.resolve(success({ files, failures: [], pairs, problems })),
    })
    draft.first = model('First')
    draft.second = model('Second')
    return draft
  }

  test('lists each row that is left out, in the order of the file', async () => {
    const draft = await draftOf(pair(2, null), pair(4, 'R'), pair(5, null))
    expect(draft.problems.listed.map(({ row, code }) => [row, code])).toEqual([
      [2, 'no-reference'],
      [3, 'bad-language'],
      [5, 'no-reference'],
    ])
    expect(draft.evaluation).toMatchObject({ problemCount: 3, name: 'a.csv', seed: 7 })
    expect(draft.questions.map(({ row }) => row)).toEqual([4])
  })

  test('cannot begin with a wording that cannot be used, unless nobody judges', async () => {
    const draft = await draftOf(pair(2, 'R'))
    draft.prompts = edited
    expect(draft.evaluation?.prompts).toEqual(COMPARISON_PROMPTS)
    draft.judge = model('Judge')
    expect(draft.obstacle).toBe('prompts')
    const en = `${COMPARISON_PROMPTS.user.en} Please.`
    draft.prompts = { ...edited, user: { ...edited.user, en } }
    expect(draft.evaluation?.prompts.user.en).toBe(en)
  })
})

describe('files', () => {
  const report = { similarity: [], raters: { rated: 0, aspects: null, agreement: null } }

  function fileOf(plan = {}) {
    const events = [...answeredEvents(1, plan), started('judge', 'j'), compared(0, 'straight', 'A')]
    const state = folded(...events)
    const text = openJson(events, state, { ...report, verdicts: verdictReport(state) }, 'notice')
    return { state, file: JSON.parse(text) as OpenFile }
  }

  test('name the wording, whose it is, and its hash', () => {
    expect(fileOf().file.judge_prompts).toEqual({
      ...COMPARISON_PROMPTS,
      ...{ wording: 'given', sha256: 'a'.repeat(64) },
    })
    expect(fileOf({ prompts: edited }).file.judge_prompts).toMatchObject({ wording: 'edited' })
    const [heads = '', row = ''] = [...openCsv(fileOf().state, [null], 'notice')].join('').split(/\r?\n/)
    const at = heads.split(',').indexOf('prompt_sha256')
    expect(row.split(',')[at]).toBe('a'.repeat(64))
  })
})

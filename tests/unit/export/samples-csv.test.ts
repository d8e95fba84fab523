import { describe, expect, it } from 'vitest'
import { inspectLogParts } from '#core/export/inspect/log'
import type { InspectLog } from '#core/export/inspect/log-types'
import { runCsvParts } from '#core/export/run-csv'
import { samplesCsvParts } from '#core/export/samples-csv'
import { readCsv } from './read-csv'
import { run, sha256 } from './runs'
import { sampledRun, VOTE_SUM } from './sampled-runs'

function table(parts: Iterable<string>): Record<string, string>[] {
  const [fields = [], ...rows] = readCsv([...parts].join(''))
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [fields[at] ?? '', value])))
}

describe('the table of all replies', () => {
  const rows = table(samplesCsvParts(sampledRun(), sha256))

  it('has one row per reply to an answered question', () => {
    expect(rows.map((row) => [row['position'], row['sample']])).toEqual([
      ['0', '0'],
      ['0', '1'],
      ['0', '2'],
      ['1', '0'],
      ['1', '1'],
    ])
  })

  it('says what each is worth, by whom, and which one stands for the choice', () => {
    expect(rows[1]).toMatchObject({
      official_letter: 'A',
      official_correct: 'true',
      represents_strict: 'true',
      worth: '0.5',
      step_scores: '0.5 0.6',
      scorer: 'self-verifier',
      verifier_version: 'somnus-verifier-1',
      later_step_scores: 'reward-model MedSSS_PRM q4f16_1: 0.1 0.2',
      strategy: 'vote-sum',
    })
    expect(rows[1]).toMatchObject({
      prompt_path: 'cold',
      cold_reason: 'nothing-in-common',
      scoring_tokens_fed: '90',
      scoring_tokens_reused: '60',
      scoring_prompt_path: 'reused',
      scoring_cold_reason: '',
      scoring_prompt_compared: 'false',
    })
    expect(rows[0]).toMatchObject({ official_correct: 'false', represents_strict: 'false', worth: '0.4' })
    expect(rows[0]?.['later_step_scores']).toBe('')
  })
})

describe('the table of questions', () => {
  it('says how all prompts of an answer were read, those that were scored among them', () => {
    const [first] = table(runCsvParts(sampledRun(), { includeQuestions: false }, sha256))
    expect(first).toMatchObject({
      prompt_tokens: String(3 * (100 + 150)),
      tokens_fed: String(3 * (100 + 90)),
      tokens_reused: String(3 * 60),
      prompt_path: 'reused',
      cold_reason: 'nothing-in-common',
    })
  })

  it('says how many replies each took, of such runs only', () => {
    const rows = table(runCsvParts(sampledRun(), { includeQuestions: false }, sha256))
    const taken = rows.map((row) => [row['samples_planned'], row['samples_taken'], row['sample_shown']])
    expect(taken).toEqual([
      ['3', '3', '1'],
      ['3', '2', '0'],
      ['3', '', ''],
    ])
    expect(table(runCsvParts(run(), { includeQuestions: false }, sha256))[0]).not.toHaveProperty('strategy')
  })
})

describe('the Inspect log', () => {
  const log = (of = sampledRun()) =>
    JSON.parse([...inspectLogParts(of, { includeQuestions: true }, sha256)].join('')) as InspectLog

  it('has all replies as choices, the one that stands for them first, and the rest as metadata', () => {
    const [first, second] = log().samples
    const texts = first?.output.choices.map(({ message }) => message.content)
    expect(texts?.map((text) => text.at(-2))).toEqual(['A', 'B', 'A'])
    expect(first?.output.completion).toBe(texts?.[0])
    const ids = first?.output.choices.map(({ message }) => message.id)
    expect(new Set(ids).size).toBe(3)
    expect(first?.metadata).toMatchObject({
      sampling: { planned: 3, taken: 3 },
      replies: [{ index: 0, scores: { steps: [0.9, 0.4] } }, { index: 1 }, { index: 2 }],
    })
    expect(JSON.stringify(first?.metadata)).not.toContain('Because')
    expect(second?.output.choices).toHaveLength(2)
    expect(log().eval.model_generate_config.num_choices).toBe(3)
    expect(log().eval.task_args).toMatchObject({ strategy: VOTE_SUM })
    expect(log().eval.solver).toBe('vote-sum')
  })

  it('says nothing of strategies of other runs', () => {
    expect(JSON.stringify(log(run()))).not.toMatch(/strategy|num_choices|sampling/)
  })
})

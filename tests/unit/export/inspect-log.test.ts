import { describe, expect, it } from 'vitest'
import type { ExportableRun } from '#core/export/exportable-run'
import { inspectFileName, inspectLogParts } from '#core/export/inspect/log'
import type { InspectLog } from '#core/export/inspect/log-types'
import { accuracyTable } from '#core/score/accuracy-table'
import { randomAnswers } from '../score/answers'
import { fullRun, lettersRun, plan, run, sha256 } from './runs'

function logOf(of: ExportableRun, includeQuestions = true): InspectLog {
  return JSON.parse([...inspectLogParts(of, { includeQuestions }, sha256)].join('')) as InspectLog
}

describe('the header', () => {
  it('names task, model, settings and the scores of the protocol', () => {
    const log = logOf(run())
    expect(log).toMatchObject({ version: 2, status: 'success' })
    expect(log.eval).toMatchObject({
      created: '2026-11-21T09:00:00.000Z',
      task: 'Démo / 演示',
      model: 'wllama/Qwen2.5 0.5B q4f16_1',
      model_generate_config: { max_tokens: 2048, temperature: 0, top_p: 1, seed: 0 },
      model_args: { weights_sha256: 'ff'.repeat(32), library_sha256: '1b'.repeat(32) },
      dataset: { samples: 3, sample_ids: ['en/item-0', 'zh/item-1'] },
      config: { limit: 3, sample_shuffle: 7 },
      packages: { somnus: '0.1.0+abc1234', wllama: '3.8.1' },
      metadata: { receipt: { itemsSha256: 'cd'.repeat(32) }, ended: 'finished' },
    })
    expect(log.plan.steps.map(({ solver }) => solver)).toEqual(['prompt', 'generate'])
    expect(log.results.scores.map(({ name }) => name)).toEqual(['official', 'strict'])
    expect(log.stats).toMatchObject({
      started_at: '2026-11-21T09:00:01.000Z',
      completed_at: '2026-11-21T09:00:09.000Z',
      model_usage: {
        'wllama/Qwen2.5 0.5B q4f16_1': { input_tokens: 400, output_tokens: 22, total_tokens: 422 },
      },
    })
  })

  it('comes before the samples, which readers of headers never reach', () => {
    const [head, ...others] = inspectLogParts(run(), { includeQuestions: true }, sha256)
    expect(head).toContain('"results":{')
    expect(head).toMatch(/"samples":\[$/)
    expect(others).toHaveLength(3)
  })

  it('has the accuracy of the table and the standard error of a mean with n - 1', () => {
    const answers = randomAnswers(40, 6)
    const table = accuracyTable(answers)
    const log = logOf({ ...run({ answers, flags: {} }) })
    for (const { name, metrics } of log.results.scores) {
      const values: number[] = log.samples.map(({ scores }) => (scores[name]?.value === 'C' ? 1 : 0))
      const mean = values.reduce((sum, value) => sum + value) / values.length
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
      expect(metrics.accuracy?.value).toBe(table.total[name as 'official'].accuracy)
      expect(metrics.accuracy?.value).toBeCloseTo(mean, 12)
      expect(metrics.stderr?.value).toBeCloseTo(Math.sqrt(variance / values.length), 12)
    }
  })

  it('calls a run that ended before its time cancelled, and one that used up its budget a success', () => {
    const ended = (reason: NonNullable<ExportableRun['ended']>['reason']) =>
      logOf(run({ ended: { at: 1, reason } })).status
    expect((['finished', 'minutes', 'precision', 'user'] as const).map(ended)).toEqual([
      ...['success', 'success', 'success', 'cancelled'],
    ])
    expect(logOf(lettersRun()).status).toBe('cancelled')
  })

  it('is valid without answers', () => {
    const log = logOf(run({ answers: [], flags: {}, starts: [], ended: null }))
    expect(log.samples).toEqual([])
    expect(log.results.scores[0]?.metrics).toMatchObject({ accuracy: { value: 0 }, stderr: { value: 0 } })
  })
})

describe('a sample', () => {
  it('has question, options, key, messages as sent, reply and judgements', () => {
    const [sample] = logOf(run()).samples
    expect(sample).toMatchObject({
      id: 'en/item-0',
      epoch: 1,
      input: 'Stem 0',
      choices: ['option 0', 'option 1', 'option 2', 'option 3'],
      target: 'B',
      output: { completion: '=cmd|calc\nso B', time: 1.05, choices: [{ stop_reason: 'stop' }] },
      scores: {
        official: { value: 'C', answer: 'B' },
        strict: { value: 'N', answer: null, explanation: expect.stringContaining('no-statement') as string },
      },
      metadata: { level: 1, position: 0 },
    })
    expect(sample?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
    expect(sample?.messages[1]?.content).toContain('B. option 1')
    expect(logOf(run()).samples[1]?.metadata).toMatchObject({ key_doubted: 'two right answers' })
  })

  it('has the examples that went before it, its forward pass and its limit; rotated questions are none', () => {
    const log = logOf(fullRun())
    expect(log.samples.map(({ id }) => id)).toEqual(['en/item-0', 'en/item-2'])
    expect(log.eval.metadata).toMatchObject({ rotated_questions_left_out: 1 })
    expect(log.samples[0]?.messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'user', 'assistant'],
    ])
    expect(log.samples[0]?.scores.forward).toMatchObject({
      value: 'C',
      explanation: expect.stringContaining('A 12.5%, B 50.0%, C 25.0%, D 12.5%') as string,
    })
    expect(log.samples[1]).toMatchObject({
      limit: { type: 'context', limit: 8 },
      output: { choices: [{ stop_reason: 'model_length' }] },
    })
  })

  it('of a run of forward passes has the letter as its reply, with the logarithms of the probabilities', () => {
    const [tie] = logOf(lettersRun()).samples
    expect(tie?.output.choices[0]).toMatchObject({ message: { content: '' } })
    expect(tie?.scores).toEqual({ forward: expect.objectContaining({ value: 'N', answer: null }) as object })
    const [answer] = lettersRun().answers
    const forward = { probabilities: [0, 0.75, 0.25, 0], letter: 'B', promptTokens: 1, elapsedMs: 1 }
    const [sample] = logOf({ ...lettersRun(), answers: [{ ...answer!, forward }] }).samples
    expect(sample?.output).toMatchObject({
      completion: 'B',
      choices: [
        {
          logprobs: {
            content: [
              {
                token: 'B',
                logprob: Math.log(0.75),
                top_logprobs: [{ token: 'B' }, { token: 'C', logprob: Math.log(0.25) }],
              },
            ],
          },
        },
      ],
    })
  })

  it('holds nothing of the question when questions are left out', () => {
    const text = JSON.stringify(logOf(fullRun(), false))
    for (const words of ['Stem 0', 'option 0', 'Example stem']) expect(text).not.toContain(words)
    const [sample] = logOf(run(), false).samples
    expect(sample).toMatchObject({ input: '(question left out)', target: 'B' })
    expect(sample?.messages.map(({ role }) => role)).toEqual(['assistant'])
    expect(sample?.metadata.item_sha256).toMatch(/^[0-9a-f]{64}$/)
  })
})

it('is named as Inspect lists logs', () => {
  const name = inspectFileName(plan)
  expect(name).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}[:-]\d{2}[:-]\d{2}.*\.json$/)
  expect(name).toBe('2026-11-21T09-00-00+00-00_Démo-演示_run-1.json')
})

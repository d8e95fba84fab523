import { describe, expect, it } from 'vitest'
import { itemLine } from '#core/dataset/fingerprint'
import { exportFileName } from '#core/export/file-name'
import { runCsvParts } from '#core/export/run-csv'
import type { ExportableRun } from '#core/export/exportable-run'
import { randomAnswers } from '../score/answers'
import { readCsv } from './read-csv'
import { fullRun, lettersRun, plan, run, sha256 } from './runs'

function parse(of: ExportableRun, includeQuestions = true) {
  const [fields = [], ...rows] = readCsv([...runCsvParts(of, { includeQuestions }, sha256)].join(''))
  return {
    fields,
    data: rows.map((row) => Object.fromEntries(row.map((value, at) => [fields[at] ?? '', value]))),
  }
}

describe('runCsvParts', () => {
  it('has one row per answer, with both judgements and the flag', () => {
    const { data } = parse(run())
    expect(data).toHaveLength(2)
    expect(data[0]).toMatchObject({
      position: '0',
      item_id: 'item-0',
      item_sha256: sha256(itemLine(run().answers[0]!.item)),
      level: '1',
      rotation: '0',
      key: 'B',
      official_letter: 'B',
      official_correct: 'true',
      strict_letter: '',
      strict_correct: 'false',
      strict_reason: 'no-statement',
      forward_letter: '',
      forward_correct: '',
      key_doubted: 'false',
      protocol: 'generate',
      prompts: `AnesBench ${plan.prompts.version}`,
      shots: '0',
      weights_sha256: 'ff'.repeat(32),
      items_sha256: 'cd'.repeat(32),
      asked_sha256: 'd4'.repeat(32),
      prompt_sha256: 'c3'.repeat(32),
      app: '0.1.0+abc1234',
      reply: "'=cmd|calc\nso B",
      options: 'A. option 0\nB. option 1\nC. option 2\nD. option 3',
    })
    expect(data[1]).toMatchObject({
      level: 'unlabelled',
      key_doubted: 'true',
      doubt_note: 'two right answers',
    })
  })

  it('has the forward pass and the rotations in the order asked', () => {
    const { data } = parse(fullRun())
    expect(data[0]).toMatchObject({
      forward_letter: 'B',
      forward_correct: 'true',
      forward_probabilities: 'A:0.125 B:0.5 C:0.25 D:0.125',
      forward_ms: '40.5',
      forward_tokens_fed: '180',
      forward_tokens_reused: '0',
      forward_prompt_path: 'cold',
      forward_cold_reason: 'check-failed',
      forward_prompt_compared: 'false',
      tokens_fed: '12',
      tokens_reused: '168',
      prompt_path: 'reused',
      cold_reason: '',
      prompt_compared: 'false',
      reuse_prompts: 'true',
      numbers: 'not-concerned',
      protocol: 'both',
      shots: '1',
    })
    expect(data.map(({ rotation }) => rotation)).toEqual(['0', '1', '0'])
    expect(data[1]?.item_sha256).toBe(data[0]?.item_sha256)
  })

  it('calls no answer wrong that the protocol did not ask for', () => {
    expect(parse(lettersRun()).data[0]).toMatchObject({
      official_correct: '',
      strict_correct: '',
      forward_letter: '',
      forward_correct: 'false',
    })
  })

  it('has no question columns when the questions are left out', () => {
    const { fields } = parse(run(), false)
    expect(fields).toContain('reply')
    expect(fields).not.toContain('stem')
    expect(fields).not.toContain('options')
  })

  it('keeps its rows whatever the answers', () => {
    const answers = randomAnswers(200, 11)
    const { data } = parse(run({ answers }))
    expect(data.map((row) => Number(row.position))).toEqual(answers.map(({ position }) => position))
  })
})

describe('exportFileName', () => {
  it('keeps letters and digits of any script and nothing else', () => {
    expect(exportFileName(plan, 'json')).toBe('somnus-qwen2-5-0-5b-démo-演示-2026-11-21.json')
  })

  it('stays short and has no empty part', () => {
    const odd = {
      ...plan,
      model: { ...plan.model, name: '???' },
      dataset: { ...plan.dataset, name: '字'.repeat(90) },
    }
    expect(exportFileName(odd, 'csv')).toBe(`somnus-${'字'.repeat(24)}-2026-11-21.csv`)
  })
})

import { describe, expect, it } from 'vitest'
import {
  exportFileName,
  runCsvParts,
  runExport,
  runJsonParts,
  type ExportableRun,
} from '#core/export/run-export'
import type { DatasetId } from '#core/dataset/item'
import { type RunId, type RunPlan } from '#core/run/types'
import { answer, randomAnswers } from '../score/answers'
import { readCsv } from './read-csv'
import { NO_HASHES, PLAIN_PLAN } from '../../run-defaults'

const plan: RunPlan = {
  id: 'run-1' as RunId,
  name: 'First',
  createdAt: Date.UTC(2026, 10, 21, 9),
  appVersion: '0.1.0',
  model: { recordId: 'toy', variantId: 'toy-f16', name: 'Qwen2.5 0.5B', quantization: 'q4f16_1' },
  dataset: {
    id: 'd1' as DatasetId,
    name: 'Démo / 演示',
    source: 'built-in',
    sha256: 'ab',
    itemsSha256: 'cd',
  },
  selection: {
    languages: ['en', 'zh'],
    levels: [1, 2, 3, 'unlabelled'],
    sampleSize: null,
    seed: 7,
    design: 'proportional',
  },
  strata: [],
  itemIndexes: [2, 0, 1],
  ...PLAIN_PLAN,
}

function run(change: Partial<ExportableRun> = {}): ExportableRun {
  return {
    plan,
    state: { kind: 'finished' },
    sessions: [
      {
        at: plan.createdAt,
        position: 0,
        engine: {
          engine: 'wllama',
          engineVersion: '3',
          device: 'CPU',
          fingerprint: 'ff',
          contextTokens: 4096,
          ...NO_HASHES,
        },
        userAgent: 'test',
      },
    ],
    answers: [
      answer({ position: 0, target: 1, official: 'B', strict: null, reply: '=cmd|calc\nso B' }),
      answer({ position: 1, level: null, language: 'zh', stem: '问题' }),
    ],
    flags: { 1: 'two right answers' },
    ...change,
  }
}

describe('runExport', () => {
  it('survives JSON with nothing lost', () => {
    const exported = runExport(run(), { includeQuestions: true }, 1)
    expect(JSON.parse([...runJsonParts(exported)].join(''))).toEqual(exported)
  })

  it('is valid JSON without answers too', () => {
    const exported = runExport(run({ answers: [], flags: {} }), { includeQuestions: true }, 1)
    expect(JSON.parse([...runJsonParts(exported)].join(''))).toEqual(exported)
  })

  it('names its format and carries plan, sessions, state, tables, flags and judged answers', () => {
    const exported = runExport(run(), { includeQuestions: true }, 1)
    expect(exported).toMatchObject({
      format: 'somnus-run',
      version: 1,
      exportedAt: 1,
      plan,
      state: { kind: 'finished' },
      flags: [{ position: 1, itemId: 'item-1', note: 'two right answers' }],
      tables: { accuracy: { total: { n: 2 } }, replies: { truncated: 0 } },
    })
    expect(exported.answers[0]).toMatchObject({
      reply: '=cmd|calc\nso B',
      officialCorrect: true,
      strictCorrect: false,
      item: { key: 'B', level: 1, optionCount: 4, stem: 'Stem 0' },
    })
    expect(exported.answers[1]?.item.level).toBe('unlabelled')
  })

  it('leaves every stem and option out when asked to', () => {
    const text = JSON.stringify(runExport(run(), { includeQuestions: false }, 1))
    expect(text).not.toContain('Stem 0')
    expect(text).not.toContain('问题')
    expect(text).not.toContain('option 0')
    expect(text).toContain('"optionCount":4')
  })
})

function record(fields: readonly string[], row: readonly string[]): Record<string, string> {
  return Object.fromEntries(row.map((value, at): [string, string] => [fields[at] ?? '', value]))
}

describe('runCsvParts', () => {
  function parse(parts: Iterable<string>) {
    const [fields = [], ...rows] = readCsv([...parts].join(''))
    return {
      fields,
      data: rows.map((row) => record(fields, row)),
    }
  }

  it('has one row per answer, with both judgements and the flag', () => {
    const { data } = parse(runCsvParts(run(), { includeQuestions: true }))
    expect(data).toHaveLength(2)
    expect(data[0]).toMatchObject({
      position: '0',
      item_id: 'item-0',
      level: '1',
      key: 'B',
      official_letter: 'B',
      official_correct: 'true',
      strict_letter: '',
      strict_correct: 'false',
      strict_reason: 'no-statement',
      key_doubted: 'false',
      weights_sha256: 'ff',
      items_sha256: 'cd',
      prompt_sha256: 'c3'.repeat(32),
      reply: "'=cmd|calc\nso B",
      options: 'A. option 0\nB. option 1\nC. option 2\nD. option 3',
    })
    expect(data[1]).toMatchObject({
      level: 'unlabelled',
      key_doubted: 'true',
      doubt_note: 'two right answers',
    })
  })

  it('has no question columns when the questions are left out', () => {
    const { fields } = parse(runCsvParts(run(), { includeQuestions: false }))
    expect(fields).toContain('reply')
    expect(fields).not.toContain('stem')
    expect(fields).not.toContain('options')
  })

  it('keeps its rows whatever the answers', () => {
    const answers = randomAnswers(200, 11)
    const { data } = parse(runCsvParts(run({ answers }), { includeQuestions: true }))
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

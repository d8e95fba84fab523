/** Runs to export: a plain one, and one that has everything a run may have. */
import { createHash } from 'node:crypto'
import type { DatasetId } from '#core/dataset/item'
import type { ExportableRun } from '#core/export/exportable-run'
import {
  runExport,
  runJsonParts,
  type ExportHashing,
  type ExportOptions,
  type RunExport,
} from '#core/export/run-export'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { accuracyTable } from '#core/score/accuracy-table'
import { replySummary } from '#core/score/replies'
import { PLAIN_PLAN } from '../../run-defaults'
import { answer } from '../score/answers'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function hashing(): ExportHashing {
  const hash = createHash('sha256')
  return {
    sha256,
    file: { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') },
    encode: (text) => new TextEncoder().encode(text),
  }
}

export const plan: RunPlan = {
  id: 'run-1' as RunId,
  name: 'First',
  createdAt: Date.UTC(2026, 10, 21, 9),
  appVersion: '0.1.0+abc1234',
  model: { recordId: 'toy', variantId: 'toy-f16', name: 'Qwen2.5 0.5B', quantization: 'q4f16_1' },
  dataset: {
    id: 'd1' as DatasetId,
    name: 'Démo / 演示',
    source: 'built-in',
    sha256: 'ab'.repeat(32),
    itemsSha256: 'cd'.repeat(32),
  },
  selection: {
    design: 'proportional',
    languages: ['en', 'zh'],
    levels: [1, 2, 3, 'unlabelled'],
    sampleSize: null,
    seed: 7,
  },
  strata: [
    { language: 'en', level: 1, population: 2, sampled: 2 },
    { language: 'zh', level: 'unlabelled', population: 1, sampled: 1 },
  ],
  itemIndexes: [2, 0, 1],
  ...PLAIN_PLAN,
  rotations: [0, 0, 0],
}

const start = {
  at: plan.createdAt + 1000,
  position: 0,
  engine: {
    engine: 'wllama',
    engineVersion: '3.8.1',
    device: 'CPU (WASM SIMD, 1 thread)',
    fingerprint: 'ff'.repeat(32),
    librarySha256: '1b'.repeat(32),
    tokenizerSha256: null,
    contextTokens: 4096,
  },
  userAgent: 'Browser/1',
} as const

/** Two of three questions answered, finished, one key doubted. */
export function run(change: Partial<ExportableRun> = {}): ExportableRun {
  const answers = change.answers ?? [
    answer({ position: 0, target: 1, official: 'B', strict: null, reply: '=cmd|calc\nso B' }),
    answer({ position: 1, level: null, language: 'zh', stem: '问题' }),
  ]
  return {
    plan,
    state: { kind: 'finished' },
    starts: [start],
    interruptions: [],
    ended: { at: plan.createdAt + 9000, reason: 'finished' },
    answers,
    rotated: [],
    tables: { accuracy: accuracyTable(answers), replies: replySummary(answers) },
    flags: { 1: 'two right answers' },
    ...change,
  }
}

const asked: Answer = {
  ...answer({ position: 0, target: 1, official: 'B', strict: 'B', level: 3 }),
  reading: { path: 'reused', tokensFed: 12, tokensReused: 168 },
  forward: {
    probabilities: [0.125, 0.5, 0.25, 0.125],
    letter: 'B',
    promptTokens: 180,
    elapsedMs: 40.5,
    reading: { path: 'cold', tokensFed: 180, tokensReused: 0, reason: 'check-failed' },
  },
}
const example = answer({ position: 7, target: 2, stem: 'Example stem' }).item

/** Both protocols, rotation, examples, a budget, a part of a split run, two engines, a pause, a lost tab, an end. */
export function fullRun(): ExportableRun {
  const failed = answer({
    position: 2,
    failure: { kind: 'context-exceeded', promptTokens: 9, contextTokens: 8 },
  })
  const answers = [asked, { ...failed, reply: '', officialLetter: null, strictLetter: null }]
  const { options } = asked.item
  return {
    plan: {
      ...plan,
      selection: { ...plan.selection, design: 'simple', sampleSize: 3 },
      itemIndexes: [2, 2, 0, 1],
      rotations: [0, 1, 0, 0],
      rotationShare: 0.5,
      protocol: 'both',
      shots: {
        pool: { id: 'd2' as DatasetId, name: 'Examples', itemsSha256: '99'.repeat(32) },
        count: 1,
        items: [example],
      },
      reusePrompt: true,
      budget: { minutes: 90, halfWidth: 0.03 },
      split: { part: 1, of: 2 },
      origin: { kind: 'rerun', runId: 'run-0' as RunId, share: 0.1 },
    },
    state: { kind: 'stopped', reason: 'minutes' },
    starts: [
      start,
      { ...start, at: start.at + 50_000, position: 1, userAgent: 'Browser/2' },
      {
        at: start.at + 90_000,
        position: 2,
        engine: { ...start.engine, device: 'CPU (WASM SIMD, 2 threads)', librarySha256: null },
        userAgent: 'Browser/2',
      },
    ],
    interruptions: [
      {
        position: 1,
        at: start.at + 40_000,
        reason: 'device-lost',
        failure: { kind: 'device-lost', detail: 'gone' },
        resumedAt: start.at + 50_000,
      },
      {
        position: 2,
        at: start.at + 60_000,
        reason: 'tab-lost',
        failure: null,
        resumedAt: start.at + 90_000,
      },
    ],
    ended: { at: start.at + 99_000, reason: 'minutes' },
    answers,
    rotated: [
      {
        ...asked,
        position: 1,
        item: { ...asked.item, options: [...options.slice(-1), ...options.slice(0, -1)], targetIndex: 2 },
        rotation: 1,
        officialLetter: 'B',
        strictLetter: null,
        strictReason: 'competing',
      },
    ],
    tables: { accuracy: accuracyTable(answers), replies: replySummary(answers) },
    flags: { 1: 'two right answers' },
  }
}

/** A run of single forward passes, not begun, paused or stopped by anybody. */
export function lettersRun(): ExportableRun {
  const answers = [
    {
      ...answer({ position: 0, official: null, strict: null, strictReason: null, reply: '', tokens: 0 }),
      promptTokens: 0,
      timeToFirstTokenMs: 0,
      decodeMs: 0,
      forward: { probabilities: [0.5, 0.5, 0, 0], letter: null, promptTokens: 180, elapsedMs: 40 },
    },
  ]
  return {
    ...run({ answers, flags: {} }),
    plan: { ...plan, protocol: 'letters' },
    state: { kind: 'paused', reason: 'user', failure: null },
    interruptions: [{ position: 1, at: start.at + 9, reason: 'user', failure: null, resumedAt: null }],
    ended: null,
  }
}

/** The export as a reader finds it: written to text and parsed again. */
export function exported(
  of: ExportableRun = run(),
  options: ExportOptions = { includeQuestions: true },
  at = 1,
): RunExport {
  return JSON.parse([...runJsonParts(exportOf(of, options, at))].join('')) as RunExport
}

export function exportOf(of: ExportableRun, options: ExportOptions, at = 1): RunExport {
  return endOf(runExport(of, options, at, hashing()))
}

export function endOf<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

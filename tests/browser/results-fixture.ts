import { vi } from 'vitest'
import type { ResultSource } from '#app/results.svelte'
import type { Stores } from '#app/stores'
import { Notices } from '#app/notices.svelte'
import type { DatasetId } from '#core/dataset/item'
import type { EngineDescription } from '#core/engine'
import { reduce, type RunSummary } from '#core/run/summary'
import { type Answer, type RunEvent, type RunId, type RunPlan } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import { Locale } from '#i18n/locale.svelte'
import { seededRandom } from '../unit/score/answers'
import { NO_HASHES, PLAIN_ANSWER, PLAIN_PLAN } from '../run-defaults'

const ENGINE: EngineDescription = {
  engine: 'wllama',
  engineVersion: '3.8.1',
  device: 'CPU (WASM SIMD, 1 thread)',
  fingerprint: '5f'.repeat(32),
  contextTokens: 4096,
  ...NO_HASHES,
}

type DatasetSource = RunPlan['dataset']['source']

function plan(count: number, source: DatasetSource): RunPlan {
  return {
    id: 'run-1' as RunId,
    name: 'Morpheus-7B on AnesBench, first half',
    createdAt: Date.UTC(2026, 10, 21, 9, 30),
    appVersion: '0.1.0',
    model: { recordId: 'morpheus-7b', variantId: 'v', name: 'Morpheus-7B', quantization: 'q4f16_1' },
    dataset: {
      id: 'd' as DatasetId,
      name: 'AnesBench',
      source,
      sha256: 'a1'.repeat(32),
      itemsSha256: 'b2'.repeat(32),
    },
    selection: {
      languages: ['en', 'zh'],
      levels: [1, 2, 3, 'unlabelled'],
      sampleSize: count,
      seed: 7,
      design: 'proportional',
    },
    strata: [],
    itemIndexes: Array.from({ length: count }, (_, index) => index),
    ...PLAIN_PLAN,
  }
}

const STEMS = {
  en: 'A fictional patient receives two units of lumivane before a long procedure; which response of the second twitch is expected first?',
  zh: '一名虚构患者在长时间手术前接受两个单位的“卢米凡”，首先预期出现下列哪种反应？',
}
const OPTIONS = {
  en: ['A slow rise', 'A fall that lasts\nfor minutes', 'No change', '<b>A burst</b>', 'Any of these'],
  zh: ['缓慢上升', '持续数分钟的下降', '无变化', '短暂爆发', '以上均可'],
}

/** Answers as a middling model gives them: every kind of verdict occurs. */
export function makeAnswers(count: number): Answer[] {
  const random = seededRandom(1)
  return Array.from({ length: count }, (_, position) => {
    const language = random() < 0.6 ? 'en' : 'zh'
    const level = ([1, 1, 1, 2, 3, null] as const)[Math.floor(random() * 6)] ?? null
    const targetIndex = Math.floor(random() * 5)
    const letter = random() < 0.55 ? targetIndex : Math.floor(random() * 5)
    const stated = random() < 0.93
    const official = String.fromCharCode(65 + letter)
    return {
      position,
      item: {
        id: `00000000-aaaa-4bbb-8ccc-${String(position).padStart(12, '0')}`,
        language,
        level,
        stem: `${position + 1}. ${STEMS[language]}`,
        options: OPTIONS[language],
        targetIndex,
      },
      reply: stated
        ? `Each option in turn.\nA. Not likely.\nB. It may be.\nC. No.\nD. <img src=x onerror=alert(1)>\n\nThe answer is ${official}.`
        : '<think>It is hard to say which of them',
      finish: stated ? 'stop' : 'length',
      promptTokens: 210,
      completionTokens: 40 + Math.floor(random() * 600),
      timeToFirstTokenMs: 200 + random() * 90,
      decodeMs: 4000 + random() * 3000,
      answeredAt: Date.UTC(2026, 10, 21, 10) + position * 1000,
      hidden: random() < 0.02,
      ...PLAIN_ANSWER,
      failure: null,
      officialLetter: official,
      strictLetter: stated ? official : null,
      strictReason: stated ? null : 'unfinished-reasoning',
    }
  })
}

export function summarise(runPlan: RunPlan, answers: readonly Answer[]): RunSummary {
  const events: RunEvent[] = [
    { kind: 'created', at: runPlan.createdAt, plan: runPlan },
    { kind: 'started', at: runPlan.createdAt, engine: ENGINE, userAgent: 'test' },
    ...answers.map((answer): RunEvent => ({ kind: 'answered', at: answer.answeredAt, answer })),
    { kind: 'finished', at: runPlan.createdAt + 3_600_000 },
  ]
  let run: RunSummary | null = null
  for (const event of events) {
    const next = reduce(run, event)
    if (!next.ok) throw new Error(`${event.kind}: ${next.failure.reason}`)
    run = next.value
  }
  if (!run) throw new Error('no events')
  return run
}

export function makeRecord(count: number, source: DatasetSource = 'hub'): RunRecord {
  const runPlan = plan(count, source)
  const answers = makeAnswers(count)
  return {
    plan: runPlan,
    answers,
    rotated: [],
    interruptions: [],
    ended: null,
    summary: summarise(runPlan, answers),
    starts: [
      {
        position: 0,
        at: runPlan.createdAt,
        engine: ENGINE,
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/142',
      },
      {
        position: 12,
        at: runPlan.createdAt,
        engine: ENGINE,
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/142',
      },
    ],
  }
}

/** The stores that the results pages ask for, over one run kept in memory. */
export function makeStores(record: RunRecord | null, language: 'en' | 'zh' = 'en') {
  const flag = vi.fn<ResultSource['flag']>(() => Promise.resolve(true))
  const undo = vi.fn(() => Promise.resolve())
  const remove = vi.fn(() => Promise.resolve(undo))
  const runs = {
    summaries: record ? [record.summary] : [],
    active: null,
    isElsewhere: () => false,
    summary: () => record?.summary,
    load: (id: RunId) => Promise.resolve(id === record?.plan.id ? record : null),
    flag,
    remove,
  }
  const engine = { state: { kind: 'idle' } }
  const stores = { locale: new Locale(language), notices: new Notices(), runs, engine } as unknown as Stores
  return { stores, flag, remove, undo }
}

import type { ScoringPorts } from '#app/step-scoring.svelte'
import { StepScoring } from '#app/step-scoring.svelte'
import type { Stores } from '#app/stores'
import type { EngineResult, LetterScores } from '#core/engine'
import { success } from '#core/result'
import { sampledAnswer, type RunStrategy } from '#core/run/sampling'
import type { QuestionSamples } from '#core/run/samples'
import type { RunId } from '#core/run/types'
import type { Sample, StepScorer, StepScores } from '#core/strategy/types'
import type { RunRecord } from '#data/db/runs'
import { SvelteMap } from 'svelte/reactivity'
import { seededRandom } from '../unit/score/answers'
import { makeRecord, makeStores, summarise } from './results-fixture'

const OWN: StepScorer = {
  kind: 'self-verifier',
  modelName: 'Morpheus-7B',
  quantization: 'q4f16_1',
  fingerprint: '5f'.repeat(32),
}

export const STRATEGY: RunStrategy = { kind: 'vote-sum', samples: 4, stopsEarly: false, aggregate: 'min' }

/** Replies of two scored steps; the better a reply is scored, the more often it is right. */
function makeSample(index: number, target: number, random: () => number): Sample {
  const score = Math.round(random() * 100) / 100
  const letter = 'ABCDE'[random() < score ? target : Math.floor(random() * 5)] ?? 'A'
  return {
    index,
    seed: 1000 + index,
    reply: `Step 0: Let's break down this problem.\n\nStep 1: Reply ${index + 1} weighs the options.\n\nStep 2: The answer is ${letter}.`,
    finish: index === 3 ? 'length' : 'stop',
    promptTokens: 210,
    completionTokens: 60 + index,
    timeToFirstTokenMs: 100,
    decodeMs: 2000,
    officialLetter: letter,
    strictLetter: index === 3 ? null : letter,
    strictReason: index === 3 ? 'truncated' : null,
    scores: {
      ...{ scorer: OWN, steps: [1, score], promptTokens: 500, elapsedMs: 300 },
      reading: { path: 'reused', tokensFed: 87, tokensReused: 413 },
    },
  }
}

/** A run of `count` questions with four replies each, and its samples by position. */
export function makeStrategyRun(count: number): { record: RunRecord; samples: Map<number, QuestionSamples> } {
  const record = makeRecord(count)
  const random = seededRandom(3)
  const samples = new Map<number, QuestionSamples>()
  const plan = { ...record.plan, strategy: STRATEGY }
  const answers = record.answers.map((answer) => {
    const { position, item } = answer
    const drawn = [0, 1, 2, 3].map((index) => makeSample(index, item.targetIndex, random))
    samples.set(position, { position, samples: drawn.map((one) => ({ ...one, at: 0 })), later: [] })
    return { ...answer, ...sampledAnswer(STRATEGY, drawn) }
  })
  return { record: { ...record, plan, answers, summary: summarise(plan, answers) }, samples }
}

/** Answers every pass with the same probability of "yes", one pass at each `release`; or at once. */
export class SteppedEngine {
  passes = 0
  isHeld = false
  failure: EngineResult<never> | null = null
  #waiting: (() => void)[] = []

  scoreLetters(_request: unknown, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    this.passes += 1
    const scores = { probabilities: [0.7, 0.3], promptTokens: 100, elapsedMs: 10 }
    if (this.failure) return Promise.resolve(this.failure)
    if (!this.isHeld) return Promise.resolve(success(scores))
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(success(scores)))
      signal.addEventListener('abort', () => resolve({ ok: false, failure: { kind: 'aborted' } }))
    })
  }

  release(): void {
    this.isHeld = false
    for (const go of this.#waiting.splice(0)) go()
  }
}

export function makeStrategyStores(count: number, language: 'en' | 'zh' = 'en', isLoaded = true) {
  const { record, samples } = makeStrategyRun(count)
  const { stores } = makeStores(record, language)
  const engine = new SteppedEngine()
  const scored = new SvelteMap<RunId, number>()
  const runs = {
    ...stores.runs,
    // Another one with every score that is stored.
    summary: (runId: RunId) => ({ ...record.summary, scored: scored.get(runId) }),
    samples: (_runId: RunId, position: number) => {
      const { samples: drawn, later } = samples.get(position) ?? { samples: [], later: [] }
      return Promise.resolve({ position, samples: drawn, later: [...later] })
    },
    score: (_runId: RunId, position: number, sample: number, scores: StepScores) => {
      samples.get(position)?.later.push({ at: 0, sample, scores })
      scored.set(record.plan.id, (scored.get(record.plan.id) ?? 0) + 1)
      return Promise.resolve(success(null))
    },
  }
  const loaded = {
    model: { name: 'Qwen2.5-7B-Instruct' },
    variant: { quantization: 'q4f16_1' },
    description: { fingerprint: '7e'.repeat(32) },
  }
  const scoring = new StepScoring({
    runs,
    engine: engine as unknown as ScoringPorts['engine'],
    loaded: () => (isLoaded ? (loaded as never) : null),
    locks: { acquire: () => Promise.resolve({ kind: 'held', release: () => Promise.resolve() }) },
    keepAwake: () => () => undefined,
    now: () => performance.now(),
  })
  const made = { ...stores, runs, datasets: { list: [] }, stepScoring: () => Promise.resolve(scoring) }
  return { stores: made as unknown as Stores, scoring, engine, samples, record }
}

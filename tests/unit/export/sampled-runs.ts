/** A run of several replies a question, with everything that such a run may have. */
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import type { ExportableRun } from '#core/export/exportable-run'
import type { DrawnSample, LaterScores, QuestionSamples } from '#core/run/samples'
import { plannedSeed, sampledAnswer, type RunStrategy } from '#core/run/sampling'
import type { Answer, RunPlan } from '#core/run/types'
import type { StepScorer } from '#core/strategy/types'
import { accuracyTable } from '#core/score/accuracy-table'
import { replySummary } from '#core/score/replies'
import { answer } from '../score/answers'
import { plan, run } from './runs'

export const VOTE_SUM: RunStrategy = { kind: 'vote-sum', aggregate: 'min', samples: 3, stopsEarly: true }

const VERIFIER: StepScorer = {
  kind: 'self-verifier',
  modelName: 'Qwen2.5 0.5B',
  quantization: 'q4f16_1',
  fingerprint: 'ff'.repeat(32),
}
const REWARD_MODEL: StepScorer = { ...VERIFIER, kind: 'reward-model', modelName: 'MedSSS_PRM' }

export const sampledPlan: RunPlan = {
  ...plan,
  itemIndexes: [2, 0, 1, 3],
  rotations: [0, 0, 0, 0],
  decoding: { ...plan.decoding, temperature: 1, topP: 0.95, seed: 11 },
  strategy: VOTE_SUM,
}

const asked = [0, 1, 2, 3].map((position) => answer({ position }))

/** A reply that says `letter`, and what the self-verifier thinks of its two steps; read as the app reads it. */
function sample(
  position: number,
  index: number,
  letter: string,
  steps: number[],
  planned: RunPlan,
): DrawnSample {
  const reply = letter === '' ? 'I do not know.' : `Because it is so.\n\nThe answer is ${letter}.`
  const { options } = asked[position]!.item
  const official = officialExtraction(reply, options)
  const strict = strictExtraction(reply, options, 'stop')
  return {
    index,
    seed: plannedSeed(planned, position, index),
    reply,
    finish: 'stop',
    promptTokens: 100,
    completionTokens: 12,
    timeToFirstTokenMs: 20,
    decodeMs: 200,
    reading: { path: 'cold', tokensFed: 100, tokensReused: 0, reason: 'nothing-in-common' },
    officialLetter: official.kind === 'letter' ? official.letter : null,
    strictLetter: strict.kind === 'letter' ? strict.letter : null,
    strictReason: strict.kind === 'none' ? strict.reason : null,
    scores: {
      scorer: VERIFIER,
      steps,
      ...{ promptTokens: 150, elapsedMs: 15 },
      reading: { path: 'reused', tokensFed: 90, tokensReused: 60 },
    },
    at: planned.createdAt + 2000 + position * 2000 + index * 500,
  }
}

function answerOf(position: number, samples: readonly DrawnSample[], planned: RunPlan): Answer {
  const chosen = sampledAnswer(VOTE_SUM, samples)
  return { ...asked[position]!, ...chosen, answeredAt: planned.createdAt + 3800 + position * 2000 }
}

/** Three of four questions answered, the second early, the third too long; one reply to the fourth; paused. */
export function sampledRun(change: Partial<RunPlan> = {}): ExportableRun {
  const planned = { ...sampledPlan, ...change }
  const drawn = [
    [
      sample(0, 0, 'B', [0.9, 0.4], planned),
      sample(0, 1, 'A', [0.5, 0.6], planned),
      sample(0, 2, 'A', [0.3, 0.7], planned),
    ],
    [sample(1, 0, 'C', [0.9, 0.95], planned), sample(1, 1, 'C', [0.8, 0.9], planned)],
    [],
    [sample(3, 0, 'D', [0.2, 0.1], planned)],
  ]
  const later: LaterScores[] = [
    {
      at: planned.createdAt + 90_000,
      sample: 1,
      scores: { scorer: REWARD_MODEL, steps: [0.1, 0.2], promptTokens: 300, elapsedMs: 30 },
    },
  ]
  const tooLong: Answer = {
    ...asked[2]!,
    ...{ reply: '', finish: 'length', promptTokens: 0, completionTokens: 0 },
    ...{ timeToFirstTokenMs: 0, decodeMs: 0, officialLetter: null, strictLetter: null },
    strictReason: 'empty',
    answeredAt: planned.createdAt + 7900,
    failure: { kind: 'context-exceeded', promptTokens: 9, contextTokens: 8 },
  }
  const answers = [answerOf(0, drawn[0]!, planned), answerOf(1, drawn[1]!, planned), tooLong]
  const all = drawn.map((samples, position): QuestionSamples => ({
    position,
    samples,
    later: position === 0 ? later : [],
  }))
  return {
    ...run(),
    plan: planned,
    state: { kind: 'paused', reason: 'user', failure: null },
    interruptions: [
      { position: 3, at: planned.createdAt + 9500, reason: 'user', failure: null, resumedAt: null },
    ],
    ended: null,
    answers,
    tables: { accuracy: accuracyTable(answers), replies: replySummary(answers) },
    flags: {},
    samples: new Map(all.filter(({ samples }) => samples.length > 0).map((one) => [one.position, one])),
  }
}

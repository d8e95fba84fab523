/** One task of a cross-filter, put to the loaded model. */
import type { Task } from '#core/cross-filter/next'
import { GRADE_LETTERS, judgeMessages } from '#core/cross-filter/prompts'
import { answerOf, type FilterState } from '#core/cross-filter/state'
import { ASPECTS, type FilterEvent, type PerAspect } from '#core/cross-filter/types'
import type { Engine, EngineResult } from '#core/engine'
import { failure, success } from '#core/result'
import { writeAnswer } from './write-answer'

export type FilterDone = Extract<FilterEvent, { kind: 'answered' | 'scored' }>

/** Asks, and gives the event that is to be stored; `at` is its time. An abort is a failure. */
export function askFilter(
  state: FilterState,
  task: Task,
  engine: Pick<Engine, 'generate' | 'scoreLetters'>,
  at: () => number,
  signal: AbortSignal,
): Promise<EngineResult<FilterDone>> {
  return task.role === 'generator'
    ? generate(state, task, engine, at, signal)
    : score(state, task, engine, at, signal)
}

/** Seeds of requests are 32 bits wide. */
const SEEDS = 2 ** 32

async function generate(
  { plan, pairs }: FilterState,
  { pair }: Extract<Task, { role: 'generator' }>,
  engine: Pick<Engine, 'generate'>,
  at: () => number,
  signal: AbortSignal,
): Promise<EngineResult<FilterDone>> {
  const { seed, ...decoding } = plan.decoding
  const question = pairs[pair]?.question ?? ''
  // Questions that are asked twice get two answers, where chance has a say.
  const made = await writeAnswer(engine, question, { ...decoding, seed: (seed + pair) % SEEDS }, signal)
  return made.ok ? success({ kind: 'answered', at: at(), pair, answer: made.value }) : made
}

async function score(
  state: FilterState,
  { role, pair, order }: Exclude<Task, { role: 'generator' }>,
  engine: Pick<Engine, 'scoreLetters'>,
  at: () => number,
  signal: AbortSignal,
): Promise<EngineResult<FilterDone>> {
  const { question = '', language = 'en' } = state.pairs[pair] ?? {}
  const judged = { question, language, answer: answerOf(state, pair) ?? '' }
  const probabilities = {} as PerAspect<number[]>
  let promptTokens = 0
  let elapsedMs = 0
  for (const aspect of ASPECTS) {
    const messages = judgeMessages(judged, aspect, order, state.plan.prompts)
    const scored = await engine.scoreLetters({ messages, letters: GRADE_LETTERS }, signal)
    if (!scored.ok) return scored
    if (signal.aborted) return failure({ kind: 'aborted' })
    probabilities[aspect] = scored.value.probabilities
    promptTokens += scored.value.promptTokens
    elapsedMs += scored.value.elapsedMs
  }
  return success({
    kind: 'scored',
    at: at(),
    judge: role,
    order,
    pair,
    probabilities,
    promptTokens,
    elapsedMs,
  })
}

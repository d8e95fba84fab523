/** What an open-ended evaluation does in its turns. */
import type { EngineResult } from '#core/engine'
import { nextOpenTask, type OpenTask } from '#core/open-ended/next'
import { comparisonMessages, VERDICT_LETTERS } from '#core/open-ended/prompts'
import { answersTo, openWeightsRefusal, openWork } from '#core/open-ended/state'
import type { OpenState, OpenWeightsRefusal } from '#core/open-ended/state'
import type { OpenEvent, OpenRole } from '#core/open-ended/types'
import { failure, success } from '#core/result'
import type { TurnPorts, Turns } from './turn-loop'
import { writeAnswer } from './write-answer'

type Done = Extract<OpenEvent, { kind: 'answered' | 'compared' }>

export const OPEN_TURNS: Turns<OpenState, OpenRole, OpenTask, Done, OpenWeightsRefusal> = {
  next: nextOpenTask,
  modelOf: (state, role) => openWork(state, role)?.model,
  refusal: openWeightsRefusal,
  ask,
}

async function ask(
  state: OpenState,
  task: OpenTask,
  engine: TurnPorts<OpenRole>['engine'],
  at: () => number,
  signal: AbortSignal,
): Promise<EngineResult<Done>> {
  const { pair } = task
  const { question = '', answer: reference = '', language = 'en' } = state.pairs[pair] ?? {}
  const { maxTokens, prompts } = state.plan
  if (task.role !== 'judge') {
    const greedy = { temperature: 0, topP: 1, maxTokens, seed: 0 }
    const made = await writeAnswer(engine, question, greedy, signal)
    if (!made.ok) return made
    return success({ kind: 'answered', at: at(), author: task.role, pair, answer: made.value })
  }
  const [one, other] = answersTo(state, pair) ?? ['', '']
  const [first, second] = task.order === 'straight' ? [one, other] : [other, one]
  const messages = comparisonMessages({ question, reference, first, second, language }, prompts)
  const scored = await engine.scoreLetters({ messages, letters: VERDICT_LETTERS }, signal)
  if (!scored.ok) return scored
  if (signal.aborted) return failure({ kind: 'aborted' })
  return success({ kind: 'compared', at: at(), pair, order: task.order, ...scored.value })
}

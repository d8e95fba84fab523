/** The steps of a reply, judged one after the other by what is loaded. */
import type { Engine, EngineFailure, EngineResult, RewardScores } from '#core/engine'
import type { ChatMessage, ItemLanguage } from '#core/prompt/question'
import { allReadings } from '#core/numerics/reading'
import type { PromptReading } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { rewardPrefix } from '#core/strategy/reward-prefix'
import { scorableSteps } from '#core/strategy/steps'
import type { StepScorer, StepScores } from '#core/strategy/types'
import { VERIFIER_LETTERS, verifierMessages } from '#core/strategy/verifier'

/** Who only asks for the self-verifier need not offer the other. */
export type ScoringEngine = Pick<Engine, 'scoreLetters'> & Partial<Pick<Engine, 'scoreReward'>>

/**
 * Scores each step of `reply` with all that goes before it; `scorer` names what is loaded. A step with which the prompt
 * no longer fits the context gets 0, as do all after it: what nobody could judge is worth nothing. Any other failure
 * leaves no score, and so does an answer that is no probability.
 *
 * @param question the messages that the reply answers
 * @param language of the scorer's own words
 */
export async function scoreSteps(
  engine: ScoringEngine,
  scorer: StepScorer,
  question: readonly ChatMessage[],
  reply: string,
  language: ItemLanguage,
  signal: AbortSignal,
): Promise<EngineResult<StepScores>> {
  const scores: StepScores = { scorer, steps: [], promptTokens: 0, elapsedMs: 0 }
  const readings: (PromptReading | undefined)[] = []
  const steps = scorableSteps(reply)
  for (const [index, { end }] of steps.entries()) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const scored = await score(engine, scorer, question, reply.slice(0, end), language, signal)
    if (!scored.ok && scored.failure.kind === 'context-exceeded') break
    if (!scored.ok) return scored
    const { probabilities, promptTokens, elapsedMs, reading } = scored.value
    const [probability] = probabilities
    if (!isProbability(probability)) return failure(noProbability(index, probability))
    scores.steps.push(probability)
    scores.promptTokens += promptTokens
    scores.elapsedMs += elapsedMs
    readings.push(reading)
  }
  const reading = allReadings(readings)
  const unjudged = steps.slice(scores.steps.length).map(() => 0)
  return success({ ...scores, steps: [...scores.steps, ...unjudged], ...(reading && { reading }) })
}

/** One pass for each step, whoever scores: so a step that does not fit costs those before it nothing. */
async function score(
  engine: ScoringEngine,
  { kind }: StepScorer,
  question: readonly ChatMessage[],
  prefix: string,
  language: ItemLanguage,
  signal: AbortSignal,
): Promise<EngineResult<RewardScores>> {
  if (kind === 'reward-model') {
    const request = { messages: question, prefixes: [rewardPrefix(prefix)] }
    const scored = await engine.scoreReward?.(request, signal)
    return scored ?? failure({ kind: 'not-a-reward-model' })
  }
  const messages = verifierMessages(question, prefix, language)
  // The prompts of one reply begin alike. The first letter says yes.
  return engine.scoreLetters({ messages, letters: VERIFIER_LETTERS, reusePrompt: true }, signal)
}

/** A number that is none would pass through every vote as if someone had judged. */
function isProbability(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 1
}

/** The first step is named 1, as on the page. */
function noProbability(index: number, value: number | undefined): EngineFailure {
  return {
    kind: 'engine-error',
    detail: `The score of step ${index + 1} is ${value}, which is no probability.`,
  }
}

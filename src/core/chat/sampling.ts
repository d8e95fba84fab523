/** Several replies drawn to one question of a conversation, and which of them is shown. */
import type { FinishReason } from '../engine'
import type { PromptReading } from '../numerics/types'
import { choose } from '../strategy/choose'
import { isSettled } from '../strategy/settled'
import type { Ballot, Strategy, StepScores } from '../strategy/types'
import { answerKey } from './stated-answer'

/** Most replies that a conversation draws to one question: with more, a reader waits for minutes. */
export const MOST_CHAT_SAMPLES = 16

export type SamplingStrategy = Exclude<Strategy, { kind: 'single' }>

/**
 * How it is told whether two replies answer the same. `letters`: option letters of a benchmark item, by the strict
 * reading. `texts`: what each reply states as its answer, compared word for word.
 */
export type AnswerComparison = 'letters' | 'texts'

/** One of several replies; its numbers are those of a reply. */
export interface ReplySample {
  seed: number
  text: string
  /** `abort`: stopped before its end; such a reply does not vote, and is drawn anew where the rest is drawn. */
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
  /** Absent where the engine did not tell. */
  reading?: PromptReading
  reasoningMs: number | null
  /** What it answers, as it says it; null where it states nothing that can be compared. */
  answer: string | null
  /** Null until its steps are scored, and where the strategy needs no scores. */
  scores: StepScores | null
}

export interface ReplySampling {
  strategy: SamplingStrategy
  /** What the seeds of the samples are made of. */
  seed: number
  compared: AnswerComparison
  /** In the order drawn. */
  samples: readonly ReplySample[]
  /** Index of the sample whose text and numbers the reply has; null before the first. */
  shown: number | null
}

export interface TalliedAnswer {
  /** As the first of its replies says it. */
  answer: string
  score: number
  /** Indexes of the replies that give it. */
  replies: readonly number[]
}

/** Why a reply is the one that is shown. */
export type ReplyChoice =
  /** `agreed`: at least two replies give the winning answer; else the first reply won for want of a majority. */
  | { kind: 'voted'; shown: number; tally: readonly TalliedAnswer[]; agreed: boolean }
  /** By the scores of its steps, whatever it answers. */
  | { kind: 'best'; shown: number; worths: readonly (number | null)[] }
  /** Fewer than two replies state an answer that can be compared: the first is shown, and nothing was voted on. */
  | { kind: 'not-comparable'; shown: number }
  /** Only one reply came to its end. */
  | { kind: 'only'; shown: number }
  | { kind: 'none'; shown: number | null }

/** Whether the strategy chooses by the scores of steps, so that the engine must be asked for them. */
export function needsScores(strategy: Strategy): boolean {
  return 'aggregate' in strategy
}

/** Which reply is shown for the samples drawn so far. */
export function chooseReply(sampling: Omit<ReplySampling, 'shown'>): ReplyChoice {
  const { strategy, samples } = sampling
  const finished = samples.flatMap(({ finish }, index) => (finish === 'abort' ? [] : [index]))
  const [first, second] = finished
  if (first === undefined) return { kind: 'none', shown: samples.length > 0 ? 0 : null }
  if (second === undefined) return { kind: 'only', shown: first }
  const ballots = ballotsOf(sampling)
  const choice = choose(strategy, ballots)
  const shown = choice.representative ?? first
  if (strategy.kind === 'best-of-n') {
    const worths = samples.map(({ finish }, index) =>
      finish === 'abort' ? null : worthIn(choice, ballots[index]),
    )
    return { kind: 'best', shown, worths }
  }
  const voters = ballots.filter(({ letter }) => letter !== null)
  if (voters.length < 2) return { kind: 'not-comparable', shown: first }
  const tally = choice.tally.map(({ letter, score }) => {
    const replies = ballots.flatMap((ballot, index) => (ballot.letter === letter ? [index] : []))
    return { answer: samples[replies[0] ?? 0]?.answer ?? '', score, replies }
  })
  const agreed = tally.some(({ replies }) => replies.includes(shown) && replies.length > 1)
  return { kind: 'voted', shown, tally, agreed }
}

/** Whether no reply is left to draw or to score: all are there, or no other can change what is answered. */
export function isDrawn(sampling: Omit<ReplySampling, 'shown'>): boolean {
  const { strategy, samples } = sampling
  if (
    samples.some((sample) => sample.finish === 'abort' || (needsScores(strategy) && sample.scores === null))
  ) {
    return false
  }
  if (samples.length >= strategy.samples) return true
  return strategy.stopsEarly && samples.length > 0 && isSettled(strategy, ballotsOf(sampling))
}

function worthIn(choice: ReturnType<typeof choose>, ballot: Ballot | undefined): number | null {
  return choice.tally.find(({ letter }) => letter === ballot?.letter)?.score ?? null
}

/**
 * The samples as votes, in their order; what names an answer stands where a run has a letter. The best of N is chosen
 * among all replies, so there each has a name of its own.
 */
function ballotsOf({ strategy, compared, samples }: Omit<ReplySampling, 'shown'>): Ballot[] {
  return samples.map(({ finish, answer, scores }, index) => ({
    letter: finish === 'abort' ? null : nameOf(answer, index),
    steps: scores?.steps ?? [],
  }))

  function nameOf(answer: string | null, index: number): string | null {
    if (strategy.kind === 'best-of-n') return String(index)
    return answer === null || compared === 'letters' ? answer : answerKey(answer)
  }
}

/** How long replies are and how long they took, by level. */
import { LEVEL_ORDER } from '../run/sample'
import type { Answer, LevelChoice } from '../run/types'
import { quartiles, type Quartiles } from '../stats/quantiles'
import { levelChoice } from './accuracy-table'

export type MeasuredEffort = Pick<
  Answer,
  'item' | 'completionTokens' | 'timeToFirstTokenMs' | 'decodeMs' | 'forward' | 'failure'
>

/** Of the questions of one level, or of all. */
export interface Effort {
  /** Null is all levels together. */
  level: LevelChoice | null
  /** Questions that could be asked. */
  n: number
  /** Reply tokens; null when the protocol writes no replies. */
  tokens: Quartiles | null
  /** Answering time in ms: wait, decoding and forward pass together. */
  ms: Quartiles | null
}

/**
 * All questions first, then the levels that occur, in canonical order; the order of the answers changes nothing. In
 * steps, each of them some 10 ms for 100,000 answers.
 */
export function* effortSteps(answers: readonly MeasuredEffort[]): Generator<undefined, Effort[]> {
  const asked = answers.filter(({ failure }) => failure === null)
  const levels = LEVEL_ORDER.map((level) => ({
    level,
    answers: asked.filter((answer) => levelChoice(answer) === level),
  })).filter(({ answers }) => answers.length > 0)
  const groups = levels.length === 1 ? levels : [{ level: null, answers: asked }, ...levels]
  const replied = asked.some(({ completionTokens }) => completionTokens > 0)
  const efforts: Effort[] = []
  for (const { level, answers } of groups) {
    yield
    const tokens = replied ? quartiles(answers.map(({ completionTokens }) => completionTokens)) : null
    yield
    efforts.push({ level, n: answers.length, tokens, ms: quartiles(answers.map(answeringMs)) })
  }
  return efforts
}

/** Time that one answer took, in ms: wait for the first token, decoding, forward pass. */
export function answeringMs({
  timeToFirstTokenMs,
  decodeMs,
  forward,
}: Pick<Answer, 'timeToFirstTokenMs' | 'decodeMs' | 'forward'>): number {
  return timeToFirstTokenMs + decodeMs + (forward?.elapsedMs ?? 0)
}

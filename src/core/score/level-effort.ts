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

/** Answers looked at between two yields: about a millisecond. */
const STEP_ANSWERS = 2000

/**
 * All questions first, then the levels that occur, in canonical order; the order of the answers changes nothing. In
 * steps, of which sorting takes longest: some 10 ms for 100,000 answers.
 */
export function* effortSteps(answers: readonly MeasuredEffort[]): Generator<undefined, Effort[]> {
  const all = noEffort(null)
  const levels = LEVEL_ORDER.map(noEffort)
  for (const [index, answer] of answers.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    if (answer.failure !== null) continue
    const ms = answeringMs(answer)
    for (const group of [all, levels[LEVEL_ORDER.indexOf(levelChoice(answer))]]) {
      group?.tokens.push(answer.completionTokens)
      group?.ms.push(ms)
    }
  }
  const filled = levels.filter(({ ms }) => ms.length > 0)
  const replied = all.tokens.some((tokens) => tokens > 0)
  const efforts: Effort[] = []
  for (const { level, tokens, ms } of filled.length === 1 ? filled : [all, ...filled]) {
    yield
    const tokenQuartiles = replied ? quartiles(tokens) : null
    yield
    efforts.push({ level, n: ms.length, tokens: tokenQuartiles, ms: quartiles(ms) })
  }
  return efforts
}

function noEffort(level: LevelChoice | null): { level: LevelChoice | null; tokens: number[]; ms: number[] } {
  return { level, tokens: [], ms: [] }
}

/** Time that one answer took, in ms: wait for the first token, decoding, forward pass. */
export function answeringMs({
  timeToFirstTokenMs,
  decodeMs,
  forward,
}: Pick<Answer, 'timeToFirstTokenMs' | 'decodeMs' | 'forward'>): number {
  return timeToFirstTokenMs + decodeMs + (forward?.elapsedMs ?? 0)
}

import { judge, type Judgement } from '#core/cross-filter/rule'
import { answerOf, type FilterState } from '#core/cross-filter/state'
import type { ScoreSet } from '#core/cross-filter/score'
import type { SourcePair } from '#core/cross-filter/types'

/** A pair as the table shows it. */
export interface JudgedPair extends Judgement {
  index: number
  pair: SourcePair
  answer: string | null
  /** By judge. */
  sets: readonly (ScoreSet | null)[]
}

export function judgedPairs(state: FilterState): JudgedPair[] {
  return state.pairs.map((pair, index) => {
    const sets = state.judges.map(({ scores }) => scores.straight[index] ?? null)
    return { index, pair, answer: answerOf(state, index), sets, ...judge(sets, state.rule) }
  })
}

/** What every export of a run is made from. */
import type { RunHistory } from '../run/history'
import type { RunSamples } from '../run/samples'
import type { RunState } from '../run/summary'
import type { Answer, RunPlan } from '../run/types'
import type { AccuracyTable } from '../score/accuracy-table'
import type { ReplySummary } from '../score/replies'

export interface ExportableRun extends RunHistory {
  plan: RunPlan
  state: RunState
  /** To the questions as the dataset has them, by position. */
  answers: readonly Answer[]
  /** To the questions whose options were moved on, by position. */
  rotated: readonly Answer[]
  /** Over `answers`. */
  tables: { accuracy: AccuracyTable; replies: ReplySummary }
  /** Notes on doubted keys, by position. */
  flags: Readonly<Record<number, string>>
  /** Of all questions, the open one included; needed where the plan has a strategy. */
  samples?: RunSamples
}

/** Plain and rotated answers in the order in which the questions were asked. */
export function inOrderAsked({ answers, rotated }: Pick<ExportableRun, 'answers' | 'rotated'>): Answer[] {
  return rotated.length === 0
    ? [...answers]
    : [...answers, ...rotated].sort((left, right) => left.position - right.position)
}

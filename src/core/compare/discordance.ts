import type { RunSummary } from '../run/summary'
import type { Answer } from '../run/types'
import { scoringsOf, verdict, type Scoring } from '../score/verdict'

/** Fewer common items would make a share of 30% uncertain by more than 16 points. */
export const LEAST_COMMON_ITEMS = 30

/** Answers looked at between two yields: about a millisecond. */
const STEP_ANSWERS = 2000

/**
 * The two latest runs of different models over `itemsSha256` that were read by one scoring, the later first; null where
 * there are none. Reruns and runs with too few answers are left out.
 */
export function latestPair(
  runs: readonly RunSummary[],
  itemsSha256: string,
): [RunSummary, RunSummary] | null {
  const fitting = runs
    .filter(
      ({ plan, answered }) =>
        plan.dataset.itemsSha256 === itemsSha256 &&
        plan.origin.kind !== 'rerun' &&
        answered >= LEAST_COMMON_ITEMS,
    )
    .sort((a, b) => b.updatedAt - a.updatedAt)
  for (const [index, first] of fitting.entries()) {
    const second = fitting.slice(index + 1).find((other) => isOtherModel(first, other))
    if (second) return [first, second]
  }
  return null
}

function isOtherModel({ plan: first }: RunSummary, { plan: second }: RunSummary): boolean {
  const sameModel =
    first.model.recordId === second.model.recordId && first.model.variantId === second.model.variantId
  return !sameModel && scoringsOf(first.protocol)[0] === scoringsOf(second.protocol)[0]
}

/** The share of their common items that one of two runs got right and the other did not; null with too few items. */
export function* discordanceSteps(
  first: readonly Answer[],
  second: readonly Answer[],
  scoring: Scoring,
): Generator<undefined, number | null> {
  const right = new Map<string, boolean>()
  for (const [index, answer] of first.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    right.set(keyOf(answer), verdict(answer, scoring) === 'right')
  }
  let common = 0
  let different = 0
  for (const [index, answer] of second.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    const other = right.get(keyOf(answer))
    if (other === undefined) continue
    common += 1
    if (other !== (verdict(answer, scoring) === 'right')) different += 1
  }
  return common < LEAST_COMMON_ITEMS ? null : different / common
}

function keyOf({ item }: Answer): string {
  return `${item.language} ${item.id}`
}

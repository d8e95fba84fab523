import { drawQuestions } from '../run/draw'
import { madeAs } from '../run/origin'
import type { ItemSource } from '../run/shots'
import type { RunPlan } from '../run/types'
import { CheckTally, WHOLE_RUN, type CheckResult } from './check-result'

/**
 * Draws a run's questions again from its seed. Those of a rerun, and of parts that were merged while others were
 * missing, need only be among the questions drawn.
 */
export async function checkSample(
  { plan }: { plan: RunPlan },
  source: ItemSource | null,
): Promise<CheckResult> {
  const tally = new CheckTally('sample')
  if (!source) {
    tally.skip('no-dataset')
    return tally.result()
  }
  const made = madeAs(plan.origin)
  const isShare = made.kind === 'rerun' || (made.kind === 'merged' && plan.askedSha256 === null)
  const drawn = await drawQuestions(
    {
      selection: plan.selection,
      rotationShare: plan.rotationShare,
      // Given, so that the pool is not needed: examples do not change which questions are asked.
      shots: plan.shots,
      split: plan.split,
      questions: null,
      dataset: { ...plan.dataset, source: { kind: 'built-in' } },
    },
    source,
    null,
  )
  if (!drawn.ok) {
    tally.pass()
    tally.fail(WHOLE_RUN, String(plan.itemIndexes.length), '0')
    return tally.result()
  }
  const { itemIndexes, rotations } = drawn.value
  const nameOf = (index: number | undefined, rotation: number | undefined) => {
    const meta = index === undefined ? undefined : source.metas[index]
    if (!meta) return '–'
    return rotation ? `${meta.language} ${meta.id} +${rotation}` : `${meta.language} ${meta.id}`
  }
  const expected = itemIndexes.map((index, position) => nameOf(index, rotations[position]))
  const planned = plan.itemIndexes.map((index, position) => nameOf(index, plan.rotations[position]))
  const all = new Set(expected)
  if (!isShare && expected.length !== planned.length) {
    tally.compare(WHOLE_RUN, String(expected.length), String(planned.length))
  }
  for (const [position, found] of planned.entries()) {
    const wanted = isShare && all.has(found) ? found : (expected[position] ?? '–')
    tally.compare({ position, item: '' }, wanted, found)
  }
  return tally.result()
}

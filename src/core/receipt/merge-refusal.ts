/** Why runs do not belong together as parts of one. */
import type { RunId } from '../run/types'
import { identityDifferences, type IdentityField } from './plan-identity'
import type { PartRun } from './merge'

export type MergeRefusal =
  | { kind: 'too-few' }
  | { kind: 'no-part'; run: RunId }
  | { kind: 'no-answers'; run: RunId }
  | { kind: 'field'; field: IdentityField; runs: [RunId, RunId]; values: [string, string] }
  | { kind: 'same-part'; part: number; runs: [RunId, RunId] }
  /** Both ask some items, although their parts are different. */
  | { kind: 'overlap'; items: number; runs: [RunId, RunId] }
  /** A part has another number of items than it is dealt. */
  | { kind: 'wrong-size'; run: RunId; items: number; expected: number }

/** Everything that stands against merging these runs; empty when nothing does. */
export function partsRefusals(parts: readonly PartRun[]): MergeRefusal[] {
  const [first, ...others] = parts
  if (!first || others.length === 0) return [{ kind: 'too-few' }]
  const alone = parts.flatMap(refusalsOf)
  if (alone.length > 0) return alone
  const different = others.flatMap((other) =>
    identityDifferences(first, other).map(({ field, values }): MergeRefusal => {
      return { kind: 'field', field, runs: [first.plan.id, other.plan.id], values }
    }),
  )
  if (different.length > 0) return different
  return [...repeated(parts), ...parts.flatMap(sizeRefusals)]
}

function refusalsOf({ plan, answers }: PartRun): MergeRefusal[] {
  if (plan.split === null || plan.split.part > plan.split.of) return [{ kind: 'no-part', run: plan.id }]
  return answers.length === 0 ? [{ kind: 'no-answers', run: plan.id }] : []
}

function repeated(parts: readonly PartRun[]): MergeRefusal[] {
  return parts.flatMap((part, index) =>
    parts.slice(index + 1).flatMap((other): MergeRefusal[] => {
      const runs: [RunId, RunId] = [part.plan.id, other.plan.id]
      const number = part.plan.split?.part ?? 1
      if (number === other.plan.split?.part) return [{ kind: 'same-part', part: number, runs }]
      const asked = new Set(part.plan.itemIndexes)
      const items = new Set(other.plan.itemIndexes.filter((item) => asked.has(item))).size
      return items > 0 ? [{ kind: 'overlap', items, runs }] : []
    }),
  )
}

/** Of n items dealt out in turn, part p of k gets every k-th from the p-th on. */
function sizeRefusals({ plan }: PartRun): MergeRefusal[] {
  if (plan.split === null) return []
  const { part, of } = plan.split
  const whole = plan.strata.reduce((sum, { sampled }) => sum + sampled, 0)
  const expected = Math.ceil((whole - part + 1) / of)
  const items = plan.rotations.filter((rotation) => rotation === 0).length
  return items === expected ? [] : [{ kind: 'wrong-size', run: plan.id, items, expected }]
}

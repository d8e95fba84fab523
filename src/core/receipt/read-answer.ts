import * as v from 'valibot'
import { failure, success, type Result } from '../result'
import type { Answer, RunPlan } from '../run/types'
import { Answer1, Answer2 } from './answer-shape'
import { misfitOf, type Misfit } from './expected'
import { itemOf } from './file-item'

export interface FileAnswer {
  answer: Answer
  itemSha256: string | null
}

/** Reads the answer at `position`, from 0, of a file. */
export function readAnswer(
  raw: unknown,
  position: number,
  version: 1 | 2,
  plan: Pick<RunPlan, 'rotations'>,
): Result<FileAnswer, Misfit> {
  const place = `answers[${position}]`
  const shaped = version === 1 ? v.safeParse(Answer1Upgraded, raw) : v.safeParse(Answer2, raw)
  if (!shaped.success) return failure(misfitOf(shaped.issues[0], place))
  const item = itemOf(shaped.output.item, `${place}.item`)
  if (!item.ok) return item
  const answer: Answer = { ...shaped.output, item: item.value }
  const misfit =
    answer.position !== position
      ? planned(`${place}.position`, position, answer.position)
      : answer.rotation !== (plan.rotations[position] ?? 0)
        ? planned(`${place}.rotation`, plan.rotations[position] ?? 0, answer.rotation)
        : forwardMisfit(answer, place)
  if (misfit) return failure(misfit)
  return success({ answer, itemSha256: shaped.output.item.sha256 ?? null })
}

const Answer1Upgraded = v.pipe(
  Answer1,
  v.transform(({ item, ...answer }) => ({ ...answer, item, rotation: 0, forward: null })),
)

function forwardMisfit({ forward, item }: Answer, place: string): Misfit | null {
  const found = forward?.probabilities.length ?? item.options.length
  return found === item.options.length
    ? null
    : planned(`${place}.forward.probabilities`, item.options.length, found)
}

function planned(place: string, value: number, found: number): Misfit {
  return { place, expected: { kind: 'as-planned', value: String(value) }, found: String(found) }
}

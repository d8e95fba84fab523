import * as v from 'valibot'
import { failure, success, type Result } from '../result'
import type { Answer, RunPlan } from '../run/types'
import { Answer1, Answer2 } from './answer-shape'
import type { DrawnSample, LaterScores } from '../run/samples'
import { misfitOf, type Misfit } from './expected'
import { itemOf } from './file-item'
import { Answer3 } from './sampled-shape'

/** 1 and 2: one reply a question; 3: several. */
export type FileVersion = 1 | 2 | 3

export interface FileAnswer {
  answer: Answer
  itemSha256: string | null
  /** Empty before version 3. */
  samples: DrawnSample[]
  later: LaterScores[]
}

/** Reads the answer at `position`, from 0, of a file. */
export function readAnswer(
  raw: unknown,
  position: number,
  version: FileVersion,
  plan: Pick<RunPlan, 'rotations' | 'strategy'>,
): Result<FileAnswer, Misfit> {
  const place = `answers[${position}]`
  const shaped = shapedAs(version, raw)
  if (!shaped.success) return failure(misfitOf(shaped.issues[0], place))
  const item = itemOf(shaped.output.item, `${place}.item`)
  if (!item.ok) return item
  const { samples = [], laterScores = [], sampling, ...rest } = shaped.output
  const answer: Answer = { ...rest, item: item.value, ...(sampling && { sampling }) }
  const misfit =
    answer.position !== position
      ? planned(`${place}.position`, position, answer.position)
      : answer.rotation !== (plan.rotations[position] ?? 0)
        ? planned(`${place}.rotation`, plan.rotations[position] ?? 0, answer.rotation)
        : (forwardMisfit(answer, place) ?? samplesMisfit(answer, samples, laterScores, plan, place))
  if (misfit) return failure(misfit)
  return success({ answer, itemSha256: shaped.output.item.sha256 ?? null, samples, later: laterScores })
}

type Shaped = v.InferOutput<typeof Answer2> & Partial<v.InferOutput<typeof Answer3>>

function shapedAs(version: FileVersion, raw: unknown): v.SafeParseResult<v.GenericSchema<unknown, Shaped>> {
  switch (version) {
    case 1:
      return v.safeParse(Answer1Upgraded, raw)
    case 2:
      return v.safeParse(Answer2, raw)
    case 3:
      return v.safeParse(Answer3, raw)
  }
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

/** Samples stand in the order drawn, and those that the outcome names are there. */
function samplesMisfit(
  { sampling, failure: problem }: Answer,
  samples: readonly DrawnSample[],
  later: readonly LaterScores[],
  { strategy }: Pick<RunPlan, 'strategy'>,
  place: string,
): Misfit | null {
  if (!strategy) return null
  const misplaced = samples.findIndex(({ index }, drawn) => index !== drawn)
  if (misplaced >= 0) {
    return planned(`${place}.samples[${misplaced}].index`, misplaced, samples[misplaced]?.index ?? 0)
  }
  const unknown = later.findIndex(({ sample }) => sample >= samples.length)
  if (unknown >= 0) {
    return upTo(`${place}.laterScores[${unknown}].sample`, samples.length - 1, later[unknown]?.sample ?? 0)
  }
  if (!sampling) {
    // Only a prompt that is too long leaves nothing to choose from.
    return problem ? null : { place: `${place}.sampling`, expected: { kind: 'present' }, found: 'undefined' }
  }
  if (sampling.planned !== strategy.samples) {
    return planned(`${place}.sampling.planned`, strategy.samples, sampling.planned)
  }
  if (sampling.taken !== samples.length || samples.length > strategy.samples) {
    return planned(`${place}.sampling.taken`, Math.min(samples.length, strategy.samples), sampling.taken)
  }
  for (const reading of ['official', 'strict'] as const) {
    const { representative } = sampling[reading]
    if (representative !== null && representative >= samples.length) {
      return upTo(`${place}.sampling.${reading}.representative`, samples.length - 1, representative)
    }
  }
  return null
}

function upTo(place: string, limit: number, found: number): Misfit {
  return { place, expected: { kind: 'up-to', limit }, found: String(found) }
}

function planned(place: string, value: number, found: number): Misfit {
  return { place, expected: { kind: 'as-planned', value: String(value) }, found: String(found) }
}

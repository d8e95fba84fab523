/** The parts of one split run, put together again. */
import { askedList } from '../run/asked-list'
import type { RunStart } from '../run/history'
import { originalId } from '../run/origin'
import type { QuestionSamples, RunSamples } from '../run/samples'
import type { Answer, RunId, RunPlan } from '../run/types'
import { failure, success, type Result } from '../result'
import { partsRefusals, type MergeRefusal } from './merge-refusal'
import type { WholeRun } from './run-events'

/** A run as it is stored; answers in the order asked, rotated ones among them. */
export interface PartRun {
  plan: RunPlan
  starts: readonly RunStart[]
  answers: readonly Answer[]
  /** Notes on doubted keys, by position. */
  flags: Readonly<Record<number, string>>
  /** By position; needed where the plan has a strategy. */
  samples?: RunSamples
}

export interface MergeMade {
  id: RunId
  at: number
  /** SHA-256 (hex) of a text in UTF-8. */
  sha256: (text: string) => string
}

/** One question of a part: where it stands there, and its answer if there is one. */
interface PartQuestion {
  part: PartRun
  position: number
  answer: Answer | undefined
}

/**
 * One run of all answers, in the order in which the unsplit run would have asked them. Questions that nobody answered
 * come last, without the samples that they may have, and those of parts that are not there are left out: then the run
 * counts as stopped.
 */
export function mergeParts(
  parts: readonly PartRun[],
  made: MergeMade,
): Result<WholeRun, readonly MergeRefusal[]> {
  const refusals = partsRefusals(parts)
  const [first] = parts
  if (refusals.length > 0 || !first) return failure(refusals)
  const of = first.plan.split?.of ?? 1
  const questions = dealtTogether(parts, of)
  const answered = questions.filter(({ answer }) => answer !== undefined)
  const open = questions.filter(({ answer }) => answer === undefined)
  const ordered = [...answered, ...open]
  const isWhole = parts.length === of && open.length === 0
  const answers = answered.flatMap(({ answer }, position) => (answer ? [{ ...answer, position }] : []))
  const positions = new Map(ordered.map(({ part, position }, merged) => [keyOf(part, position), merged]))
  return success({
    plan: {
      ...planOfAll(parts, first.plan),
      id: made.id,
      name: nameOf(first.plan),
      createdAt: made.at,
      itemIndexes: ordered.map(({ part, position }) => part.plan.itemIndexes[position] ?? -1),
      rotations: ordered.map(({ part, position }) => part.plan.rotations[position] ?? 0),
      // The names of questions that nobody answered are not known without their dataset.
      askedSha256: isWhole ? made.sha256(askedList(answers.map(askedOf))) : null,
      split: null,
      origin: {
        kind: 'merged',
        runIds: parts.map(({ plan }) => originalId(plan)),
        parts: parts.map(({ plan }) => plan.split?.part ?? 1),
        of,
      },
    },
    starts: startsOf(parts, positions, answers.length),
    interruptions: [],
    ended: { at: made.at, reason: isWhole ? 'finished' : 'parts-missing' },
    answers,
    ...(first.plan.strategy && { samples: samplesOf(answered) }),
    flags: parts
      .flatMap((part) =>
        Object.entries(part.flags).map(([key, note]) => ({
          position: positions.get(keyOf(part, Number(key))) ?? 0,
          note,
        })),
      )
      .sort((left, right) => left.position - right.position),
    at: made.at,
  })
}

function samplesOf(answered: readonly PartQuestion[]): RunSamples {
  return new Map(
    answered.flatMap(({ part, position }, merged): [number, QuestionSamples][] => {
      const found = part.samples?.get(position)
      return found ? [[merged, { ...found, position: merged }]] : []
    }),
  )
}

function keyOf({ plan }: PartRun, position: number): string {
  return `${plan.split?.part ?? 1}/${position}`
}

function askedOf({ item, rotation }: Answer) {
  return { id: item.id, language: item.language, rotation }
}

/** As a run is named whose plan is whole (`makeRunPlan`). */
function nameOf({ model, dataset }: RunPlan): string {
  return `${model.name} ${model.quantization} · ${dataset.name}`
}

/** Takes one item of each part in turn, with its rotated question if it has one: dealing (`split.ts`) undone. */
function dealtTogether(parts: readonly PartRun[], of: number): PartQuestion[] {
  const hands = Array.from({ length: of }, (_, index) =>
    itemsOf(parts.find(({ plan }) => (plan.split?.part ?? 1) === index + 1)),
  )
  const rounds = Math.max(...hands.map((hand) => hand.length))
  return Array.from({ length: rounds }, (_, round) => hands.flatMap((hand) => hand[round] ?? [])).flat()
}

/** The questions of a part, those of one item together. */
function itemsOf(part: PartRun | undefined): PartQuestion[][] {
  const items: PartQuestion[][] = []
  for (const [position, rotation] of (part?.plan.rotations ?? []).entries()) {
    if (!part) break
    const question = { part, position, answer: part.answers[position] }
    if (rotation === 0) items.push([question])
    else items.at(-1)?.push(question)
  }
  return items
}

/** Each session of each part, where its first answer stands now; one without answers stands before the next. */
function startsOf(
  parts: readonly PartRun[],
  positions: ReadonlyMap<string, number>,
  answered: number,
): RunStart[] {
  return parts
    .flatMap((part) =>
      part.starts.map((start) => ({
        ...start,
        position: Math.min(positions.get(keyOf(part, start.position)) ?? answered, answered),
      })),
    )
    .sort((left, right) => left.position - right.position || left.at - right.at)
}

/** The first part's plan; prompts may count as reused only if they may in all parts. Each answer tells of its own. */
function planOfAll(parts: readonly PartRun[], { reusePrompt, ...plan }: RunPlan): RunPlan {
  const all = parts.every((part) => part.plan.reusePrompt)
  return { ...plan, ...(reusePrompt && all && { reusePrompt }) }
}

/** From a request to the questions of its run, in order. */
import type { Item } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import { failure, success, type Result } from '../result'
import { askedList } from './asked-list'
import type { RunRequest } from './plan'
import { drawRotations, isRotatable, type RotationCandidate } from './rotate'
import { LANGUAGE_ORDER, planStrata, sampleItems, strataAsSampled, countItems } from './sample'
import { AskedItems, drawShots, type ItemSource, type TooFewShots } from './shots'
import { dealPart, questionsOf } from './split'
import type { RunPlan, Shots } from './types'

/** What a run asks. */
export interface DrawnQuestions extends Pick<RunPlan, 'strata' | 'itemIndexes' | 'rotations' | 'shots'> {
  /** The text that `RunPlan.askedSha256` is the hash of. */
  askedList: string
}

export type DrawFailure =
  | { kind: 'no-items' }
  /** Items that the dataset lists could not be read. */
  | { kind: 'items-missing' }
  | TooFewShots

/** Items read at a time, so that long work gives way to the page now and then. */
const BATCH = 512

type DrawRequest = Pick<
  RunRequest,
  'selection' | 'rotationShare' | 'shots' | 'split' | 'questions' | 'dataset'
>

/**
 * Draws sample, rotations and examples, and deals out a part. All of it depends on the request's seed and the items'
 * ids only. Parts of one split have the same sample, rotations and examples.
 *
 * @param pool what the examples are drawn from; null where the request has none, or names them.
 */
export async function drawQuestions(
  request: DrawRequest,
  dataset: ItemSource,
  pool: ItemSource | null,
): Promise<Result<DrawnQuestions, DrawFailure>> {
  const { selection, rotationShare, split, questions } = request
  const { metas } = dataset
  const sample = questions ? givenSample(request, metas) : sampleItems(metas, selection)
  if (sample.itemIndexes.length === 0) return failure({ kind: 'no-items' })

  const toDraw = questions === null && rotationShare > 0
  const needsItems = toDraw || (request.shots !== null && request.shots.items === undefined)
  const asked = new AskedItems(request.dataset.itemsSha256)
  const candidates: RotationCandidate[] = []
  for (let from = 0; needsItems && from < sample.itemIndexes.length; from += BATCH) {
    const indexes = sample.itemIndexes.slice(from, from + BATCH)
    const items = await dataset.items(indexes)
    if (items.length < indexes.length) return failure({ kind: 'items-missing' })
    for (const item of items) {
      asked.add(item)
      if (toDraw) candidates.push({ rotatable: isRotatable(item), options: item.options.length })
    }
  }

  const shots = await shotsOf(request, pool, languagesOf(metas, sample.itemIndexes), asked)
  if (!shots.ok) return shots
  const rotations = drawRotations(candidates, rotationShare, selection.seed)
  const planned = sample.itemIndexes.map((itemIndex, index) => ({
    itemIndex,
    rotation: rotations[index] ?? 0,
  }))
  const dealt = questions ?? questionsOf(split ? dealPart(planned, split) : planned)
  if (dealt.itemIndexes.length === 0) return failure({ kind: 'no-items' })
  return success({
    strata: sample.strata,
    itemIndexes: [...dealt.itemIndexes],
    rotations: [...dealt.rotations],
    shots: shots.value,
    askedList: listOf(metas, dealt),
  })
}

/** The items of questions that are given, each once. */
function givenSample({ selection, questions }: DrawRequest, metas: readonly ItemMeta[]) {
  const itemIndexes = [...new Set(questions?.itemIndexes)].filter((index) => metas[index])
  const strata = planStrata(countItems(metas), { ...selection, sampleSize: null })
  return { itemIndexes, strata: strataAsSampled(strata, metas, itemIndexes) }
}

async function shotsOf(
  { shots, selection }: DrawRequest,
  pool: ItemSource | null,
  languages: readonly Item['language'][],
  asked: AskedItems,
): Promise<Result<Shots | null, TooFewShots>> {
  if (!shots || shots.count === 0) return success(null)
  const { count } = shots
  const { id, name, itemsSha256 } = shots.pool
  if (shots.items) return success({ pool: { id, name, itemsSha256 }, count, items: [...shots.items] })
  const drawn = await drawShots(shots, pool ?? NO_ITEMS, languages, asked, selection.seed)
  return drawn.ok ? success({ pool: { id, name, itemsSha256 }, count, items: drawn.value }) : drawn
}

const NO_ITEMS: ItemSource = { metas: [], items: () => Promise.resolve([]) }

function languagesOf(metas: readonly ItemMeta[], itemIndexes: readonly number[]) {
  const present = new Set(itemIndexes.map((index) => metas[index]?.language))
  return LANGUAGE_ORDER.filter((language) => present.has(language))
}

function listOf(
  metas: readonly ItemMeta[],
  { itemIndexes, rotations }: Pick<RunPlan, 'itemIndexes' | 'rotations'>,
): string {
  return askedList(
    itemIndexes.flatMap((index, position) => {
      const meta = metas[index]
      return meta ? { id: meta.id, language: meta.language, rotation: rotations[position] ?? 0 } : []
    }),
  )
}

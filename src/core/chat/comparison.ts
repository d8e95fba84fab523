/** One question put to two models, and which reply the user preferred, as stored. */
import type { AssistantMessage, ChatSettings } from './types'

export type ComparisonId = string & { readonly brand: 'ComparisonId' }

/** Where a reply stands on the screen; chance decides which model gets which side. */
export type Side = 'left' | 'right'

export type Preference = Side | 'tie' | 'both-bad'

export interface ComparedModel {
  modelId: string
  variantId: string
  name: string
  quantization: string
}

export interface ComparisonRecord {
  id: ComparisonId
  /** Questions put together: the id of the first of them, the same for all. */
  series: ComparisonId
  /** Its place in the series, from 0. */
  position: number
  createdAt: number
  /** What both models were asked; `settings.seed` is a number, the same for both. */
  question: string
  settings: ChatSettings
  models: Record<Side, ComparedModel>
  /** Null until the model has been asked; `interrupted` while it writes. `id` and `parent` mean nothing here. */
  replies: Record<Side, AssistantMessage | null>
  /** Names stay hidden until there is a preference. */
  blind: boolean
  preference: Preference | null
  decidedAt: number | null
  removedAt: number | null
}

export const SIDES: readonly Side[] = ['left', 'right']
export const PREFERENCES: readonly Preference[] = ['left', 'right', 'tie', 'both-bad']

/** More would keep two models busy for hours before the first pair can be judged. */
export const MOST_QUESTIONS = 20

export function otherSide(side: Side): Side {
  return side === 'left' ? 'right' : 'left'
}

/** Which variant of which model, as one word. */
export function modelKey({ modelId, variantId }: Pick<ComparedModel, 'modelId' | 'variantId'>): string {
  return `${modelId}/${variantId}`
}

export interface SeriesPlan {
  questions: readonly string[]
  models: readonly [ComparedModel, ComparedModel]
  /** With a seed: both models get the same. */
  settings: ChatSettings & { seed: number }
  blind: boolean
  at: number
}

/** The comparisons of a series, none of them asked yet. `toss` puts the second model on the left when true. */
export function planSeries(
  { questions, models, settings, blind, at }: SeriesPlan,
  newId: () => ComparisonId,
  toss: () => boolean,
): ComparisonRecord[] {
  const ids = questions.map(() => newId())
  return questions.flatMap((question, position): ComparisonRecord[] => {
    const [id, series] = [ids[position], ids[0]]
    if (id === undefined || series === undefined) return []
    const [left, right] = toss() ? [models[1], models[0]] : models
    return [
      {
        id,
        series,
        position,
        createdAt: at,
        question,
        settings,
        models: { left, right },
        replies: { left: null, right: null },
        blind,
        preference: null,
        decidedAt: null,
        removedAt: null,
      },
    ]
  })
}

/** The comparisons of each series, in the order given. */
export function bySeries(
  records: readonly ComparisonRecord[],
): ReadonlyMap<ComparisonId, readonly ComparisonRecord[]> {
  const series = new Map<ComparisonId, ComparisonRecord[]>()
  for (const record of records) {
    const known = series.get(record.series)
    if (known) known.push(record)
    else series.set(record.series, [record])
  }
  return series
}

/** A reply that ended by itself. One that was stopped or cut off by a lost tab or GPU is asked again. */
export function isWhole(reply: AssistantMessage | null): reply is AssistantMessage {
  return reply !== null && (reply.finish === 'stop' || reply.finish === 'length')
}

/** Both replies are there, so that they can be shown and judged. */
export function isReady({ replies }: ComparisonRecord): boolean {
  return isWhole(replies.left) && isWhole(replies.right)
}

/** Whether nobody may see which model wrote what: until there is a preference. */
export function isVeiled({ blind, preference }: ComparisonRecord): boolean {
  return blind && preference === null
}

/** A reply that is to be asked for. */
export interface MissingReply {
  id: ComparisonId
  side: Side
}

export interface ModelTurn {
  model: ComparedModel
  missing: MissingReply[]
}

/**
 * What is still to be asked, one turn for each model, so that each is loaded once. The model that is loaded already
 * comes first; a model against itself has one turn.
 */
export function missingTurns(records: readonly ComparisonRecord[], loaded: string | null): ModelTurn[] {
  const turns = new Map<string, ModelTurn>()
  for (const record of records.toSorted((one, other) => one.position - other.position)) {
    for (const side of SIDES) {
      if (isWhole(record.replies[side])) continue
      const model = record.models[side]
      const turn = turns.get(modelKey(model)) ?? { model, missing: [] }
      turn.missing.push({ id: record.id, side })
      turns.set(modelKey(model), turn)
    }
  }
  // By name and not by side: the order of loading must not tell who stands where.
  const inOrder = [...turns].sort(([one], [other]) => (one < other ? -1 : 1))
  return inOrder
    .toSorted(([one], [other]) => Number(other === loaded) - Number(one === loaded))
    .map(([, turn]) => turn)
}

/** The model whose reply the user liked better; null for none. */
export function preferredModel({ preference, models }: ComparisonRecord): ComparedModel | null {
  return preference === 'left' || preference === 'right' ? models[preference] : null
}

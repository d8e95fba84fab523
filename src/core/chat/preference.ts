/** What preferences between two models add up to. */
import { share, type Share } from '../score/share'
import { mcNemarTest } from '../stats/mcnemar'
import {
  isReady,
  modelKey,
  type ComparedModel,
  type ComparisonRecord,
  type Preference,
  type Side,
} from './comparison'

/** A preference counts for the very weights that replied. */
export interface JudgedModel extends ComparedModel {
  fingerprint: string
}

export interface PairSummary {
  /** In the order of their names. Twice the same where a model was compared with itself. */
  models: readonly [JudgedModel, JudgedModel]
  isSelf: boolean
  /** All judged comparisons of the pair. */
  judged: number
  /** How often the first and the second were preferred. */
  wins: readonly [number, number]
  ties: number
  bothBad: number
  /** The first model's share of those with a winner. Null for a model against itself. */
  firstShare: Share | null
  /** Exact two-sided p value of "with a winner, either is as likely to win"; null for a model against itself. */
  signTest: number | null
  /** The left side's share of those with a winner: half, where the side does not matter. */
  leftShare: Share
  /** Different system messages, temperatures, lengths among them; seeds do not count. */
  settings: number
}

/**
 * One summary for each pair of models, the most judged first. Only those that were judged blind count, unless
 * `includeOpen`.
 *
 * The share and its interval are Wilson's (`wilsonInterval`); the p value is that of the sign test, which leaves ties
 * out (W. J. Dixon and A. M. Mood, "The statistical sign test", Journal of the American Statistical Association 41
 * (1946), 557-566) and is McNemar's exact test of the two numbers of wins. Both take the comparisons as independent
 * and their number as fixed beforehand.
 */
export function pairSummaries(
  records: readonly ComparisonRecord[],
  { includeOpen = false }: { includeOpen?: boolean } = {},
): PairSummary[] {
  const pairs = new Map<string, ComparisonRecord[]>()
  for (const record of records) {
    if (!counts(record, includeOpen)) continue
    const key = judgedModels(record).map(judgedKey).join('\n')
    pairs.set(key, [...(pairs.get(key) ?? []), record])
  }
  return [...pairs.values()].map(pairSummary).sort((one, other) => other.judged - one.judged)
}

/** Judged, not deleted, and blind unless open ones are wanted. */
export function counts(record: ComparisonRecord, includeOpen: boolean): boolean {
  const { preference, removedAt, blind } = record
  return preference !== null && removedAt === null && isReady(record) && (blind || includeOpen)
}

function pairSummary(records: readonly ComparisonRecord[]): PairSummary {
  const [record] = records
  if (!record) throw new Error('A pair without comparisons')
  const models = judgedModels(record)
  const isSelf = judgedKey(models[0]) === judgedKey(models[1])
  const times = (preference: Preference) => records.filter((one) => one.preference === preference).length
  const winners = records.flatMap((one) =>
    one.preference === 'left' || one.preference === 'right' ? [judgedKey(judged(one, one.preference))] : [],
  )
  const firstWins = isSelf ? 0 : winners.filter((winner) => winner === judgedKey(models[0])).length
  const wins = [firstWins, isSelf ? 0 : winners.length - firstWins] as const
  return {
    models,
    isSelf,
    judged: records.length,
    wins,
    ties: times('tie'),
    bothBad: times('both-bad'),
    firstShare: isSelf ? null : share(firstWins, winners.length),
    signTest: isSelf ? null : mcNemarTest(...wins).exact,
    leftShare: share(times('left'), winners.length),
    settings: new Set(records.map(settingsKey)).size,
  }
}

function judged({ models, replies }: ComparisonRecord, side: Side): JudgedModel {
  return { ...models[side], fingerprint: replies[side]?.engine.fingerprint ?? '' }
}

function judgedModels(record: ComparisonRecord): readonly [JudgedModel, JudgedModel] {
  const [left, right] = [judged(record, 'left'), judged(record, 'right')]
  const inOrder = `${left.name} ${judgedKey(left)}` <= `${right.name} ${judgedKey(right)}`
  return inOrder ? [left, right] : [right, left]
}

function judgedKey(model: JudgedModel): string {
  return `${modelKey(model)} ${model.fingerprint}`
}

function settingsKey({ settings: { system, temperature, topP, maxTokens } }: ComparisonRecord): string {
  return JSON.stringify([system, temperature, topP, maxTokens])
}

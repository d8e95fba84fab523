/** Pairs with their scores as files, which this importer reads again: a pair is a row. */
import { calendarDay } from '../export/calendar-day'
import { csvParts, type CsvValue } from '../export/csv'
import { judge, type Judgement } from './rule'
import type { ScoreSet } from './score'
import { answerOf, type FilterState } from './state'
import { ASPECTS, type FilterRule, type PerAspect } from './types'

export type ExportedPart = 'kept' | 'dropped' | 'all'

interface ModelName {
  name: string
  quantization: string
  /** SHA-256 (hex) of its weights. */
  fingerprint: string
}

/** One line of a JSONL file. Scores are 0 to 10, more is better, harmfulness included. */
export interface ExportedPair extends Judgement {
  question: string
  answer: string | null
  language: string
  id: string | null
  source: { file: string; row: number }
  /** Null where the answer was in the file. */
  answered_by: ModelName | null
  judges: (ModelName & {
    scores: PerAspect<number> | null
    expected: PerAspect<number> | null
  })[]
  rule: FilterRule
  prompt_sha256: string
  notice: string
}

export function* exportedPairs(
  state: FilterState,
  part: ExportedPart,
  notice: string,
): Generator<ExportedPair> {
  const { generator, plan, rule } = state
  for (const [index, pair] of state.pairs.entries()) {
    const sets = state.judges.map(({ scores }) => scores.straight[index] ?? null)
    const judgement = judge(sets, rule)
    if (part !== 'all' && judgement.verdict !== part) continue
    yield {
      question: pair.question,
      answer: answerOf(state, index),
      language: pair.language,
      id: pair.id,
      source: { file: pair.file, row: pair.row },
      answered_by: pair.answer === null && generator ? modelName(generator) : null,
      ...judgement,
      judges: state.judges.map((each, at) => ({ ...modelName(each), ...columns(sets[at] ?? null) })),
      rule,
      prompt_sha256: plan.promptSha256,
      notice,
    }
  }
}

export function* jsonlParts(pairs: Iterable<ExportedPair>): Generator<string> {
  for (const pair of pairs) yield `${JSON.stringify(pair)}\n`
}

const JUDGES = [1, 2] as const

const COLUMNS = [
  ...['question', 'answer', 'language', 'id', 'file', 'row', 'verdict', 'value'],
  ...['answered_by', 'answered_by_fingerprint'],
  ...JUDGES.flatMap((number) => [
    ...[`judge_${number}`, `judge_${number}_fingerprint`],
    ...ASPECTS.flatMap((aspect) => [`judge_${number}_${aspect}`, `judge_${number}_${aspect}_expected`]),
  ]),
  ...['aggregation', 'threshold', 'prompt_sha256', 'notice'],
]

export function pairCsvParts(pairs: Iterable<ExportedPair>): Generator<string> {
  function* rows() {
    for (const pair of pairs) yield cells(pair)
  }
  return csvParts(COLUMNS, rows())
}

function cells(pair: ExportedPair): CsvValue[] {
  const { answered_by: author, rule } = pair
  return [
    ...[pair.question, pair.answer, pair.language, pair.id, pair.source.file, pair.source.row],
    ...[pair.verdict, pair.value],
    ...(author ? [`${author.name} ${author.quantization}`, author.fingerprint] : [null, null]),
    ...JUDGES.flatMap((number) => {
      const one = pair.judges[number - 1]
      if (!one) return [null, null, ...ASPECTS.flatMap(() => [null, null])]
      const scores = ASPECTS.flatMap((aspect) => [
        one.scores?.[aspect] ?? null,
        one.expected?.[aspect] ?? null,
      ])
      return [`${one.name} ${one.quantization}`, one.fingerprint, ...scores]
    }),
    ...[rule.aggregation, rule.threshold, pair.prompt_sha256, pair.notice],
  ]
}

/** E.g. "somnus-cross-filter-kept-2026-11-22.jsonl". */
export function filterFileName(part: ExportedPart, at: number, ending: string): string {
  return `somnus-cross-filter-${part}-${calendarDay(at)}.${ending}`
}

function modelName({
  model,
  engine,
}: FilterState['judges'][number] | NonNullable<FilterState['generator']>): ModelName {
  return { name: model.name, quantization: model.quantization, fingerprint: engine?.fingerprint ?? '' }
}

function columns(set: ScoreSet | null) {
  if (!set) return { scores: null, expected: null }
  const [scores, expected] = [{}, {}] as [PerAspect<number>, PerAspect<number>]
  for (const aspect of ASPECTS) {
    scores[aspect] = set[aspect].score
    expected[aspect] = set[aspect].expected
  }
  return { scores, expected }
}

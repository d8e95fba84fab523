/** An evaluation as files: all of it as JSON, an answer a row as CSV. */
import { calendarDay } from '../export/calendar-day'
import { ASPECTS } from '../cross-filter/types'
import { csvParts, type CsvValue } from '../export/csv'
import { answerMetric, METRICS, type AnswerCounts, type SimilarityReport } from './similarity'
import type { RatersReport } from './raters'
import type { OpenState } from './state'
import { areGiven } from './prompts'
import { AUTHORS, type Author, type ComparisonPrompts, type OpenEvent, type PerAuthor } from './types'
import { countVerdicts, verdictsOf, type Verdict, type VerdictReport } from './verdicts'

export interface OpenReport {
  similarity: SimilarityReport[]
  verdicts: VerdictReport
  raters: RatersReport
}

export type ByQuestion = readonly (PerAuthor<AnswerCounts> | null)[]

export function verdictReport(state: OpenState): VerdictReport {
  return countVerdicts(verdictsOf(state).filter((verdict) => verdict !== null))
}

/** All that was stored (`events`: questions, models with fingerprints, answers, comparisons, ratings), and what was computed of it. */
export interface OpenFile {
  format: 'somnus-open-ended'
  version: 1
  notice: string
  /** What the judge was asked with; null where nobody judged. */
  judge_prompts: (ComparisonPrompts & { wording: 'given' | 'edited'; sha256: string }) | null
  events: readonly OpenEvent[]
  report: OpenReport
}

export function openJson(
  events: readonly OpenEvent[],
  { plan }: Pick<OpenState, 'plan'>,
  report: OpenReport,
  notice: string,
): string {
  const { judge, prompts, promptSha256: sha256 } = plan
  const wording = areGiven(prompts) ? 'given' : 'edited'
  const file: OpenFile = {
    ...{ format: 'somnus-open-ended', version: 1, notice },
    judge_prompts: judge && { ...prompts, wording, sha256 },
    ...{ events, report },
  }
  return `${JSON.stringify(file)}\n`
}

const COLUMNS = [
  ...['number', 'id', 'language', 'question', 'reference', 'model', 'fingerprint', 'answer', 'finish'],
  ...METRICS,
  ...['verdict', 'prompt_sha256'],
  ...['rater', 'rater_id', 'side'],
  ...ASPECTS,
  'notice',
]

/** A row for each answer, or for each rating of it. Harmfulness is turned round: 10 is harmless. */
export function openCsv(state: OpenState, counts: ByQuestion, notice: string): Generator<string> {
  const verdicts = verdictsOf(state)
  const promptSha256 = state.plan.judge && state.plan.promptSha256
  function* rows(): Generator<CsvValue[]> {
    for (const pair of state.pairs.keys())
      for (const author of AUTHORS) {
        const start = answerCells(state, counts, pair, author)
        const verdict = verdictCell(verdicts[pair] ?? null, author)
        const ratings = ratingCells(state, pair, author)
        const blank = [null, null, null, ...ASPECTS.map(() => null)]
        for (const rating of ratings.length > 0 ? ratings : [blank])
          yield [...start, verdict, promptSha256, ...rating, notice]
      }
  }
  return csvParts(COLUMNS, rows())
}

function answerCells(state: OpenState, counts: ByQuestion, pair: number, author: Author): CsvValue[] {
  const { model, engine, answers } = state.authors[author]
  const question = state.pairs[pair]
  const answer = answers[pair]
  const measured = counts[pair]?.[author]
  return [
    ...[pair + 1, question?.id ?? null, question?.language ?? null],
    ...[question?.question ?? null, question?.answer ?? null],
    ...[`${model.name} ${model.quantization}`, engine?.fingerprint ?? null],
    ...[answer?.text ?? null, answer?.finish ?? null],
    ...METRICS.map((metric) => (measured ? answerMetric(measured, metric) : null)),
  ]
}

function verdictCell(verdict: Verdict | null, author: Author): string | null {
  if (verdict === 0 || verdict === 1) return verdict === author ? 'win' : 'loss'
  return verdict && `tie:${verdict}`
}

function ratingCells(state: OpenState, pair: number, author: Author): CsvValue[][] {
  return state.raters.flatMap(({ id, name, ratings }) => {
    const rating = ratings.get(pair)
    if (!rating) return []
    const side = rating.left === author ? 'left' : 'right'
    return [[name, id, side, ...ASPECTS.map((aspect) => rating.grades[author][aspect])]]
  })
}

/** E.g. "somnus-open-ended-ratings-2026-11-22.json". */
export function openFileName(part: 'all' | 'answers' | 'ratings', at: number, ending: string): string {
  return `somnus-open-ended-${part}-${calendarDay(at)}.${ending}`
}

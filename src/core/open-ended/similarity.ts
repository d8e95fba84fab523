/** How alike two models' answers and the references are: words and characters in common, which is no correctness. */
import type { ItemLanguage } from '../prompt/question'
import { randomBelow } from '../run/random'
import type { Interval } from '../score/wilson'
import { bootstrapSteps, withSpread } from '../stats/bootstrap'
import { bleuCounts, corpusBleu, sentenceBleu, type BleuCounts } from './bleu'
import { chrf, chrfCounts, type ChrfCounts } from './chrf'
import { rouge, type Rouge } from './rouge'
import { answersTo, type OpenState } from './state'
import type { PerAuthor } from './types'

export const METRICS = ['bleu', 'chrf', 'rouge1', 'rouge2', 'rougeL'] as const

export type Metric = (typeof METRICS)[number]

/** What an answer adds to the scores of its model. */
export interface AnswerCounts {
  bleu: BleuCounts
  chrf: ChrfCounts
  rouge: Rouge
}

export interface MetricReport {
  metric: Metric
  /** 0 to 100, of all answers together. */
  values: PerAuthor<number>
  /** First model minus second. */
  difference: number
  /** 95%, over questions drawn anew; null with fewer than two, and where nothing varies. */
  interval: Interval | null
}

export interface SimilarityReport {
  language: ItemLanguage
  /** Questions with both answers. */
  n: number
  metrics: MetricReport[]
}

/** One stream of random numbers for each metric, so that none moves another's interval. */
const BOOTSTRAP_SEED = 20_240_302

export function answerCounts(answer: string, reference: string, language: ItemLanguage): AnswerCounts {
  return {
    bleu: bleuCounts(answer, reference, language),
    chrf: chrfCounts(answer, reference),
    rouge: rouge(answer, reference, language),
  }
}

/** Of one answer, 0 to 100. */
export function answerMetric(counts: AnswerCounts, metric: Metric): number {
  return metric === 'bleu' ? sentenceBleu(counts.bleu) : modelMetric([counts], metric)
}

/** Of all answers of a model, 0 to 100: BLEU and chrF from their sums, ROUGE as the mean. */
export function modelMetric(answers: readonly AnswerCounts[], metric: Metric): number {
  if (metric === 'bleu') return corpusBleu(answers.map(({ bleu }) => bleu))
  if (metric === 'chrf') return chrf(answers.map((answer) => answer.chrf))
  const sum = answers.reduce((whole, answer) => whole + answer.rouge[metric], 0)
  return answers.length === 0 ? 0 : (100 * sum) / answers.length
}

/** By question, of both models; null where an answer is missing. */
export function* countSteps(state: OpenState): Generator<undefined, (PerAuthor<AnswerCounts> | null)[]> {
  const counts: (PerAuthor<AnswerCounts> | null)[] = []
  for (const [pair, { answer, language }] of state.pairs.entries()) {
    const both = answersTo(state, pair)
    counts.push(both && [answerCounts(both[0], answer, language), answerCounts(both[1], answer, language)])
    yield
  }
  return counts
}

/** Languages apart, since their words are not the same unit. In steps, so that the page stays alive. */
export function* similaritySteps(state: OpenState): Generator<undefined, SimilarityReport[]> {
  const counts = yield* countSteps(state)
  const reports: SimilarityReport[] = []
  for (const language of ['en', 'zh'] as const) {
    const units = counts.flatMap((both, pair) =>
      both && state.pairs[pair]?.language === language ? [both] : [],
    )
    if (units.length === 0) continue
    const metrics: MetricReport[] = []
    for (const metric of METRICS) metrics.push(yield* metricSteps(units, metric))
    reports.push({ language, n: units.length, metrics })
  }
  return reports
}

function* metricSteps(
  units: readonly PerAuthor<AnswerCounts>[],
  metric: Metric,
): Generator<undefined, MetricReport> {
  const valuesOf = (drawn: readonly PerAuthor<AnswerCounts>[]): PerAuthor<number> => [
    modelMetric(
      drawn.map(([first]) => first),
      metric,
    ),
    modelMetric(
      drawn.map(([, second]) => second),
      metric,
    ),
  ]
  const differenceOf = (drawn: readonly PerAuthor<AnswerCounts>[]) => {
    const [first, second] = valuesOf(drawn)
    return first - second
  }
  const random = randomBelow(BOOTSTRAP_SEED, METRICS.indexOf(metric))
  const interval = yield* bootstrapSteps(units, differenceOf, random)
  return {
    metric,
    values: valuesOf(units),
    difference: differenceOf(units),
    interval: withSpread(interval),
  }
}

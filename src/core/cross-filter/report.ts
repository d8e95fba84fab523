/** What the scores of the judges tell about the pairs, and about the judges. */
import type { ItemLanguage } from '../prompt/question'
import { meanEstimate, type MeanEstimate } from '../stats/mean-interval'
import { spearman, type RankCorrelation } from '../stats/spearman'
import { weightedKappa, type WeightedKappa } from '../stats/weighted-kappa'
import { GRADES } from './limits'
import { perAspect } from './score'
import { answerOf, type FilterState, type JudgeState } from './state'
import { ASPECTS, type Aspect, type PerAspect } from './types'

export interface Agreement {
  spearman: RankCorrelation
  kappa: WeightedKappa
}

export interface JudgeReport {
  /** Pairs with scores. */
  scored: number
  /** How many pairs have each grade, 0 to 10. */
  histogram: PerAspect<number[]>
  /** Score with the scale reversed minus score with the scale straight; null where no pair has both. */
  orderBias: PerAspect<MeanEstimate | null>
  /** Of score and length of the answer in characters, by the pairs' language: Chinese needs fewer characters. */
  lengthBias: { language: ItemLanguage; correlations: PerAspect<RankCorrelation> }[]
}

export interface FilterReport {
  judges: JudgeReport[]
  /** Null with one judge. */
  agreement: PerAspect<Agreement> | null
}

/** In steps of some ms each, so that ten thousand pairs do not hold up the page. */
export function* reportSteps(state: FilterState): Generator<undefined, FilterReport> {
  const judges: JudgeReport[] = []
  for (const judge of state.judges) judges.push(yield* judgeSteps(state, judge))
  const [first, second] = state.judges
  return { judges, agreement: first && second ? yield* agreementSteps(first, second) : null }
}

function* judgeSteps(state: FilterState, judge: JudgeState): Generator<undefined, JudgeReport> {
  const { straight, reversed } = judge.scores
  const histogram = perAspect(() => new Array<number>(GRADES).fill(0))
  for (const aspect of ASPECTS) {
    const counts = histogram[aspect]
    for (const set of straight) if (set) counts[set[aspect].score] = (counts[set[aspect].score] ?? 0) + 1
  }
  yield
  const orderBias = perAspect((aspect) =>
    meanEstimate(
      reversed.flatMap((set, pair) => {
        const plain = straight[pair]
        return set && plain ? [set[aspect].score - plain[aspect].score] : []
      }),
    ),
  )
  const lengthBias: JudgeReport['lengthBias'] = []
  for (const language of ['en', 'zh'] as const) {
    const places = straight.flatMap((set, pair) =>
      set && state.pairs[pair]?.language === language ? [pair] : [],
    )
    if (places.length === 0) continue
    const lengths = places.map((pair) => answerOf(state, pair)?.length ?? 0)
    const correlations = {} as PerAspect<RankCorrelation>
    for (const aspect of ASPECTS) {
      yield
      correlations[aspect] = spearman(scoresAt(judge, places, aspect), lengths)
    }
    lengthBias.push({ language, correlations })
  }
  return { scored: straight.filter(Boolean).length, histogram, orderBias, lengthBias }
}

function* agreementSteps(first: JudgeState, second: JudgeState): Generator<undefined, PerAspect<Agreement>> {
  const places = first.scores.straight.flatMap((set, pair) =>
    set && second.scores.straight[pair] ? [pair] : [],
  )
  const agreement = {} as PerAspect<Agreement>
  for (const aspect of ASPECTS) {
    yield
    const [one, other] = [scoresAt(first, places, aspect), scoresAt(second, places, aspect)]
    agreement[aspect] = { spearman: spearman(one, other), kappa: weightedKappa(one, other, GRADES) }
  }
  return agreement
}

function scoresAt({ scores }: JudgeState, places: readonly number[], aspect: Aspect): number[] {
  return places.map((pair) => scores.straight[pair]?.[aspect].score ?? 0)
}

/** What is said of a choice among several replies, in words. */
import type { SamplingWords } from '#core/chat/files/document'
import { chooseReply, isDrawn, needsScores, type ReplySampling } from '#core/chat/sampling'
import { worthOf } from '#core/strategy/worth'
import type { Locale } from '#i18n/locale.svelte'

type Finished = Pick<ReplySampling, 'samples'>

/** Scores and sums of scores: three digits tell replies apart that a model judges nearly alike. */
const SCORE_DIGITS = 3

export function scoreText(score: number, locale: Locale): string {
  return locale.number(score, SCORE_DIGITS)
}

/** What the reply at `index` is worth; null where it was not scored. */
export function worthOfSample({ strategy, samples }: ReplySampling, index: number): number | null {
  const scores = samples[index]?.scores
  return scores && 'aggregate' in strategy ? worthOf(strategy.aggregate, scores.steps) : null
}

/** Why the reply that is shown was chosen. */
export function reasonText(sampling: ReplySampling, locale: Locale): string {
  const { reasons } = locale.t.chatStrategies
  const choice = chooseReply(sampling)
  switch (choice.kind) {
    case 'none':
      return reasons.none
    case 'only':
      return reasons.only
    case 'not-comparable':
      return reasons.notComparable
    case 'best':
      return reasons.best(scoreText(choice.worths[choice.shown] ?? 0, locale))
    case 'voted': {
      const won = choice.tally.find(({ replies }) => replies.includes(choice.shown))
      const answer = won?.answer ?? ''
      const isVote = sampling.strategy.kind === 'self-consistency'
      if (!choice.agreed)
        return `${reasons.allDifferent} ${isVote ? reasons.firstOfAll : reasons.highestOfAll}`
      const votes = locale.number(won?.replies.length ?? 0)
      const of = locale.number(finishedOf(sampling))
      return isVote
        ? reasons.majority(answer, votes, of)
        : reasons.voteSum(answer, scoreText(won?.score ?? 0, locale))
    }
  }
}

/** How many replies there are of those planned, and why not all. */
export function extentText(sampling: ReplySampling, locale: Locale): string {
  const t = locale.t.chatStrategies
  const [taken, planned] = [locale.number(finishedOf(sampling)), locale.number(sampling.strategy.samples)]
  if (!isDrawn(sampling)) return t.incomplete(taken, planned)
  return taken === planned ? t.drawn(taken, planned) : t.settledEarly(taken, planned)
}

/** What drawing and scoring all of them cost. */
export function costTexts({ samples }: Finished, locale: Locale): string[] {
  const t = locale.t.chatStrategies
  const sum = (of: (sample: Finished['samples'][number]) => number) =>
    samples.reduce((total, sample) => total + of(sample), 0)
  const tokens = sum(({ completionTokens }) => completionTokens)
  const time = sum(({ timeToFirstTokenMs, decodeMs }) => timeToFirstTokenMs + decodeMs)
  const read = sum(({ scores }) => scores?.promptTokens ?? 0)
  const scoring = sum(({ scores }) => scores?.elapsedMs ?? 0)
  return [
    t.cost(locale.number(tokens), locale.latency(time)),
    ...(read > 0 ? [t.scoringCost(locale.number(read), locale.latency(scoring))] : []),
  ]
}

function finishedOf({ samples }: Finished): number {
  return samples.filter(({ finish }) => finish !== 'abort').length
}

/** What is to be known of a reply besides its answer: whether it is shown, how it ended, what it is worth. */
export function sampleRemarks(sampling: ReplySampling, index: number, locale: Locale): string[] {
  const t = locale.t.chatStrategies
  const finish = sampling.samples[index]?.finish
  const worth = worthOfSample(sampling, index)
  const judged = worth === null ? t.notScored : t.worth(scoreText(worth, locale))
  return [
    ...(index === sampling.shown ? [t.shown] : []),
    ...(finish === 'abort' ? [t.stopped] : []),
    ...(finish === 'length' ? [t.cutOff] : []),
    ...(needsScores(sampling.strategy) ? [judged] : []),
  ]
}

/** All of it for a document. */
export function samplingWords(sampling: ReplySampling, locale: Locale): SamplingWords {
  const t = locale.t.chatStrategies
  const choice = chooseReply(sampling)
  const scorer = sampling.samples.find(({ scores }) => scores)?.scores?.scorer
  const tally = choice.kind === 'voted' ? choice.tally : []
  const unit = needsScores(sampling.strategy) ? t.score : t.votes
  return {
    title: t.why,
    lines: [
      `${locale.t.strategies.names[sampling.strategy.kind]} · ${extentText(sampling, locale)}`,
      reasonText(sampling, locale),
      ...tally.map(({ answer, score }) => `${answer}${locale.colon}${unit} ${scoreText(score, locale)}`),
      ...(choice.kind === 'voted' ? [sampling.compared === 'letters' ? t.byLetters : t.byTexts] : []),
      ...(scorer ? [t.scoresBy(scorer.modelName)] : []),
      costTexts(sampling, locale).join(' '),
    ],
    headings: sampling.samples.map(({ answer, scores, seed }, index) =>
      [
        t.sample(locale.number(index + 1)),
        answer ?? t.noAnswer,
        ...sampleRemarks(sampling, index, locale),
        ...(scores
          ? [`${t.steps}${locale.colon}${locale.list(scores.steps.map((step) => scoreText(step, locale)))}`]
          : []),
        t.seed(String(seed)),
      ].join(' · '),
    ),
  }
}

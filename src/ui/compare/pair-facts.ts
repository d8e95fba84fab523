import type { ComparedPair } from '#core/compare/comparison'
import { HALF_WIDTH } from '#core/compare/pair'
import type { WholeEstimate } from '#core/compare/whole-estimate'
import type { Locale } from '#i18n/locale.svelte'
import { plainPoints, pointsInterval, pStatement, signedPoints } from './format'
import { groupName } from './group-name'

/** One line of "how sure is this". */
export interface PairFact {
  label: string
  value: string
  hint?: string
}

/** What the common items of a pair can tell, and what was left out of them. */
export function pairFacts(pair: ComparedPair, isOneOfMany: boolean, locale: Locale): PairFact[] {
  const texts = locale.t.compare.facts
  const points = (value: number) => locale.t.compare.points(plainPoints(locale, value))
  const { test, n } = pair.groups.total
  const { text, key, level } = pair.refused
  const facts: PairFact[] = []
  if (n > 0) {
    facts.push(
      { label: texts.exact, value: pStatement(locale, test.exact) },
      { label: texts.midP, value: pStatement(locale, test.midP) },
    )
    if (isOneOfMany) facts.push({ label: texts.holm, value: pStatement(locale, pair.holm) })
    const { detectable, itemsToDetect, itemsForHalfWidth } = pair.power
    facts.push(
      { label: texts.detectable, value: detectable === null ? texts.nothing : points(detectable) },
      { label: texts.needed, value: itemsToDetect === null ? texts.nothing : locale.number(itemsToDetect) },
      { label: texts.halfWidth(points(HALF_WIDTH)), value: locale.number(itemsForHalfWidth) },
    )
    if (pair.sharedStems) {
      const { interval, groups } = pair.sharedStems
      facts.push({
        label: texts.stems,
        value: interval
          ? texts.stemsValue(pointsInterval(locale, interval), locale.number(groups))
          : texts.stemsUnknown,
      })
    }
  }
  if (text + key + level > 0) {
    facts.push({
      label: texts.refused,
      value: texts.refusedValue(locale.number(text), locale.number(key), locale.number(level)),
    })
  }
  return facts
}

/** What the pair tells of all items that both runs drew from, in sentences. */
export function wholeText(whole: WholeEstimate, locale: Locale): PairFact {
  const texts = locale.t.compare.facts
  switch (whole.kind) {
    case 'other-dataset':
      return { label: '', value: texts.wholeOther }
    case 'complete':
      return { label: '', value: texts.wholeComplete(locale.number(whole.population)) }
    case 'stratum-missing':
      return {
        label: '',
        value: texts.wholeMissing(
          locale.t.compare.list(whole.strata.map((stratum) => groupName(stratum, locale))),
        ),
      }
    case 'estimate': {
      const { first, second, difference, population } = whole
      const points = locale.t.compare.points(signedPoints(locale, difference.value))
      const value = difference.interval
        ? texts.wholeValue(points, pointsInterval(locale, difference.interval))
        : texts.wholeNoInterval(points)
      const accuracies = texts.wholeAccuracies(estimated(first, locale), estimated(second, locale))
      return {
        label: texts.whole(locale.number(population)),
        value: value + locale.semicolon + accuracies,
        hint: texts.wholeHint,
      }
    }
  }
}

function estimated(
  { value, interval }: Extract<WholeEstimate, { kind: 'estimate' }>['first'],
  locale: Locale,
): string {
  const percent = locale.percent(value)
  if (!interval) return percent
  return `${percent} (${locale.t.results.interval(locale.percent(interval.lower), locale.percent(interval.upper))})`
}

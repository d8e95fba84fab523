import type { Strategy } from '#core/strategy/types'
import type { Locale } from '#i18n/locale.svelte'

/** The way to choose without the number of replies, e.g. "Vote-sum by weakest step". */
export function selectorText(strategy: Strategy, locale: Locale): string {
  const { names, worthShort, byWorth } = locale.t.strategies
  const name = names[strategy.kind]
  return 'aggregate' in strategy ? byWorth(name, worthShort[strategy.aggregate]) : name
}

/** The same with the number of replies that are drawn at most. */
export function strategyText(strategy: Strategy, locale: Locale): string {
  const selector = selectorText(strategy, locale)
  return strategy.kind === 'single'
    ? selector
    : locale.t.strategies.ofSamples(selector, locale.number(strategy.samples))
}

/** As lines of a receipt. */
export function strategyFacts(strategy: Exclude<Strategy, { kind: 'single' }>, locale: Locale): string[] {
  const { stopsEarly, drawsAll } = locale.t.strategies
  return [strategyText(strategy, locale), strategy.stopsEarly ? stopsEarly : drawsAll]
}

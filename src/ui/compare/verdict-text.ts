import type { ComparedPair } from '#core/compare/comparison'
import { CONDITIONS, type Condition } from '#core/compare/conditions'
import type { ComparisonVerdict } from '#core/compare/verdict'
import type { Locale } from '#i18n/locale.svelte'
import { plainPoints, pointsInterval, pStatement, signedPoints } from './format'

/** The verdict in one sentence; `names` are the runs' names by index. */
export function verdictText(
  verdict: ComparisonVerdict,
  names: readonly string[],
  pairs: number,
  locale: Locale,
): string {
  const texts = locale.t.compare.verdict
  const name = (run: number) => names[run] ?? ''
  switch (verdict.kind) {
    case 'no-common-items':
      return texts.noCommon
    case 'better': {
      const { total } = verdict.pair.groups
      const turned = verdict.better === verdict.pair.second
      const difference = total.difference ?? 0
      const { lower, upper } = total.interval
      return texts.better(
        name(verdict.better),
        name(verdict.worse),
        locale.number(total.n),
        locale.t.compare.points(plainPoints(locale, difference)),
        pointsInterval(locale, turned ? { lower: -upper, upper: -lower } : { lower, upper }),
        pStatement(locale, total.test.exact),
      )
    }
    case 'not-decisive': {
      const { total } = verdict.pair.groups
      return texts.notDecisive(
        name(verdict.pair.first),
        name(verdict.pair.second),
        locale.number(total.n),
        locale.t.compare.points(signedPoints(locale, total.difference ?? 0)),
        pointsInterval(locale, total.interval),
        pStatement(locale, total.test.exact),
      )
    }
    case 'one-leads':
      return texts.oneLeads(name(verdict.run), locale.number(pairs))
    case 'some-decided':
      return texts.someDecided(locale.number(verdict.decided), locale.number(verdict.pairs))
    case 'none-decided':
      return texts.noneDecided(locale.number(verdict.pairs))
  }
}

/** What the items could have shown, for two runs that they do not tell apart; null for every other verdict. */
export function powerText(verdict: ComparisonVerdict, locale: Locale): string | null {
  if (verdict.kind !== 'not-decisive') return null
  const { detectable } = verdict.pair.power
  const texts = locale.t.compare
  return detectable === null
    ? texts.verdict.undetectable
    : texts.verdict.detectable(texts.points(plainPoints(locale, detectable)))
}

/** Names what else than the models differs, so that no difference is put down to them unsaid. */
export function circumstancesText(
  pairs: readonly Pick<ComparedPair, 'confounders'>[],
  differing: readonly Condition[],
  locale: Locale,
): string | null {
  const texts = locale.t.compare
  const circumstances = CONDITIONS.filter((condition) =>
    pairs.some((pair) => pair.confounders.includes(condition)),
  )
  const otherModels = differing.includes('model') || differing.includes('weights')
  if (circumstances.length === 0) return otherModels ? null : texts.verdict.sameKind
  const what = texts.list(circumstances.map((condition) => texts.conditions.names[condition]))
  return otherModels ? texts.verdict.alsoDiffer(what) : texts.verdict.differ(what)
}

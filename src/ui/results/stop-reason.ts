import { runSequence } from '#core/run/budget'
import type { RunSummary } from '#core/run/summary'
import type { Locale } from '#i18n/locale.svelte'

const MS_PER_MINUTE = 60_000

/** Why the run ended, in a sentence; null while it can go on. */
export function stopReasonText(run: RunSummary, locale: Locale): string | null {
  const texts = locale.t.planning.stop
  const { state, plan } = run
  if (state.kind === 'finished') return texts.finished
  if (state.kind !== 'stopped') return null
  switch (state.reason) {
    case 'minutes':
      return texts.minutes(locale.duration((plan.budget.minutes ?? 0) * MS_PER_MINUTE))
    case 'precision': {
      // A run from a file may say so although its sample allows no such interval.
      const sequence = runSequence(run)
      return sequence ? texts.precision(locale.number(sequence.halfWidth * 100, 1)) : texts.short.precision
    }
    default:
      return texts[state.reason]
  }
}

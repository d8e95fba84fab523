import { comparisonFileName } from '#core/export/comparison-export'
import { exportFileName } from '#core/export/file-name'
import type { RunPlan } from '#core/run/types'
import type { Scoring } from '#core/score/verdict'
import type { Locale } from '#i18n/locale.svelte'
import type { ChartSource } from './chart'

/** The pictures of one run. */
export function runSource(plan: RunPlan, answered: number, locale: Locale): ChartSource {
  const texts = locale.t.charts
  return {
    subject: plan.name,
    facts: [
      `${plan.model.name} ${plan.model.quantization}`,
      texts.answers(locale.number(answered)),
      locale.dateTime(plan.createdAt),
      texts.version(plan.appVersion),
    ],
    note: plan.selection.design === 'equal' ? texts.unweighted : '',
    fileName: (chart, format) => exportFileName(plan, `${chart}.${format}`),
  }
}

interface ComparedPictures {
  names: readonly string[]
  /** Number of common questions. */
  n: number
  /** What each run is judged by. */
  scorings: readonly Scoring[]
  /** What differs besides the models. */
  circumstances: string | null
}

/** The pictures of runs side by side. */
export function comparisonSource(
  { names, n, scorings, circumstances }: ComparedPictures,
  locale: Locale,
): ChartSource {
  const texts = locale.t.charts
  const now = Date.now()
  return {
    subject: locale.t.compare.list(names),
    facts: [
      judgedBy(names, scorings, locale),
      texts.common(locale.number(n)),
      locale.dateTime(now),
      texts.version(__APP_VERSION__),
    ],
    note: circumstances ?? '',
    fileName: (chart, format) => comparisonFileName(now, `${chart}.${format}`),
  }
}

/** One scoring for all, or each run with its own. */
function judgedBy(names: readonly string[], scorings: readonly Scoring[], locale: Locale): string {
  const texts = locale.t.results.scoring
  const [first, ...others] = scorings
  if (first && others.every((scoring) => scoring === first)) return texts[first]
  return locale.t.compare.list(scorings.map((scoring, run) => `${names[run] ?? ''}: ${texts[scoring]}`))
}

import { comparisonFileName } from '#core/export/comparison-export'
import { exportFileName } from '#core/export/file-name'
import type { RunPlan } from '#core/run/types'
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
    fileName: (chart, format) => exportFileName(plan, `${chart}.${format}`),
  }
}

/** The pictures of runs side by side, on `n` common questions. */
export function comparisonSource(names: readonly string[], n: number, locale: Locale): ChartSource {
  const texts = locale.t.charts
  const now = Date.now()
  return {
    subject: locale.t.compare.list(names),
    facts: [texts.common(locale.number(n)), locale.dateTime(now), texts.version(__APP_VERSION__)],
    fileName: (chart, format) => comparisonFileName(now, `${chart}.${format}`),
  }
}

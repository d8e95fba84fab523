import type { RunConditions } from '#core/compare/conditions'
import type { Locale } from '#i18n/locale.svelte'

/** What each run is called beside the others: its model, and whatever else is needed to tell them apart. */
export function runNames(runs: readonly Pick<RunConditions, 'plan'>[], locale: Locale): string[] {
  const models = runs.map(({ plan }) => plan.model.name)
  const quantized = runs.map(({ plan }) => `${plan.model.name} ${plan.model.quantization}`)
  const isAlone = (name: string, names: readonly string[]) =>
    names.filter((other) => other === name).length === 1
  return runs.map((_, index) => {
    const model = models[index] ?? ''
    const full = quantized[index] ?? ''
    if (isAlone(model, models)) return model
    return isAlone(full, quantized) ? full : locale.t.compare.named(full, locale.number(index + 1))
  })
}

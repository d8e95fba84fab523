/** Parts of a run's plan in words. */
import type { RunOrigin, RunPlan } from '#core/run/types'
import type { Locale } from '#i18n/locale.svelte'

/** E.g. "English, Chinese · 1 – fact recall · a sample of 100". */
export function selectionText({ selection }: Pick<RunPlan, 'selection'>, locale: Locale): string {
  const texts = locale.t.results
  const size =
    selection.sampleSize === null
      ? texts.provenance.selectionAll
      : texts.provenance.selectionSample(locale.number(selection.sampleSize))
  const languages = selection.languages.map((language) => texts.languages[language])
  const levels = selection.levels.map((level) => texts.levelNames[level])
  return [locale.list(languages), locale.list(levels), size].join(' · ')
}

export function originText(origin: RunOrigin, locale: Locale): string {
  const texts = locale.t.receipt.origins
  switch (origin.kind) {
    case 'own':
      return texts.own
    case 'imported':
      return [
        texts.imported(locale.dateTime(origin.at)),
        ...(origin.made.kind === 'own' ? [] : [originText(origin.made, locale)]),
      ].join(' · ')
    case 'merged':
      return texts.merged(
        locale.list(origin.parts.map((part) => locale.number(part))),
        locale.number(origin.of),
      )
    case 'rerun':
      return texts.rerun(locale.percent(origin.share, 0), origin.runId)
  }
}

export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}

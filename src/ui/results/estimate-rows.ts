import type { RunEstimate, SelectionEstimate } from '#core/score/run-estimate'
import type { Interval } from '#core/score/wilson'
import type { Locale } from '#i18n/locale.svelte'

/** One claim, as it is shown. */
export interface EstimateRowFacts {
  name: string
  value: number | null
  interval: Interval | null
  none?: string
  about: string
}

/** The claims of a run, the one that speaks for its sample first. */
export function estimateRows(estimate: RunEstimate, locale: Locale): EstimateRowFacts[] {
  const { plain, selection, stems, sequence } = estimate
  const texts = locale.t.planning.estimate
  const n = locale.number(plain.n)
  const source: EstimateRowFacts = {
    name: texts.source,
    value: plain.accuracy,
    interval: plain.interval,
    about: `${texts.sourceAbout(n)}${estimate.isWeightedFirst ? ` ${texts.sourceUnequal}` : ''}`,
  }
  const whole = selection.population > 0 ? [selectionRow(selection, plain.accuracy, n, locale)] : []
  const rows = estimate.isWeightedFirst ? [...whole, source] : [source, ...whole]
  if (stems) {
    const about = texts.stemsAbout(n, locale.number(stems.groups))
    rows.push({ name: texts.stems, value: plain.accuracy, interval: stems.interval, none: texts.none, about })
  }
  if (sequence) {
    rows.unshift(
      { name: texts.sequence, value: null, interval: sequence.selection, about: texts.sequenceAbout },
      {
        name: texts.sequenceSource,
        value: null,
        interval: sequence.source,
        about: texts.sequenceSourceAbout,
      },
    )
  }
  return rows
}

function selectionRow(
  selection: SelectionEstimate,
  accuracy: number | null,
  n: string,
  locale: Locale,
): EstimateRowFacts {
  const texts = locale.t.planning.estimate
  const name = texts.selection
  const population = locale.number(selection.population)
  switch (selection.kind) {
    case 'complete':
      return { name, value: accuracy, interval: null, about: texts.complete(population) }
    case 'stratum-missing': {
      const { languages, levelNames } = locale.t.results
      const cells = selection.strata.map(
        ({ language, level }) => `${languages[language]} · ${levelNames[level]}`,
      )
      const list = new Intl.ListFormat(locale.tag, { type: 'conjunction' }).format(cells)
      return { name, value: null, interval: null, none: texts.none, about: texts.missing(list) }
    }
    case 'estimate': {
      const about = texts.selectionAbout(population, n)
      return selection.interval
        ? { name, value: selection.value, interval: selection.interval, about }
        : {
            name,
            value: selection.value,
            interval: null,
            none: texts.none,
            about: locale.sentences(about, texts.single),
          }
    }
  }
}

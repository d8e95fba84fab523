import { filterFileName } from '#core/cross-filter/export'
import type { FilterState } from '#core/cross-filter/state'
import type { Locale } from '#i18n/locale.svelte'
import type { ChartSource } from '../../charts/chart'
import { modelText } from '../model-text'

/** What a picture of a filter says of where it comes from. */
export function filterSource(state: FilterState, name: string, locale: Locale): ChartSource {
  const texts = locale.t.crossFilter
  return {
    subject: name,
    facts: [
      ...state.judges.map(({ model }) => texts.work.roles.judge(modelText(model))),
      texts.pairs(locale.number(state.pairs.length)),
      locale.dateTime(state.createdAt),
      locale.t.charts.version(state.plan.appVersion),
    ],
    note: locale.sentences(texts.turned, texts.export.notice),
    fileName: (chart, format) => filterFileName('all', state.createdAt, `${chart}.${format}`),
  }
}

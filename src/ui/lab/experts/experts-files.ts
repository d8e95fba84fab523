import { calendarDay } from '#core/export/calendar-day'
import { expertsJson, expertsMarkdown, type ExpertsFileTexts } from '#core/experts/file'
import type { ExpertsState } from '#core/experts/state'
import type { StudyRecord } from '#core/study/types'
import type { Locale } from '#i18n/locale.svelte'
import { SUFFICIENT_FROM } from '#core/experts/limits'
import { ratingText } from './rating-text'
import { stageFacts } from './stage-facts'
import { stageTitle } from './stage-text'

export function markdownOf(state: ExpertsState, { name }: StudyRecord, locale: Locale): string {
  return expertsMarkdown(state, { name, notice: locale.t.experts.export.notice }, textsOf(locale))
}

/** `at`: ms since 1970. */
export function fileOf(
  format: 'md' | 'json',
  state: ExpertsState,
  record: StudyRecord,
  locale: Locale,
  at: number,
): File {
  const { name, createdAt } = record
  const notice = locale.t.experts.export.notice
  const text =
    format === 'md'
      ? markdownOf(state, record, locale)
      : expertsJson(state, { name, createdAt, exportedAt: at, appVersion: __APP_VERSION__, notice })
  const day = calendarDay(createdAt)
  const type = format === 'md' ? 'text/markdown;charset=utf-8' : 'application/json'
  return new File([text], `somnus-experts-${day}.${format}`, { type })
}

function textsOf(locale: Locale): ExpertsFileTexts {
  const { study, outcome, adaptation, export: file } = locale.t.experts
  return {
    question: study.question,
    answer: outcome.title,
    adaptation,
    unfinished: file.unfinished,
    cut: study.cut,
    stage: (kind, round) => stageTitle({ kind, round }, locale),
    rating: (rating) => ratingText(rating, locale),
    sufficiency: (probability) => sufficiencyText(probability, locale),
    facts: (stage) =>
      stageFacts(stage, locale)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · '),
  }
}

export function sufficiencyText(probability: number | null, locale: Locale): string {
  const { sufficiency } = locale.t.experts.study
  if (probability === null) return sufficiency.unknown
  // With two digits 0.499 would read as sufficient.
  const shown = locale.number(probability, 3)
  return probability >= SUFFICIENT_FROM ? sufficiency.yes(shown) : sufficiency.no(shown)
}

/** How a run went, in words. */
import type { Interruption, RunHistory } from '#core/run/history'
import type { Locale } from '#i18n/locale.svelte'

/** A run of days may be interrupted very often; the exported receipt has all of it. */
export const MAX_INTERRUPTIONS = 10

/** The first interruptions, and how many more there were. */
export function interruptionTexts(interruptions: readonly Interruption[], locale: Locale): string[] {
  const { interruption, resumed, notResumed, reasons, facts } = locale.t.receipt
  const lines = interruptions.slice(0, MAX_INTERRUPTIONS).map(({ position, at, reason, resumedAt }) => {
    const what = interruption(locale.number(position + 1), locale.dateTime(at), reasons[reason])
    return what + (resumedAt === null ? notResumed : resumed(locale.dateTime(resumedAt)))
  })
  const left = interruptions.length - lines.length
  return left > 0 ? [...lines, facts.more(locale.number(left))] : lines
}

export function endText({ ended }: Pick<RunHistory, 'ended'>, locale: Locale): string {
  const { facts } = locale.t.receipt
  if (!ended) return facts.notEnded
  const reason = ended.reason === 'finished' ? facts.allAnswered : locale.t.planning.stop.short[ended.reason]
  return facts.endedValue(locale.dateTime(ended.at), reason)
}

import type { PromptReading } from '#core/numerics/types'
import type { Locale } from '#i18n/locale.svelte'

/** How a prompt was read, as lines of a list; none where it is not known, or where nothing but the usual happened. */
export function readingFacts(
  reading: PromptReading | undefined,
  locale: Locale,
): [label: string, value: string][] {
  if (!reading || (reading.path === 'cold' && !reading.reason)) return []
  const texts = locale.t.reuse
  const { path, tokensFed, tokensReused, reason } = reading
  const read = locale.number(tokensFed)
  const note = path === 'stepwise' ? texts.stepwise : reason && texts.reasons[reason]
  return [
    [texts.tokens, note ? texts.why(read, note) : read],
    ...(tokensReused > 0 ? [[texts.kept, locale.number(tokensReused)] satisfies [string, string]] : []),
  ]
}

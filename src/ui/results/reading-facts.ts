import type { PromptReading } from '#core/numerics/types'
import type { Locale } from '#i18n/locale.svelte'

/**
 * How a prompt was read, as lines of a list; none where it is not known, or where nothing but the usual happened. `labels`
 * are those of the tokens read and reused.
 */
export function readingFacts(
  reading: PromptReading | undefined,
  locale: Locale,
  labels: { tokens: string; kept: string } = locale.t.reuse,
): [label: string, value: string][] {
  if (!reading || (reading.path === 'cold' && !noteOn(reading, locale))) return []
  const texts = locale.t.reuse
  const { tokensFed, tokensReused } = reading
  const read = locale.number(tokensFed)
  const note = noteOn(reading, locale)
  return [
    [labels.tokens, note ? texts.why(read, note) : read],
    ...(tokensReused > 0 ? [[labels.kept, locale.number(tokensReused)] satisfies [string, string]] : []),
  ]
}

function noteOn(
  { path, reason, compared, awaitsComparison }: PromptReading,
  locale: Locale,
): string | undefined {
  const texts = locale.t.reuse
  if (path === 'stepwise') return texts.stepwise
  if (reason) return path === 'reused' ? texts.some(texts.reasons[reason]) : texts.reasons[reason]
  // Of several together: the last of them were read after the comparison.
  if (awaitsComparison) return texts.notCompared
  return compared ? texts.compared : undefined
}

import type { ImportFailure } from '#core/dataset/failure'
import type { Locale } from '#i18n/locale.svelte'
import { failureText } from '../datasets/failure-text'

/** What went wrong with a file of pairs, and what was expected. */
export function pairFailureText(failure: ImportFailure, locale: Locale): string {
  const texts = locale.t.labTurns.files
  if (failure.kind === 'wrong-shape') return texts.wrongShape(failure.file, locale.list(failure.found))
  if (failure.kind === 'unknown-format') return texts.unknownFormat(failure.file, failure.start)
  return failureText(locale, failure)
}

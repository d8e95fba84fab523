import type { ImportProblem } from '#app/run-import.svelte'
import type { Expected } from '#core/receipt/expected'
import type { LogFailure } from '#core/run/log'
import type { Locale } from '#i18n/locale.svelte'

/** Why a file cannot be opened: where, what was expected, what to do. */
export function importProblemText(problem: ImportProblem, locale: Locale): string {
  const t = locale.t.verify.problems
  switch (problem.kind) {
    case 'too-large':
      return t.tooLarge(locale.bytes(problem.bytes), locale.bytes(problem.limit))
    case 'unreadable':
      return t.unreadable
    case 'not-json':
      return problem.element === null ? t.notJson : t.notJsonAt(locale.number(problem.element + 1))
    case 'too-long': {
      const limit = locale.number(problem.limit)
      return problem.element === null
        ? t.tooLong(limit)
        : t.answerTooLong(locale.number(problem.element + 1), limit)
    }
    case 'too-many':
      return t.tooMany(locale.number(problem.limit))
    case 'other-format':
      return t.otherFormat
    case 'other-version':
      return t.otherVersion(String(problem.version))
    case 'inconsistent':
      return t.inconsistent(problem.event)
    case 'not-stored':
      return storageText(problem.failure, locale)
    case 'misfit': {
      const place = problem.place === '' ? t.wholeFile : problem.place
      const expected = expectedText(problem.expected, locale)
      return problem.answer === null
        ? t.misfit(place, expected, problem.found)
        : t.misfitAnswer(locale.number(problem.answer), place, expected, problem.found)
    }
  }
}

export function storageText(failure: LogFailure, locale: Locale): string {
  const t = locale.t.verify.problems
  return failure.kind === 'storage-full' ? t.storageFull : t.storageFailed
}

/** What a place of a file should have held. */
export function expectedText(expected: Expected, locale: Locale): string {
  const t = locale.t.verify.expected
  switch (expected.kind) {
    case 'at-most-long':
      return t.atMostLong(locale.number(expected.limit))
    case 'at-least-long':
      return t.atLeastLong(locale.number(expected.limit))
    case 'from':
      return t.from(locale.number(expected.limit))
    case 'above':
      return t.above(locale.number(expected.limit))
    case 'up-to':
      return t.upTo(locale.number(expected.limit))
    case 'one-of':
      return t.oneOf(expected.values)
    case 'as-planned':
      return t.asPlanned(expected.value)
    default:
      return t[expected.kind]
  }
}

import type { ChatFileFailure } from '#app/conversation-files'
import type { FileMisfit } from '#core/chat/files/read-conversation'
import type { Locale } from '#i18n/locale.svelte'
import { expectedText } from '../../verify/import-problem-text'

/** Why a file was not opened: where, what was expected, what to do. */
export function fileProblemText(
  problem: ChatFileFailure,
  wanted: 'conversation' | 'preset',
  locale: Locale,
): string {
  const t = locale.t.chatFiles.problems
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
        : t.messageTooLong(locale.number(problem.element + 1), limit)
    }
    case 'too-many':
      return t.tooMany(locale.number(problem.limit))
    case 'other-format':
      return t.otherFormat[wanted]
    case 'other-version':
      return t.otherVersion(String(problem.version))
    case 'not-stored':
      return problem.failure.kind === 'storage-full' ? t.storageFull : t.storageFailed
    case 'misfit':
      return t.misfit(problem.place, wantedText(problem.expected, locale), problem.found)
  }
}

function wantedText(expected: FileMisfit['expected'], locale: Locale): string {
  const t = locale.t.chatFiles.expected
  switch (expected.kind) {
    case 'larger-number':
      return t.largerNumber(locale.number(expected.than))
    case 'earlier-message':
    case 'message':
    case 'no-message':
      return t[expected.kind]
    default:
      return expectedText(expected, locale)
  }
}

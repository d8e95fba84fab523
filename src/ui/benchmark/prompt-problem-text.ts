import type { EditingProblem } from '#app/prompt-editing.svelte'
import { MOST_NAME_LENGTH, MOST_TEXT_LENGTH } from '#core/prompt/check-prompts'
import type { Locale } from '#i18n/locale.svelte'

/** What is wrong, without where. */
export function problemText(problem: EditingProblem, locale: Locale): string {
  const texts = locale.t.protocol.editor.problems
  switch (problem.kind) {
    case 'name-missing':
    case 'name-taken':
      return texts[problem.kind]
    case 'name-too-long':
      return texts['name-too-long'](locale.number(MOST_NAME_LENGTH))
    case 'missing-placeholder':
    case 'unknown-placeholder':
      return texts[problem.kind](problem.placeholder)
    case 'too-long':
      return texts['too-long'](locale.number(MOST_TEXT_LENGTH))
  }
}

/** Where it is, or null for the name. */
export function problemPlace(problem: EditingProblem, locale: Locale): string | null {
  if (!('place' in problem)) return null
  const texts = locale.t.protocol.editor
  const { kind, language, field } = problem.place
  return texts.where(texts.kinds[kind], locale.t.results.languages[language], texts.fields[field])
}

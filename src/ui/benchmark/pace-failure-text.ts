import { engineFailureText } from '#app/engine-failure-text'
import type { PaceFailure } from '#app/measure-pace'
import { runProblemText } from '#app/run-problem-text'
import type { Locale } from '#i18n/locale.svelte'

/** Why a measurement gave nothing, and what to do. */
export function paceFailureText(failure: PaceFailure, locale: Locale): string {
  switch (failure.kind) {
    case 'no-items':
    case 'too-few-shots':
      return runProblemText(failure, locale).nextStep
    case 'items-missing':
    case 'model-unknown':
      return locale.t.planning.plan.changed
    default: {
      const { problem, nextStep } = engineFailureText(failure, locale)
      return locale.sentences(problem, nextStep)
    }
  }
}

import type { Locale } from '#i18n/locale.svelte'
import { engineFailureText, type FailureText } from './engine-failure-text'
import { logReason } from './run-problem-text'
import type { ScoringProblem } from './step-scoring.svelte'

/** Why stored replies were not all scored, in the user's language. */
export function scoringProblemText(problem: ScoringProblem, locale: Locale): FailureText {
  const { problemTitle, problems } = locale.t.strategies.later
  const told = (nextStep: string, detail = '') => ({ problem: problemTitle, nextStep, detail })
  switch (problem.kind) {
    case 'engine':
      return engineFailureText(problem.failure, locale)
    case 'storage':
      return told(
        logReason(problem.failure, locale),
        'detail' in problem.failure ? problem.failure.detail : '',
      )
    case 'busy':
      return told(problems.busy)
    case 'other-model':
      return told(problems.otherModel)
    case 'no-questions':
      return told(problems.noQuestions)
    case 'broken':
      return told(problem.detail)
  }
}

import type { LogFailure } from '#core/run/log'
import type { RunSummary } from '#core/run/summary'
import type { Locale } from '#i18n/locale.svelte'
import { engineFailureText, type FailureText } from './engine-failure-text'
import type { RunProblem } from './run-problem'

/** Why a run does not go on, in the user's language. */
export function runProblemText(problem: RunProblem, locale: Locale): FailureText {
  if (problem.kind === 'model-failed') return engineFailureText(problem.failure, locale)
  const detail = problem.kind === 'log-failed' && 'detail' in problem.failure ? problem.failure.detail : ''
  return { problem: locale.t.benchmark.problemTitle, nextStep: reason(problem, locale), detail }
}

/** Where an unfinished run stands; `elsewhere` when another tab answers it. */
export function runStateText(run: RunSummary, elsewhere: boolean, locale: Locale): string {
  const t = locale.t.benchmark
  if (elsewhere) return t.elsewhere
  if (run.state.kind === 'paused') {
    const { reason, failure } = run.state
    // The engine's own errors say no more than that there was one.
    const cause = reason === 'engine-failure' && failure && failure.kind !== 'engine-error'
    return cause ? engineFailureText(failure, locale).problem : t.pausedBy[reason]
  }
  return run.state.kind === 'ready' ? t.notStarted : t.interrupted
}

function reason(problem: Exclude<RunProblem, { kind: 'model-failed' }>, locale: Locale): string {
  const t = locale.t.benchmark.problems
  switch (problem.kind) {
    case 'busy':
      return { 'this-tab': t.busyThisTab, run: t.busyRun, engine: t.busyEngine }[problem.holder]
    case 'run-missing':
      return t.runMissing
    case 'no-items':
      return t.noItems
    case 'too-few-shots':
      return t.tooFewShots(
        locale.t.datasets.languages[problem.language],
        locale.number(problem.wanted),
        locale.number(problem.found),
      )
    case 'dataset-missing':
      return t.datasetMissing(problem.name)
    case 'dataset-failed':
      return t.datasetFailed
    case 'model-unknown':
      return t.modelUnknown(problem.name)
    case 'model-differs':
      return t.modelDiffers(problem.name)
    case 'log-failed':
      return logReason(problem.failure, locale)
  }
}

/** Why an event of a run was not stored. */
export function logReason(failure: LogFailure, locale: Locale): string {
  const t = locale.t.benchmark.problems
  if (failure.kind === 'storage-full') return t.storageFull
  return failure.kind === 'storage-failed' ? t.storageFailed : t.otherTab
}

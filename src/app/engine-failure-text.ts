import type { EngineFailure } from '#core/engine'
import type { Locale } from '#i18n/locale.svelte'
import { modelFailureText } from './model-failure-text'

/** A failure in the user's language. */
export interface FailureText {
  problem: string
  nextStep: string
  /** The engine's own words, for a fold; empty where they add nothing. */
  detail: string
}

export function engineFailureText(failure: EngineFailure, locale: Locale): FailureText {
  if (failure.kind === 'model-unavailable') return modelFailureText(failure.failure, locale)
  return { ...words(failure, locale), detail: 'detail' in failure ? failure.detail : '' }
}

type OwnFailure = Exclude<EngineFailure, { kind: 'model-unavailable' }>

function words(failure: OwnFailure, locale: Locale): { problem: string; nextStep: string } {
  const t = locale.t.failures
  switch (failure.kind) {
    case 'aborted':
      return t.aborted
    case 'not-loaded':
      return t.notLoaded
    case 'webgpu-unavailable':
      return { 'no-api': t.noWebGpu, 'no-adapter': t.noAdapter, 'insecure-origin': t.insecureOrigin }[
        failure.reason
      ]
    case 'feature-missing':
      return t.featureMissing(failure.feature)
    case 'download-failed':
      return failure.status === undefined
        ? t.downloadFailed(hostOf(failure.url))
        : t.downloadRefused(hostOf(failure.url), failure.status)
    case 'storage-full':
      return t.storageFull(locale.bytes(failure.bytes))
    case 'checksum-mismatch':
      return t.checksumMismatch
    case 'model-invalid':
      return t.modelInvalid
    case 'model-too-large':
      return t.modelTooLarge(locale.bytes(failure.bytes), locale.bytes(failure.limitBytes))
    case 'out-of-memory':
      return t.outOfMemory
    case 'device-lost':
      return t.deviceLost
    case 'reuse-check-failed':
      return t.reuseCheckFailed
    case 'context-exceeded':
      return t.contextExceeded(locale.number(failure.promptTokens), locale.number(failure.contextTokens))
    case 'letters-not-tokens':
      return t.lettersNotTokens
    case 'not-a-reward-model':
      return t.notARewardModel
    case 'only-a-reward-model':
      return t.onlyARewardModel
    case 'worker-lost':
      return t.workerLost
    case 'taken-over':
      return t.takenOver
    case 'engine-error':
      return t.engineError
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

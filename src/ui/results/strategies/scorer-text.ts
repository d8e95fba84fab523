import type { StepScorer } from '#core/strategy/types'
import type { Locale } from '#i18n/locale.svelte'

/** Who scored, and what kind of scorer that is, e.g. "Qwen2.5-7B q4f16_1 (self-verifier, not the MedS3 PRM)". */
export function scorerText({ kind, modelName, quantization }: StepScorer, locale: Locale): string {
  const { compared, scorers } = locale.t.strategies
  return compared.scorer(modelName, quantization, scorers[kind])
}

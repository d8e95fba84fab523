import { verifierVersionOf } from '#core/strategy/scorer'
import type { StepScorer } from '#core/strategy/types'
import { VERIFIER_VERSION } from '#core/strategy/verifier'
import type { Locale } from '#i18n/locale.svelte'

/** Who scored, and what kind of scorer that is, e.g. "Qwen2.5-7B q4f16_1 (self-verifier, not the MedS3 PRM)". */
export function scorerText(scorer: StepScorer, locale: Locale): string {
  const { compared, scorers } = locale.t.strategies
  const version = verifierVersionOf(scorer)
  const kind = scorers[scorer.kind]
  const isOfToday = version === null || version === VERIFIER_VERSION
  const named = isOfToday ? kind : compared.otherWords(kind, version)
  return compared.scorer(scorer.modelName, scorer.quantization, named)
}

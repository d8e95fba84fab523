import type { EngineFailure, EngineResult } from '#core/engine'
import { compareLetters, type GoldenLetters } from '#core/numerics/golden-letters'
import {
  differencesBetweenOrders,
  SELF_TEST_TOKENS,
  SELF_TEST_VERSION,
  TOLERANCE_F16,
  TOLERANCE_F32,
} from '#core/numerics/self-test'
import type { LetterComparison, SelfTestReport } from '#core/numerics/types'
import { verdictOf } from '#core/numerics/verdict'
import { failure, success } from '#core/result'
import { aborted } from './abort'
import { forwardOf } from './webllm-forward'
import type { LoadedModel, Settle } from './webllm-model'
import { scoreLetters } from './webllm-score'

/** The orders take about 40 passes; a golden item is one longer pass. */
const SHARE_OF_ORDERS = 0.9

class Ended extends Error {}

/**
 * Runs the self-test on the loaded model, and asks it the golden items where its record has some. An abort takes effect
 * between two passes. What was in the KV cache is lost.
 */
export async function testNumbers(
  model: LoadedModel,
  settle: Settle,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EngineResult<SelfTestReport>> {
  const { inner, goldenLetters, isHalfPrecision } = model
  if (!inner.ok) {
    return failure({
      kind: 'engine-error',
      detail: `The numbers of this model cannot be tested: ${inner.failure}.`,
    })
  }
  const begun = performance.now()
  const at = Date.now()
  const { fullVocabSize } = inner.value.inner
  const tolerance = isHalfPrecision ? TOLERANCE_F16 : TOLERANCE_F32
  const share = goldenLetters && !model.rewardHead ? SHARE_OF_ORDERS : 1
  let differences: SelfTestReport['differences'] | undefined
  let isLost = false
  void model.device.failure.then(() => (isLost = true))
  const tested = await settle(async () => {
    try {
      differences = await differencesBetweenOrders(
        forwardOf(inner.value),
        fullVocabSize,
        tolerance,
        (done) => {
          if (signal.aborted || isLost) throw new Ended()
          onProgress(done * share)
        },
      )
    } catch (error) {
      if (!(error instanceof Ended)) throw error
    }
  })
  if (!tested.ok) return tested
  if (!differences || signal.aborted) return aborted()
  const verdict = verdictOf({ differences, tolerance, letters: null })
  // Known questions longer than a chunk go the way that answers will go: else they would be wrong for what is avoided.
  if (!verdict.appendsSound) model.prompts.follow(verdict, tolerance)
  const letters = await comparedLetters(
    model,
    settle,
    goldenLetters,
    (done) => onProgress(share + done * (1 - share)),
    signal,
  )
  if (!letters.ok) return letters
  onProgress(1)
  return success({
    version: SELF_TEST_VERSION,
    at,
    tokens: SELF_TEST_TOKENS,
    tolerance,
    differences,
    letters: letters.value,
    elapsedMs: performance.now() - begun,
  })
}

/** Failures that say nothing of the device: no token for a letter, or a context that an item does not fit. */
const NOT_ASKABLE = new Set<EngineFailure['kind']>(['letters-not-tokens', 'context-exceeded'])

/** Null where there is nothing to compare with, or an item cannot be asked of this load. */
async function comparedLetters(
  model: LoadedModel,
  settle: Settle,
  golden: GoldenLetters | null,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<EngineResult<LetterComparison | null>> {
  if (!golden || model.rewardHead) return success(null)
  const found: number[][] = []
  for (const item of golden.items) {
    onProgress(found.length / golden.items.length)
    const scores = await scoreLetters(
      model,
      settle,
      { messages: item.messages, letters: item.letters },
      signal,
    )
    if (!scores.ok) return NOT_ASKABLE.has(scores.failure.kind) ? success(null) : scores
    found.push(scores.value.probabilities)
  }
  return success(compareLetters(golden, found))
}

/** A model that WebLLM holds, as the parts of this engine share it. */
import type { MLCEngine } from '@mlc-ai/web-llm'
import type { EngineFailure, EngineResult } from '#core/engine'
import type { RewardHead } from '#core/model/reward-head'
import type { GoldenLetters } from '#core/numerics/golden-letters'
import type { ColdReason, SelfTestReport } from '#core/numerics/types'
import type { Result } from '#core/result'
import { delay } from './abort'
import type { LogitTap } from './logit-tap'
import type { DeviceWatch } from './webgpu-device'
import { webLlmFailure, type FailureContext } from './webllm-failure'
import type { KnownPipeline } from './webllm-inner'
import type { PromptPaths } from './prefix-cache/prompt-paths'
import type { Pipeline } from './webllm-pipeline'

export interface LoadedModel extends FailureContext {
  engine: MLCEngine
  modelId: string
  pipeline: Pipeline
  tap: LogitTap
  device: DeviceWatch
  /** Null for a language model. */
  rewardHead: RewardHead | null
  /** The pipeline's inside, or why it is left alone. */
  inner: Result<KnownPipeline, ColdReason>
  prompts: PromptPaths
  /** Of another device with the same files; null where the record has none. */
  goldenLetters: GoldenLetters | null
  /** Whether its library computes in half precision. */
  isHalfPrecision: boolean
  /** Null until the numbers of this device were checked (`Engine.checkNumbers`). */
  selfTest: SelfTestReport | null
}

/** Runs a request's work on the loaded model; turns what WebLLM throws, and the loss of the device, into failures. */
export type Settle = (work: () => Promise<void>) => Promise<EngineResult<void>>

/** Scores are of the model's own distribution; a model's configuration may name penalties, which are not. */
export const NO_PENALTIES = { frequency_penalty: 0, presence_penalty: 0, repetition_penalty: 1 }

/** The news of a lost device needs a round trip to the GPU process. */
const DEVICE_NEWS_MS = 200

/** Every request starts from an empty conversation, and unless it allows otherwise from an empty cache. */
export async function forget({ engine, modelId }: LoadedModel): Promise<void> {
  await engine.resetChat(false, modelId)
}

/** What an error means; one of a lost device often comes shortly before the loss is told, and hides the cause. */
export async function failureOf(
  error: unknown,
  device: DeviceWatch,
  context: FailureContext,
): Promise<EngineFailure> {
  const told = webLlmFailure(error, context)
  if (!['engine-error', 'reuse-check-failed', 'device-lost'].includes(told.kind)) return told
  const lost = await Promise.race([device.failure, delay(DEVICE_NEWS_MS, new AbortController().signal)])
  return lost ?? told
}

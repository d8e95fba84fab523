/** What is read from the logits of one forward pass over a prompt. */
import type { ChatCompletionRequestBase } from '@mlc-ai/web-llm'
import type { EngineResult, LetterRequest, LetterScores, RewardRequest, RewardScores } from '#core/engine'
import { headTokens, rewardProbability, type RewardHead } from '#core/model/reward-head'
import { allReadings } from '#core/numerics/reading'
import type { PromptReading } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { aborted } from './abort'
import { continuedPrompt } from './continued-prompt'
import { softmax } from './letter-probabilities'
import type { PathRequest } from './prefix-cache/prompt-paths'
import { forget, NO_PENALTIES, type LoadedModel, type Settle } from './webllm-model'

/** Which token comes of the pass does not matter. It is streamed because 0.2.79 refuses other requests after an interrupt. */
const ONE_PASS = { ...NO_PENALTIES, max_tokens: 1, temperature: 0, stream: true } as const

const GROWING: PathRequest = { reusePrompt: true, compareReuse: false, keepsEnd: true }

type Prompt = { prompt: string } | Pick<ChatCompletionRequestBase, 'messages'>

/** Probabilities of the option letters as the next token. */
export async function scoreLetters(
  model: LoadedModel,
  settle: Settle,
  request: LetterRequest,
  signal: AbortSignal,
): Promise<EngineResult<LetterScores>> {
  const begun = performance.now()
  const { pipeline } = model
  const ids = request.letters.map((letter) => pipeline.tokenizer.encode(letter).at(-1))
  if (ids.some((id) => id === undefined) || new Set(ids).size < ids.length)
    return failure({ kind: 'letters-not-tokens' })
  const messages = request.messages as ChatCompletionRequestBase['messages']
  const { reusePrompt = false, compareReuse = false } = request
  const path = { reusePrompt, compareReuse, keepsEnd: false }
  const logits = await passOver(model, settle, { messages }, path, ids as number[], signal)
  if (!logits.ok) return logits
  const promptTokens = pipeline.getCurRoundPrefillTotalTokens()
  return success({
    probabilities: softmax(logits.value),
    promptTokens,
    elapsedMs: performance.now() - begun,
    reading: model.prompts.reading(promptTokens),
  })
}

/** Each prefix goes on from the one before where the device's numbers allow it, else it is read from its beginning. */
export async function scoreReward(
  model: LoadedModel,
  head: RewardHead,
  settle: Settle,
  { messages, prefixes }: RewardRequest,
  signal: AbortSignal,
): Promise<EngineResult<RewardScores>> {
  const begun = performance.now()
  const { pipeline } = model
  const probabilities: number[] = []
  const readings: PromptReading[] = []
  let promptTokens = 0
  for (const prefix of prefixes) {
    if (signal.aborted) return aborted()
    const prompt = continuedPrompt(pipeline.config.conv_template, pipeline.tokenizer, messages, prefix)
    if (!prompt.ok) return prompt
    const logits = await passOver(model, settle, { prompt: prompt.value }, GROWING, headTokens(head), signal)
    if (!logits.ok) return logits
    probabilities.push(rewardProbability(head, logits.value))
    const passTokens = pipeline.getCurRoundPrefillTotalTokens()
    readings.push(model.prompts.reading(passTokens))
    promptTokens += passTokens
  }
  const reading = allReadings(readings)
  return success({
    ...{ probabilities, promptTokens },
    elapsedMs: performance.now() - begun,
    ...(reading && { reading }),
  })
}

/** The logits of the tokens `ids` after a prompt: one new token needs one forward pass, over the prompt. */
async function passOver(
  model: LoadedModel,
  settle: Settle,
  prompt: Prompt,
  path: PathRequest,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<EngineResult<number[]>> {
  const { engine, modelId, pipeline, tap } = model
  const pass = async () => {
    await forget(model)
    pipeline.logitProcessor = tap
    tap.arm(ids)
    const request = { ...ONE_PASS, model: modelId }
    const chunks =
      'prompt' in prompt
        ? await engine.completions.create({ ...request, ...prompt })
        : await engine.chat.completions.create({ ...request, ...prompt })
    for await (const chunk of chunks) void chunk
  }
  const outcome = await settle(() => model.prompts.run(path, pass, signal))
  if (!outcome.ok) return outcome
  if (signal.aborted) return aborted()
  const logits = tap.take()
  if (!logits) return failure({ kind: 'engine-error', detail: 'There was not exactly one forward pass.' })
  return success(logits)
}

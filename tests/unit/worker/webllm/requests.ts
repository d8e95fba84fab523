import type { ChatMessage } from '#core/prompt/question'
import { generateText } from '../../../../src/worker/webllm-generate'
import { scoreLetters, scoreReward } from '../../../../src/worker/webllm-score'
import type { ToyModel } from './model'

const never = new AbortController().signal
export const LETTERS = ['A', 'B', 'C', 'D']

export interface Asked {
  reusePrompt?: boolean
  maxTokens?: number
  /** Ends the reply at its first text. */
  aborts?: boolean
  /** Called at each text of the reply. */
  onText?: () => void
  replyStart?: string
  /** Aborted by the test. */
  end?: AbortController
}

export function generate(toy: ToyModel, messages: readonly ChatMessage[], asked: Asked = {}) {
  const { reusePrompt = true, maxTokens = 3, aborts, onText, replyStart } = asked
  const { end = new AbortController() } = asked
  const request = {
    ...{ messages, maxTokens, reusePrompt, temperature: 0, topP: 1, seed: 1 },
    ...(replyStart !== undefined && { replyStart }),
  }
  const onEvent = ({ kind }: { kind: string }) => {
    if (kind !== 'text') return
    if (aborts) end.abort()
    onText?.()
  }
  return generateText(toy, toy.settle, request, onEvent, end.signal)
}

export function letters(
  toy: ToyModel,
  messages: readonly ChatMessage[],
  reusePrompt = true,
  signal: AbortSignal = never,
) {
  return scoreLetters(toy, toy.settle, { messages, letters: LETTERS, reusePrompt }, signal)
}

export function reward(toy: ToyModel, messages: readonly ChatMessage[], prefixes: readonly string[]) {
  return scoreReward(toy, toy.rewardHead!, toy.settle, { messages, prefixes }, never)
}

/** Largest difference of any logit that a token was sampled from since the last call, on two models asked the same. */
export function sampledDifference(one: ToyModel, other: ToyModel): number {
  const [ones, others] = [one, other].map(({ runtime }) => runtime.sampled.splice(0)) as [
    Float32Array[],
    Float32Array[],
  ]
  if (ones.length !== others.length) return Infinity
  return ones.reduce((most, logits, at) => {
    return logits.reduce((larger, logit, i) => Math.max(larger, Math.abs(logit - others[at]![i]!)), most)
  }, 0)
}

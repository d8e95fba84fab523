/** One forward pass of llama.cpp over a prompt, for the probabilities of letters as the next token. */
import type { Wllama } from '@wllama/wllama/esm/index.js'
import type { ChatMessage } from '#core/prompt/question'
import { letterProbabilities, type ScoredToken } from './letter-probabilities'

/** Messages that llama.cpp renders, or the rendered text of a prompt whose reply is begun. */
export type CpuPrompt = readonly ChatMessage[] | string

/** What llama.cpp tells of a prompt's tokens: those that went through the model, and those that were in the cache. */
export type PromptTimings = Record<'prompt_n' | 'cache_n', number>

export interface LetterPass {
  /** Renormalised over the letters; null where one of them is not a token of the vocabulary. */
  probabilities: number[] | null
  fed: number
  cached: number
}

/** Added to each letter's logit: lifts them above all other tokens and leaves their proportions alone. */
const LETTER_BIAS = 100

export async function letterPass(
  wllama: Wllama,
  prompt: CpuPrompt,
  letters: readonly string[],
  reuse: boolean,
  signal: AbortSignal,
): Promise<LetterPass> {
  const options = {
    cache_prompt: reuse,
    max_tokens: 1,
    temperature: 1,
    top_k: 0,
    top_p: 1,
    min_p: 0,
    logit_bias: Object.fromEntries(letters.map((letter) => [letter, LETTER_BIAS])),
    n_probs: letters.length,
    post_sampling_probs: true,
    abortSignal: signal,
  }
  // The package's types know neither the extensions that are asked for here nor those that are answered.
  const answered: unknown = await (typeof prompt === 'string'
    ? wllama.createCompletion({ ...options, prompt } as unknown as TextRequest)
    : wllama.createChatCompletion({ ...options, messages: [...prompt] } as unknown as ChatRequest))
  const { choices, timings } = answered as Answered
  const scored = choices[0]?.logprobs?.content?.[0]?.top_probs ?? []
  return {
    probabilities: letterProbabilities(scored, letters) ?? null,
    fed: timings.prompt_n,
    cached: timings.cache_n,
  }
}

type TextRequest = Parameters<Wllama['createCompletion']>[0]
type ChatRequest = Parameters<Wllama['createChatCompletion']>[0]

interface Answered {
  choices: { logprobs?: { content?: { top_probs?: ScoredToken[] }[] } }[]
  timings: PromptTimings
}

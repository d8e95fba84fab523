// The browser's half of measure.ts: loads the model with wllama and answers its calls.
import { Wllama } from '/wllama/index.js'

const CONTEXT_TOKENS = 2048
/** Lifts the option letters above every other token and leaves their proportions alone. */
const LETTER_BIAS = 100
/** The whole distribution, cold cache: what the app's engine asks for. */
const NEXT_TOKEN = {
  max_tokens: 1,
  temperature: 1,
  top_k: 0,
  top_p: 1,
  min_p: 0,
  cache_prompt: false,
  post_sampling_probs: true,
}

const wllama = new Wllama(
  { default: '/wllama/wasm/wllama.wasm' },
  { logger: { debug() {}, log() {}, warn() {}, error: console.error } },
)

async function load(url) {
  wllama.setCompat(null)
  const blob = await (await fetch(url)).blob()
  await wllama.loadModel([blob], {
    n_ctx: CONTEXT_TOKENS,
    n_gpu_layers: 0,
    n_parallel: 1,
    n_threads: 1,
    n_batch: 64,
  })
  if (!wllama.getLoadedContextInfo().success) throw new Error('the model does not load')
}

async function reply(messages, maxTokens) {
  const began = performance.now()
  const { choices, usage } = await wllama.createChatCompletion({
    messages,
    temperature: 0,
    top_k: 0,
    min_p: 0,
    cache_prompt: false,
    max_tokens: maxTokens,
  })
  return {
    text: choices[0].message.content,
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    milliseconds: performance.now() - began,
  }
}

async function letters(messages, wanted) {
  const began = performance.now()
  const logit_bias = Object.fromEntries(wanted.map((letter) => [letter, LETTER_BIAS]))
  const { choices } = await wllama.createChatCompletion({
    ...NEXT_TOKEN,
    messages,
    logit_bias,
    n_probs: wanted.length,
  })
  const scores = choices[0].logprobs.content[0].top_probs
  return {
    letters: Object.fromEntries(scores.map(({ token, prob }) => [token, prob])),
    milliseconds: performance.now() - began,
  }
}

/** How many tokens the text has, and the id of the most likely next one. */
async function probe(text) {
  const { usage, choices } = await wllama.createCompletion({ ...NEXT_TOKEN, n_probs: 1, prompt: text })
  return { count: usage.prompt_tokens, next: choices[0].logprobs.content[0].top_probs[0].id }
}

Object.assign(globalThis, { measured: { load, reply, letters, probe } })

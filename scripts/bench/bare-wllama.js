// wllama as it comes, in a worker: what the app's CPU engine is held against.
import { Wllama } from '/beside/wllama/index.js'

const wllama = new Wllama(
  { default: '/beside/wllama/wasm/wllama.wasm' },
  { logger: { debug() {}, log() {}, warn() {}, error: console.error } },
)

async function load({ url, settings }) {
  wllama.setCompat(null)
  await wllama.loadModel([await (await fetch(url)).blob()], { n_gpu_layers: 0, n_parallel: 1, ...settings })
  if (!wllama.getLoadedContextInfo().success) throw new Error('The model does not load.')
}

/** Streams a greedy reply; the time is from the call to the end of the reply, on this side of the wire. */
async function reply({ messages, maxTokens }) {
  const began = performance.now()
  let tokens = 0
  await wllama.createChatCompletion({
    messages,
    max_tokens: maxTokens,
    temperature: 0,
    top_k: 0,
    min_p: 0,
    cache_prompt: false,
    stream: true,
    timings_per_token: true,
    onData({ timings }) {
      if (timings) tokens = timings.predicted_n
    },
  })
  return { tokens, milliseconds: performance.now() - began }
}

/** The letters' probabilities of one prompt after the other; the time is that of the whole loop. */
async function letters({ questions }) {
  const began = performance.now()
  const probabilities = []
  for (const { messages, letters } of questions) {
    const { choices } = await wllama.createChatCompletion({
      messages,
      max_tokens: 1,
      temperature: 1,
      top_k: 0,
      top_p: 1,
      min_p: 0,
      cache_prompt: false,
      logit_bias: Object.fromEntries(letters.map((letter) => [letter, 100])),
      n_probs: letters.length,
      post_sampling_probs: true,
    })
    const scored = choices[0].logprobs.content[0].top_probs
    const found = letters.map((letter) => scored.find(({ token }) => token.trim() === letter).prob)
    const total = found.reduce((sum, value) => sum + value, 0)
    probabilities.push(found.map((value) => value / total))
  }
  return { milliseconds: performance.now() - began, probabilities }
}

const calls = { load, reply, letters }
addEventListener('message', async ({ data: { call, argument } }) => {
  try {
    postMessage({ value: await calls[call](argument) })
  } catch (error) {
    postMessage({ error: String(error) })
  }
})

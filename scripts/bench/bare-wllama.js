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

const calls = { load, reply }
addEventListener('message', async ({ data: { call, argument } }) => {
  try {
    postMessage({ value: await calls[call](argument) })
  } catch (error) {
    postMessage({ error: String(error) })
  }
})

// WebLLM as it comes, in a worker: what the app's WebGPU engine is held against.
import { MLCEngine } from '/beside/web-llm/index.js'

const MODEL = 'bare'
let engine

async function load({ contextTokens }) {
  engine = new MLCEngine({
    appConfig: {
      model_list: [
        {
          model: `${location.origin}/beside/weights/resolve/main/`,
          model_id: MODEL,
          model_lib: `${location.origin}/beside/library.wasm`,
        },
      ],
    },
    logLevel: 'SILENT',
  })
  await engine.reload(MODEL, { context_window_size: contextTokens })
}

/** Streams a greedy reply; the time is from the call to the end of the reply, on this side of the wire. */
async function reply({ messages, maxTokens }) {
  await engine.resetChat()
  const began = performance.now()
  let text = ''
  let pieces = 0
  let tokens = 0
  const chunks = await engine.chat.completions.create({
    messages,
    max_tokens: maxTokens,
    temperature: 0,
    top_p: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
    repetition_penalty: 1,
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const { choices, usage } of chunks) {
    if (choices[0] && !choices[0].finish_reason) pieces += 1
    text += choices[0]?.delta.content ?? ''
    if (usage) tokens = Math.max(pieces, usage.completion_tokens)
  }
  return { text, tokens, milliseconds: performance.now() - began }
}

const tokenizer = () => engine.loadedModelIdToPipeline.get(MODEL).tokenizer
const encode = (texts) => texts.map((text) => [...tokenizer().encode(text)])
const decode = (tokens) => tokenizer().decode(Int32Array.from(tokens))

const calls = { load, reply, encode, decode, unload: () => engine.unload() }
addEventListener('message', async ({ data: { call, argument } }) => {
  try {
    postMessage({ value: await calls[call](argument) })
  } catch (error) {
    postMessage({ error: `${call}: ${error}` })
  }
})

import type { Wllama } from '@wllama/wllama/esm/index.js'
import { GGUF_LIMIT_BYTES, wasmBuild } from '#core/catalog/wasm-build'
import type {
  Engine,
  EngineDescription,
  EngineResult,
  Generation,
  GenerationEvent,
  GenerationRequest,
  LetterRequest,
  LetterScores,
  LoadProgress,
  LoadRequest,
  RenderedPrompt,
  RewardScores,
} from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { wasmFeatures } from '#data/wasm-features'
import { obtainGguf } from './gguf-source'
import { letterPass, type CpuPrompt, type LetterPass, type PromptTimings } from './wllama-letters'
import { PromptReuse } from './wllama-reuse'
import { describe, threadCount, WllamaRuntime } from './wllama-runtime'

/** Nothing but temperature and top-p shapes the sampling; llama.cpp would cut by top-k and min-p as well. */
const PLAIN_SAMPLING = { top_k: 0, min_p: 0 }

/** What a reused prompt is checked by before a reply to it begins: the proportions of these as its next token. */
const PROBES = ['A', 'B', 'C', 'D']

type Timings = PromptTimings & { predicted_n: number }

interface Loaded {
  runtime: WllamaRuntime
  reuse: PromptReuse
}

/** A letter pass whose probabilities are known, and all that it took to be sure of them. */
interface CheckedLetters {
  probabilities: number[]
  promptTokens: number
  fed: number
  reused: number
  /** Whether the reuse was compared with a cold pass, and agreed. */
  compared: boolean
}

/** llama.cpp compiled to WebAssembly: GGUF models on the CPU. */
export class WllamaEngine implements Engine {
  #loaded: Loaded | undefined

  async load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    await this.unload()
    const { source } = request
    if (source.kind !== 'gguf-url' && source.kind !== 'gguf-file')
      return failure({ kind: 'model-invalid', detail: 'The CPU engine runs GGUF files.' })
    const build = wasmBuild(wasmFeatures())
    if (!build) return failure({ kind: 'feature-missing', feature: 'WebAssembly SIMD' })
    const bytes = source.kind === 'gguf-file' ? source.file.size : source.bytes
    const limitBytes = GGUF_LIMIT_BYTES[build]
    if (bytes > limitBytes) return failure({ kind: 'model-too-large', bytes, limitBytes })

    const weights = await obtainGguf(source, onProgress, signal)
    if (!weights.ok) return weights
    onProgress({ kind: 'preparing', step: 'initialise' })
    const model = {
      build,
      weights: weights.value,
      contextTokens: request.contextTokens,
      threads: threadCount(request.threads, bytes),
    }
    const runtime = new WllamaRuntime(model)
    const started = await runtime.start(signal)
    if (!started.ok) return started
    this.#loaded = { runtime, reuse: new PromptReuse(started.value.getModelMetadata().meta) }
    return success(describe(started.value, model))
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    const begun = performance.now()
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    const { runtime, reuse } = this.#loaded
    await runtime.makeRoom()
    const prompt = await this.#promptOf(request, signal)
    if (!prompt.ok) return prompt
    const wanted = request.reusePrompt === true
    const { compareReuse = false } = request
    const checked = wanted && !reuse.refusal && (reuse.isCheckDue || compareReuse)
    const probed = checked ? await this.#probe(prompt.value, signal) : null
    if (probed && !probed.ok && probed.failure.kind !== 'letters-not-tokens') return probed
    // Without letters there is nothing to be checked by.
    if (probed && !probed.ok) reuse.refuse('structure-unknown')
    const mayReuse = wanted && !reuse.refusal

    const reply = { text: '', finish: 'length' as Generation['finish'], promptTokens: 0, completionTokens: 0 }
    let [fed, cached] = [0, 0]
    let firstTokenAt: number | undefined
    let lastTokenAt = begun
    const read = (text: string, finish: string | null | undefined, timings: Timings | undefined) => {
      if (timings) {
        fed = timings.prompt_n
        cached = timings.cache_n
        reply.promptTokens = fed + cached
        reply.completionTokens = timings.predicted_n
        lastTokenAt = performance.now()
      }
      if (firstTokenAt === undefined && reply.completionTokens > 0) {
        firstTokenAt = lastTokenAt
        const timeToFirstTokenMs = firstTokenAt - begun
        onEvent({ kind: 'prompt-processed', promptTokens: reply.promptTokens, timeToFirstTokenMs })
      }
      if (text !== '') {
        reply.text += text
        onEvent({ kind: 'text', text, completionTokens: reply.completionTokens })
      }
      if (finish) reply.finish = finish === 'stop' ? 'stop' : 'length'
    }
    const outcome = await runtime.call(
      (wllama) => stream(wllama, prompt.value, request, mayReuse, read, signal),
      signal,
    )
    if (fed + cached > 0) runtime.count({ prompt_n: fed, cache_n: cached }, reply.completionTokens)
    if (!outcome.ok || signal.aborted) reuse.doubt()
    if (!outcome.ok) {
      if (outcome.failure.kind !== 'aborted' || firstTokenAt === undefined) return outcome
      reply.finish = 'abort'
    }
    // What the probe read of the prompt is in the cache, whether it was there before or not.
    const reused = probed?.ok ? probed.value.reused : cached
    if (!probed?.ok && reused > 0) reuse.count()
    const firstToken = firstTokenAt ?? lastTokenAt
    return success({
      ...reply,
      timeToFirstTokenMs: firstToken - begun,
      decodeMs: lastTokenAt - firstToken,
      reading: reuse.reading(
        wanted,
        fed + (probed?.ok ? probed.value.fed : 0),
        reused,
        probed?.ok && probed.value.compared,
      ),
    })
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    const begun = performance.now()
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    const { messages, letters, reusePrompt: wanted = false, compareReuse = false } = request
    await this.#loaded.runtime.makeRoom()
    const reading = { wanted, compares: compareReuse }
    const scored = await this.#letters(messages, letters, reading, signal)
    if (!scored.ok) return scored
    const { probabilities, promptTokens, fed, reused, compared } = scored.value
    return success({
      probabilities,
      promptTokens,
      elapsedMs: performance.now() - begun,
      reading: this.#loaded.reuse.reading(wanted, fed, reused, compared),
    })
  }

  /**
   * Checks a reuse before the reply begins. Where nothing of the prompt was in the cache, this pass is the cold one, and the
   * reply goes on from it: then that is checked, by one more token, so that the reply may be called cold.
   */
  async #probe(prompt: CpuPrompt, signal: AbortSignal): Promise<EngineResult<CheckedLetters>> {
    const first = await this.#letters(prompt, PROBES, { wanted: true, compares: true }, signal)
    if (!first.ok || !this.#loaded || first.value.reused > 0) return first
    const { runtime, reuse } = this.#loaded
    if (reuse.refusal) return first
    const again = await runtime.call((wllama) => letterPass(wllama, prompt, PROBES, true, signal), signal)
    if (!again.ok) {
      reuse.doubt()
      return again
    }
    const { probabilities, fed, cached } = again.value
    runtime.count({ prompt_n: fed, cache_n: cached }, 0)
    if (!probabilities) return failure({ kind: 'letters-not-tokens' })
    reuse.checkOwn({ probabilities }, first.value)
    return success({ ...first.value, fed: first.value.fed + fed })
  }

  /** The letters' probabilities; where a reuse is to be checked, those that both ways of reading give, or the cold ones. */
  async #letters(
    prompt: CpuPrompt,
    letters: readonly string[],
    { wanted, compares }: { wanted: boolean; compares: boolean },
    signal: AbortSignal,
  ): Promise<EngineResult<CheckedLetters>> {
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    const { runtime, reuse } = this.#loaded
    const pass = async (reused: boolean): Promise<EngineResult<LetterPass>> => {
      const outcome = await runtime.call(
        (wllama) => letterPass(wllama, prompt, letters, reused, signal),
        signal,
      )
      if (outcome.ok) runtime.count({ prompt_n: outcome.value.fed, cache_n: outcome.value.cached }, 0)
      else reuse.doubt()
      return outcome
    }
    const first = await pass(wanted && !reuse.refusal)
    if (!first.ok) return first
    if (!first.value.probabilities) return failure({ kind: 'letters-not-tokens' })
    const { probabilities, fed, cached } = first.value
    const result = { probabilities, promptTokens: fed + cached, fed, reused: cached, compared: false }
    if (cached === 0) return success(result)
    if (!reuse.isCheckDue && !compares) {
      reuse.count()
      return success(result)
    }
    const cold = await pass(false)
    if (!cold.ok) return cold
    if (!cold.value.probabilities) return failure({ kind: 'letters-not-tokens' })
    const known = cold.value.probabilities
    const agrees = reuse.check({ probabilities }, { probabilities: known })
    return success({
      ...result,
      fed: fed + cold.value.fed,
      compared: agrees,
      ...(!agrees && { probabilities: known, reused: 0 }),
    })
  }

  /** A GGUF file has no such head that llama.cpp would run here. */
  scoreReward(): Promise<EngineResult<RewardScores>> {
    return Promise.resolve(failure({ kind: this.#loaded ? 'not-a-reward-model' : 'not-loaded' }))
  }

  async renderPrompt(
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ): Promise<EngineResult<RenderedPrompt>> {
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    const started = await this.#loaded.runtime.start(signal)
    if (!started.ok) return started
    const template = started.value.getChatTemplate()
    if (template === null) return failure({ kind: 'engine-error', detail: 'The file has no chat template.' })
    const { renderChatTemplate } = await import('./render-chat-template')
    return renderChatTemplate(template, messages, started.value.mustAddBosToken())
  }

  /** The text up to where a reply is to be gone on with; for a new reply the messages, which llama.cpp renders. */
  async #promptOf(
    { messages, replyStart }: GenerationRequest,
    signal: AbortSignal,
  ): Promise<EngineResult<CpuPrompt>> {
    if (replyStart === undefined) return success(messages)
    const rendered = await this.renderPrompt(messages, signal)
    return rendered.ok ? success(rendered.value.text + replyStart) : rendered
  }

  async unload(): Promise<void> {
    const { runtime } = this.#loaded ?? {}
    this.#loaded = undefined
    await runtime?.exit()
  }
}

function stream(
  wllama: Wllama,
  prompt: CpuPrompt,
  request: GenerationRequest,
  reuse: boolean,
  read: (text: string, finish: string | null | undefined, timings: Timings | undefined) => void,
  signal: AbortSignal,
): Promise<unknown> {
  const options = {
    ...PLAIN_SAMPLING,
    cache_prompt: reuse,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    seed: request.seed,
    stream: true,
    timings_per_token: true,
    abortSignal: signal,
  } as const
  if (typeof prompt === 'string') {
    return wllama.createCompletion({
      ...options,
      prompt,
      onData: ({ choices: [choice], timings }) => read(choice?.text ?? '', choice?.finish_reason, timings),
    })
  }
  return wllama.createChatCompletion({
    ...options,
    messages: [...prompt],
    onData: ({ choices: [choice], timings }) =>
      read(choice?.delta.content ?? '', choice?.finish_reason, timings),
  })
}

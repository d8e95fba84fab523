import { Wllama, LogLevel, type CacheManager } from '@wllama/wllama/esm/index.js'
import { version } from '@wllama/wllama/package.json'
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url'
import { GGUF_LIMIT_BYTES, wasmBuild, type WasmBuild } from '#core/catalog/wasm-build'
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
import { aborted, unlessAborted } from './abort'
import { obtainGguf, type GgufBytes } from './gguf-source'
import { letterProbabilities, type ScoredToken } from './letter-probabilities'
import { NativeLog } from './native-log'

/** Below this size the threads wait for each other longer than they compute. */
const THREADS_FROM_BYTES = 64 * 1024 ** 2

/** Prompt tokens per step. An abort is noticed between steps, so small steps make it quick. */
const BATCH_TOKENS = 64
/** A model below this size reads a long prompt within a second: there steps only cost time (a tenth, measured). */
const WHOLE_PROMPT_BELOW_BYTES = 16 * 1024 ** 2
/** More would not be read at once anyway: it is llama.cpp's own bound of a step. */
const WHOLE_PROMPT_TOKENS = 512

/** Added to each letter's logit: lifts them above all other tokens and leaves their proportions alone. */
const LETTER_BIAS = 100

/** Nothing but temperature and top-p shapes the sampling; llama.cpp would cut by top-k and min-p as well. */
const PLAIN_SAMPLING = { top_k: 0, min_p: 0 }

/** Reusing the last prompt's cache moves probabilities by 2e-3, so that the order of questions would matter. */
const REPEATABLE = { cache_prompt: false }

/** wllama's own cache is not used; without this it refuses browsers that have no private file system. */
const NO_CACHE = {} as CacheManager

type Timings = Record<'prompt_n' | 'predicted_n', number>

interface Loaded {
  build: WasmBuild
  weights: GgufBytes
  contextTokens: number
  threads: number
  /** Undefined after llama.cpp crashed; it is started anew for the next request. */
  runtime: Wllama | undefined
}

/** llama.cpp compiled to WebAssembly: GGUF models on the CPU. */
export class WllamaEngine implements Engine {
  #loaded: Loaded | undefined
  readonly #log = new NativeLog()

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
    const loaded: Loaded = {
      build,
      weights: weights.value,
      contextTokens: request.contextTokens,
      threads: threadCount(request.threads, bytes),
      runtime: undefined,
    }
    const started = await this.#start(loaded, signal)
    if (!started.ok) return started
    this.#loaded = loaded
    return success(describe(started.value, build, weights.value.sha256))
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    const begun = performance.now()
    const runtime = await this.#runtime(signal)
    if (!runtime.ok) return runtime
    const prompt = await this.#promptOf(request, signal)
    if (!prompt.ok) return prompt
    const reply = { text: '', finish: 'length' as Generation['finish'], promptTokens: 0, completionTokens: 0 }
    let firstTokenAt: number | undefined
    let lastTokenAt = begun
    const read = (text: string, finish: string | null | undefined, timings: Timings | undefined) => {
      if (timings) {
        reply.promptTokens = timings.prompt_n
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
    const options = {
      ...PLAIN_SAMPLING,
      ...REPEATABLE,
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      seed: request.seed,
      stream: true,
      timings_per_token: true,
      abortSignal: signal,
    } as const
    const work = () =>
      prompt.value === null
        ? runtime.value.createChatCompletion({
            ...options,
            messages: [...request.messages],
            onData: ({ choices: [choice], timings }) =>
              read(choice?.delta.content ?? '', choice?.finish_reason, timings),
          })
        : runtime.value.createCompletion({
            ...options,
            prompt: prompt.value,
            onData: ({ choices: [choice], timings }) =>
              read(choice?.text ?? '', choice?.finish_reason, timings),
          })
    const outcome = await this.#settle(work, signal)
    if (!outcome.ok) {
      if (outcome.failure.kind !== 'aborted' || firstTokenAt === undefined) return outcome
      reply.finish = 'abort'
    }
    const firstToken = firstTokenAt ?? lastTokenAt
    return success({
      ...reply,
      timeToFirstTokenMs: firstToken - begun,
      decodeMs: lastTokenAt - firstToken,
    })
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    const begun = performance.now()
    const runtime = await this.#runtime(signal)
    if (!runtime.ok) return runtime
    const work = () =>
      runtime.value.createChatCompletion({
        ...REPEATABLE,
        messages: [...request.messages],
        max_tokens: 1,
        temperature: 1,
        top_k: 0,
        top_p: 1,
        min_p: 0,
        logit_bias: Object.fromEntries(request.letters.map((letter) => [letter, LETTER_BIAS])),
        n_probs: request.letters.length,
        post_sampling_probs: true,
        abortSignal: signal,
      } as Parameters<Wllama['createChatCompletion']>[0] & { stream?: false })
    const outcome = await this.#settle(work, signal)
    if (!outcome.ok) return outcome
    const content = outcome.value.choices[0]?.logprobs?.content?.[0] as
      { top_probs?: ScoredToken[] } | undefined
    const probabilities = letterProbabilities(content?.top_probs ?? [], request.letters)
    if (!probabilities) return failure({ kind: 'letters-not-tokens' })
    return success({
      probabilities,
      promptTokens: outcome.value.usage.prompt_tokens,
      elapsedMs: performance.now() - begun,
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
    const runtime = await this.#runtime(signal)
    if (!runtime.ok) return runtime
    const template = runtime.value.getChatTemplate()
    if (template === null) return failure({ kind: 'engine-error', detail: 'The file has no chat template.' })
    const { renderChatTemplate } = await import('./render-chat-template')
    return renderChatTemplate(template, messages, runtime.value.mustAddBosToken())
  }

  /** The text up to where a reply is to be gone on with; null for a new reply, where llama.cpp renders the messages. */
  async #promptOf(
    { messages, replyStart }: GenerationRequest,
    signal: AbortSignal,
  ): Promise<EngineResult<string | null>> {
    if (replyStart === undefined) return success(null)
    const rendered = await this.renderPrompt(messages, signal)
    return rendered.ok ? success(rendered.value.text + replyStart) : rendered
  }

  async unload(): Promise<void> {
    const { runtime } = this.#loaded ?? {}
    this.#loaded = undefined
    await runtime?.exit()
  }

  async #runtime(signal: AbortSignal): Promise<EngineResult<Wllama>> {
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    if (this.#loaded.runtime) return success(this.#loaded.runtime)
    return await this.#start(this.#loaded, signal)
  }

  async #start(loaded: Loaded, signal: AbortSignal): Promise<EngineResult<Wllama>> {
    this.#log.clear()
    const runtime = new Wllama({ default: wasmUrl }, { logger: this.#log, cacheManager: NO_CACHE })
    try {
      // Otherwise browsers without JSPI would be sent to a CDN for the other build.
      if (loaded.build === 'default') runtime.setCompat(null)
      // The mode lets Firefox have it, too.
      else runtime.setCompat((await import('./wllama-compatible')).compatibleBuild, 'firefox_safari')
      const loading = runtime.loadModel([loaded.weights.blob], {
        n_ctx: loaded.contextTokens,
        n_threads: loaded.threads,
        n_batch: loaded.weights.blob.size < WHOLE_PROMPT_BELOW_BYTES ? WHOLE_PROMPT_TOKENS : BATCH_TOKENS,
        // More requests than slots would hang for ever, and the host sends one at a time.
        n_parallel: 1,
        n_gpu_layers: 0,
        // The reply is scored as the model wrote it: nothing may be cut out as "reasoning" or as a tool call.
        reasoning_format: 'none',
        skip_chat_parsing: true,
        log_level: LogLevel.WARN,
      })
      const end = await unlessAborted(Promise.race([loading, this.#log.workerFailure]), signal)
      // loadModel resolves on junk, too; whether it loaded is said here.
      if (end !== 'aborted' && hasLoaded(runtime)) {
        loaded.runtime = runtime
        return success(runtime)
      }
      await runtime.exit()
      return end === 'aborted'
        ? aborted()
        : failure(this.#log.failure('llama.cpp refused the model.', 'model-invalid'))
    } catch (error) {
      await runtime.exit()
      return failure(this.#log.failure(String(error), 'engine-error'))
    }
  }

  /** Turns what wllama throws into failures. After a crash of the WebAssembly module the runtime is dropped. */
  async #settle<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<EngineResult<Value>> {
    this.#log.clear()
    try {
      return success(await work())
    } catch (error) {
      if ((error as Error).name === 'RuntimeError' && this.#loaded) {
        await this.#loaded.runtime?.exit()
        this.#loaded.runtime = undefined
      }
      return signal.aborted ? aborted() : failure(this.#log.failure(String(error), 'engine-error'))
    }
  }
}

/** At most half of the hardware's threads: the rest of the machine stays usable, and more is slower. */
function threadCount(wanted: number | undefined, modelBytes: number): number {
  if (!self.crossOriginIsolated) return 1
  const most = Math.max(1, Math.floor(navigator.hardwareConcurrency / 2))
  return Math.min(wanted ?? (modelBytes < THREADS_FROM_BYTES ? 1 : most), most)
}

/** The package's types leave the answer out. */
function hasLoaded(runtime: Wllama): boolean {
  return (runtime.getLoadedContextInfo() as unknown as { success: boolean }).success
}

function describe(runtime: Wllama, build: WasmBuild, fingerprint: string): EngineDescription {
  const threads = runtime.getNumThreads()
  const features = [
    'WASM SIMD',
    `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(build === 'compatible' ? ['compatible build'] : []),
  ]
  return {
    engine: 'wllama',
    engineVersion: `${version} (llama.cpp ${Wllama.getLibllamaVersion()})`,
    device: `CPU (${features.join(', ')})`,
    fingerprint,
    librarySha256: __WASM_SHA256__[build],
    // It is part of the GGUF file.
    tokenizerSha256: null,
    contextTokens: runtime.getLoadedContextInfo().n_ctx,
  }
}

import type { ChatCompletionRequestBase, MLCEngine } from '@mlc-ai/web-llm'
import type {
  Engine,
  EngineDescription,
  EngineFailure,
  EngineResult,
  Generation,
  GenerationEvent,
  GenerationRequest,
  LetterRequest,
  LetterScores,
  LoadProgress,
  LoadRequest,
  RenderedPrompt,
  RewardRequest,
  RewardScores,
} from '#core/engine'
import { renderConversation } from '#core/convert/conversation'
import { headTokens, rewardHeadOf, rewardProbability, type RewardHead } from '#core/model/reward-head'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { continuedPrompt } from './continued-prompt'
import { aborted, delay, unlessAborted } from './abort'
import { softmax } from './letter-probabilities'
import { LogitTap } from './logit-tap'
import { showMlcFiles } from './mlc-files'
import { webLlmFailure, type FailureContext } from './webllm-failure'
import { webLlmProgress } from './webllm-progress'
import { inspectAdapter } from './webgpu-adapter'
import { pipelineOf, promptOf, type Pipeline } from './webllm-pipeline'
import { watchNextDevice, type DeviceWatch } from './webgpu-device'

/** The package as a parameter: compiled libraries fit one generation of it, and tests bring an older one. */
export interface WebLlmPackage {
  version: string
  MLCEngine: typeof MLCEngine
}

interface Loaded extends FailureContext {
  engine: MLCEngine
  modelId: string
  pipeline: Pipeline
  device: DeviceWatch
  /** Null for a language model. */
  rewardHead: RewardHead | null
}

/** Scores are of the model's own distribution; a model's configuration may name penalties, which are not. */
const NO_PENALTIES = { frequency_penalty: 0, presence_penalty: 0, repetition_penalty: 1 }

/** Whatever is read of the one pass is read from its logits. */
const ONE_PASS = { ...NO_PENALTIES, max_tokens: 1, temperature: 0, stream: true } as const

/** The news of a lost device needs a round trip to the GPU process. */
const DEVICE_NEWS_MS = 200

/** WebLLM (MLC) on WebGPU, run in this worker itself: only so the logits of the vocabulary can be read. */
export class WebLlmEngine implements Engine {
  onLost: ((failure: EngineFailure) => void) | undefined
  #loaded: Loaded | undefined
  readonly #tap = new LogitTap()
  readonly #webllm: WebLlmPackage

  constructor(webllm: WebLlmPackage) {
    this.#webllm = webllm
  }

  async load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    await this.unload()
    const { source } = request
    if (source.kind !== 'mlc')
      return failure({ kind: 'model-invalid', detail: 'The WebGPU engine runs MLC models.' })
    const adapter = await inspectAdapter(source.requiresShaderF16)
    if (!adapter.ok) return adapter
    if (signal.aborted) return aborted()
    onProgress({ kind: 'preparing', step: 'initialise' })
    const { modelId } = source
    const files = showMlcFiles(source.files, source.library)
    const engine = new this.#webllm.MLCEngine({
      appConfig: {
        model_list: [{ model: files.weightsUrl, model_id: modelId, model_lib: files.libraryUrl }],
      },
      logitProcessorRegistry: new Map([[modelId, this.#tap]]),
      logLevel: 'SILENT',
      initProgressCallback: webLlmProgress(onProgress),
    })
    const context = { contextTokens: request.contextTokens }
    const device = watchNextDevice()
    const reload = engine.reload(modelId, { context_window_size: request.contextTokens })
    try {
      const end = await unlessAborted(
        Promise.race([reload, device.failure.then((reason) => Promise.reject(new DeviceFailed(reason)))]),
        signal,
      )
      if (end === 'aborted') {
        // Without its device WebLLM ends soon; if it does not, the page replaces this worker.
        device.release()
        void engine.unload()
        await reload.then(() => engine.unload()).catch(() => undefined)
        return aborted()
      }
      const pipeline = pipelineOf(engine, modelId)
      const rewardHead = rewardHeadOf(pipeline.config)
      this.#hold({ engine, modelId, pipeline, device, rewardHead, ...context })
    } catch (error) {
      const reason = await failureOf(error, device, context)
      device.release()
      void engine.unload().catch(() => undefined)
      return signal.aborted ? aborted() : failure(reason)
    } finally {
      device.stop()
      files.restore()
    }
    return success({
      engine: 'webllm',
      engineVersion: this.#webllm.version,
      device: adapter.value,
      fingerprint: source.fingerprint,
      librarySha256: source.librarySha256,
      tokenizerSha256: source.tokenizerSha256,
      contextTokens: request.contextTokens,
      ...(this.#loaded?.rewardHead && { isRewardModel: true }),
    })
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    const begun = performance.now()
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    if (signal.aborted) return aborted()
    if (this.#loaded.rewardHead) return failure({ kind: 'only-a-reward-model' })
    const { engine, modelId, pipeline } = this.#loaded
    const prompt = promptOf(request, pipeline)
    if (!prompt.ok) return prompt
    const reply = { text: '', finish: 'length' as Generation['finish'], promptTokens: 0, completionTokens: 0 }
    let firstTokenAt: number | undefined
    let lastTokenAt = begun
    // Reading the logits back costs time at every token, and here nobody looks at them.
    pipeline.logitProcessor = undefined
    // While idle, an interrupt would end the next request; so it is sent only from here.
    const interrupt = () => void engine.interruptGenerate()
    signal.addEventListener('abort', interrupt)
    const outcome = await this.#settle(async () => {
      await this.#forget()
      const options = {
        ...NO_PENALTIES,
        model: modelId,
        max_tokens: request.maxTokens,
        temperature: request.temperature,
        top_p: request.topP,
        seed: request.seed,
        stream: true,
        stream_options: { include_usage: true },
      } as const
      const chunks =
        'prompt' in prompt.value
          ? await engine.completions.create({ ...options, ...prompt.value })
          : await engine.chat.completions.create({ ...options, ...prompt.value })
      for await (const { choices, usage } of chunks) {
        // WebLLM forgets an interrupt that came before the request began.
        if (signal.aborted) interrupt()
        const [choice] = choices
        if (choice && !choice.finish_reason) {
          lastTokenAt = performance.now()
          reply.completionTokens += 1
          if (firstTokenAt === undefined) {
            firstTokenAt = lastTokenAt
            reply.promptTokens = pipeline.getCurRoundPrefillTotalTokens()
            const timeToFirstTokenMs = firstTokenAt - begun
            onEvent({ kind: 'prompt-processed', promptTokens: reply.promptTokens, timeToFirstTokenMs })
          }
          const text = ('delta' in choice ? choice.delta.content : choice.text) ?? ''
          reply.text += text
          if (text !== '') onEvent({ kind: 'text', text, completionTokens: reply.completionTokens })
        }
        if (choice?.finish_reason) {
          reply.finish = finishReason(choice.finish_reason)
          lastTokenAt = performance.now()
        }
        // Tokens that end within a character give no chunk of their own.
        if (usage) reply.completionTokens = Math.max(reply.completionTokens, usage.completion_tokens)
      }
    })
    signal.removeEventListener('abort', interrupt)
    if (!outcome.ok) return outcome
    if (signal.aborted && firstTokenAt === undefined) return aborted()
    const firstToken = firstTokenAt ?? lastTokenAt
    return success({ ...reply, timeToFirstTokenMs: firstToken - begun, decodeMs: lastTokenAt - firstToken })
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    const begun = performance.now()
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    if (signal.aborted) return aborted()
    if (this.#loaded.rewardHead) return failure({ kind: 'only-a-reward-model' })
    const { engine, modelId, pipeline } = this.#loaded
    const ids = request.letters.map((letter) => pipeline.tokenizer.encode(letter).at(-1))
    if (ids.some((id) => id === undefined) || new Set(ids).size < ids.length)
      return failure({ kind: 'letters-not-tokens' })
    const outcome = await this.#settle(async () => {
      await this.#forget()
      pipeline.logitProcessor = this.#tap
      this.#tap.arm(ids as number[])
      // One new token needs one forward pass, over the prompt; which token comes of it does not matter.
      // It is streamed because 0.2.79 refuses other requests after an interrupt.
      const messages = request.messages as ChatCompletionRequestBase['messages']
      const chunks = await engine.chat.completions.create({ ...ONE_PASS, model: modelId, messages })
      for await (const chunk of chunks) void chunk
    })
    if (!outcome.ok) return outcome
    if (signal.aborted) return aborted()
    const logits = this.#tap.take()
    if (!logits) return failure({ kind: 'engine-error', detail: 'There was not exactly one forward pass.' })
    return success({
      probabilities: softmax(logits),
      promptTokens: pipeline.getCurRoundPrefillTotalTokens(),
      elapsedMs: performance.now() - begun,
    })
  }

  /** Every prefix is read from its beginning: appending to the cache gives wrong logits on some GPUs (docs/reward-model.md). */
  async scoreReward(
    { messages, prefixes }: RewardRequest,
    signal: AbortSignal,
  ): Promise<EngineResult<RewardScores>> {
    const begun = performance.now()
    if (!this.#loaded) return failure({ kind: 'not-loaded' })
    const { engine, modelId, pipeline, rewardHead } = this.#loaded
    if (!rewardHead) return failure({ kind: 'not-a-reward-model' })
    const probabilities: number[] = []
    let promptTokens = 0
    for (const prefix of prefixes) {
      if (signal.aborted) return aborted()
      const prompt = continuedPrompt(pipeline.config.conv_template, pipeline.tokenizer, messages, prefix)
      if (!prompt.ok) return prompt
      const outcome = await this.#settle(async () => {
        await this.#forget()
        pipeline.logitProcessor = this.#tap
        this.#tap.arm(headTokens(rewardHead))
        const request = { ...ONE_PASS, model: modelId, prompt: prompt.value }
        const chunks = await engine.completions.create(request)
        for await (const chunk of chunks) void chunk
      })
      if (!outcome.ok) return outcome
      if (signal.aborted) return aborted()
      const logits = this.#tap.take()
      if (!logits) return failure({ kind: 'engine-error', detail: 'There was not exactly one forward pass.' })
      probabilities.push(rewardProbability(rewardHead, logits))
      promptTokens += pipeline.getCurRoundPrefillTotalTokens()
    }
    return success({ probabilities, promptTokens, elapsedMs: performance.now() - begun })
  }

  renderPrompt(messages: readonly ChatMessage[]): Promise<EngineResult<RenderedPrompt>> {
    if (!this.#loaded) return Promise.resolve(failure({ kind: 'not-loaded' }))
    const template = this.#loaded.pipeline.config.conv_template
    return Promise.resolve(
      success({
        text: renderConversation(template, messages),
        begins: (template.system_prefix_token_ids?.length ?? 0) > 0,
      }),
    )
  }

  async unload(): Promise<void> {
    const loaded = this.#loaded
    this.#loaded = undefined
    loaded?.device.release()
    await loaded?.engine.unload().catch(() => undefined)
  }

  /** Keeps what was loaded; tells of its loss at once, not at the next request. */
  #hold(loaded: Loaded): void {
    this.#loaded = loaded
    void loaded.device.failure.then(async (reason) => {
      if (this.#loaded === loaded) await this.unload()
      this.onLost?.(reason)
    })
  }

  /** Every request starts from an empty cache, so that its answer does not depend on the ones before. */
  async #forget(): Promise<void> {
    await this.#loaded?.engine.resetChat(false, this.#loaded.modelId)
  }

  /** Turns what WebLLM throws, and the loss of the device, into failures. */
  async #settle(work: () => Promise<void>): Promise<EngineResult<void>> {
    const loaded = this.#loaded!
    try {
      const lost = await Promise.race([work(), loaded.device.failure])
      if (!lost) return success(undefined)
      await this.unload()
      return failure(lost)
    } catch (error) {
      return failure(await failureOf(error, loaded.device, loaded))
    }
  }
}

class DeviceFailed extends Error {
  readonly failure: EngineFailure

  constructor(reason: EngineFailure) {
    super(reason.kind)
    this.failure = reason
  }
}

/** What an error means; one of a lost device often comes shortly before the loss is told, and hides the cause. */
async function failureOf(
  error: unknown,
  device: DeviceWatch,
  context: FailureContext,
): Promise<EngineFailure> {
  if (error instanceof DeviceFailed) return error.failure
  const told = webLlmFailure(error, context)
  if (told.kind !== 'engine-error' && told.kind !== 'device-lost') return told
  const lost = await Promise.race([device.failure, delay(DEVICE_NEWS_MS, new AbortController().signal)])
  return lost ?? told
}

function finishReason(reason: string): Generation['finish'] {
  return reason === 'abort' || reason === 'stop' ? reason : 'length'
}

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
import type { ChatMessage } from '#core/prompt/question'
import { reuseTolerance } from '#core/numerics/reuse-tolerance'
import { verdictOf } from '#core/numerics/verdict'
import type { SelfTestReport } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { aborted } from './abort'
import { generateText } from './webllm-generate'
import { openModel, type WebLlmPackage } from './webllm-load'
import { failureOf, type LoadedModel, type Settle } from './webllm-model'
import { testNumbers } from './webllm-numbers'
import { scoreLetters, scoreReward } from './webllm-score'

/** WebLLM (MLC) on WebGPU, run in this worker itself: only so the logits of the vocabulary can be read. */
export class WebLlmEngine implements Engine {
  onLost: ((failure: EngineFailure) => void) | undefined
  #loaded: LoadedModel | undefined
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
    const opened = await openModel(this.#webllm, request, onProgress, signal)
    if (!opened.ok) return opened
    this.#hold(opened.value.model)
    return success(opened.value.description)
  }

  generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    return this.#withLanguageModel(signal, (model, settle) =>
      generateText(model, settle, request, onEvent, signal),
    )
  }

  scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    return this.#withLanguageModel(signal, (model, settle) => scoreLetters(model, settle, request, signal))
  }

  async scoreReward(request: RewardRequest, signal: AbortSignal): Promise<EngineResult<RewardScores>> {
    const model = this.#loaded
    if (!model) return failure({ kind: 'not-loaded' })
    if (!model.rewardHead) return failure({ kind: 'not-a-reward-model' })
    return await scoreReward(model, model.rewardHead, this.#settleOn(model), request, signal)
  }

  async checkNumbers(
    known: SelfTestReport | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<SelfTestReport>> {
    const model = this.#loaded
    if (!model) return failure({ kind: 'not-loaded' })
    if (signal.aborted) return aborted()
    if (!known) {
      // What is reused must not be mixed with what the test feeds.
      model.prompts.release()
      const tested = await testNumbers(model, this.#settleOn(model), onProgress, signal)
      if (!tested.ok) return tested
      known = tested.value
    }
    model.selfTest = known
    model.prompts.follow(verdictOf(known), reuseTolerance(known))
    return success(known)
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

  async #withLanguageModel<Value>(
    signal: AbortSignal,
    work: (model: LoadedModel, settle: Settle) => Promise<EngineResult<Value>>,
  ): Promise<EngineResult<Value>> {
    const model = this.#loaded
    if (!model) return failure({ kind: 'not-loaded' })
    if (signal.aborted) return aborted()
    if (model.rewardHead) return failure({ kind: 'only-a-reward-model' })
    return await work(model, this.#settleOn(model))
  }

  /** Keeps what was loaded; tells of its loss at once, not at the next request. */
  #hold(loaded: LoadedModel): void {
    this.#loaded = loaded
    void loaded.device.failure.then(async (reason) => {
      if (this.#loaded === loaded) await this.unload()
      this.onLost?.(reason)
    })
  }

  #settleOn(model: LoadedModel): Settle {
    return async (work) => {
      try {
        const lost = await Promise.race([work(), model.device.failure])
        if (!lost) return success(undefined)
        await this.unload()
        return failure(lost)
      } catch (error) {
        return failure(await failureOf(error, model.device, model))
      }
    }
  }
}

/**
 * Lets a `PromptReader` feed the prompts of WebLLM's requests. Three methods of the one pipeline instance are stood in
 * for: emptying the cache is put off, the prompt's tokens are noted before the first of them is fed, and what the
 * pipeline feeds chunk by chunk is read by the reader once its last chunk comes.
 */
import type { PromptReading } from '#core/numerics/types'
import { CheckFailed, PromptReader } from '#core/prefix-reuse/prompt-reader'
import type { InnerPipeline, KnownPipeline, PromptRuns, Tensor } from '../webllm-inner'
import { Overrides } from './overrides'
import { PipelineCache } from './pipeline-cache'

export type ReadingMode =
  { kind: 'reuse'; keepsEnd: boolean; compares: boolean } | { kind: 'stepwise'; signal: AbortSignal }

export class PipelineReader {
  readonly #pipeline: InnerPipeline
  readonly #overrides: Overrides<InnerPipeline, 'resetKVCache' | 'getInputData' | 'embedAndForward'>
  readonly #reader: PromptReader<Tensor>
  #mode: ReadingMode = { kind: 'reuse', keepsEnd: false, compares: false }
  #prompt: readonly number[] | undefined
  /** How many tokens of the prompt the pipeline has handed over. */
  #seen = 0
  #reading: PromptReading | undefined

  /** `tolerance` is that of logits. */
  constructor(known: KnownPipeline, tolerance: number) {
    this.#pipeline = known.inner
    this.#overrides = new Overrides(known.inner, {
      resetKVCache: () => undefined,
      getInputData: () => this.#observe(),
      embedAndForward: (runs, positions) => this.#forward(runs, positions),
    })
    this.#reader = new PromptReader(new PipelineCache(known), tolerance)
  }

  /** How the prompt of the request came into the cache; undefined until it did. */
  get reading(): PromptReading | undefined {
    return this.#reading
  }

  /** What went through the model for this request's prompt, also where a check failed. */
  get tokensFed(): number {
    return this.#reader.tokensFed
  }

  /** What the cache holds; null where that is not known. */
  get held(): readonly number[] | null {
    return this.#reader.held
  }

  /** Makes ready for one request, which must then begin with an empty conversation. */
  begin(mode: ReadingMode): void {
    this.#overrides.install()
    this.#mode = mode
    this.#prompt = undefined
    this.#seen = 0
    this.#reading = undefined
    this.#reader.startCount()
  }

  /** Leaves the instance as it was found; others may now use the cache, and must empty it first. */
  uninstall(): void {
    this.#overrides.uninstall()
    this.#reader.loseTrack()
  }

  #observe(): PromptRuns | Promise<PromptRuns> {
    // With tokens in the cache by its own count, WebLLM would take the last turn only.
    if (this.#pipeline.filledKVCacheLength !== 0) throw new CheckFailed('The conversation was not emptied.')
    const answer = this.#overrides.stock.getInputData.call(this.#pipeline)
    return 'then' in answer ? answer.then((later) => this.#note(later)) : this.#note(answer)
  }

  #note(answer: PromptRuns): PromptRuns {
    this.#prompt = tokensOf(answer[0])
    return answer
  }

  async #forward(runs: readonly unknown[], positions: number): Promise<Tensor> {
    const tokens = tokensOf(runs)
    if (tokens?.length !== positions) throw new CheckFailed('The input is not all text.')
    return this.#reading ? await this.#append(tokens) : await this.#take(tokens)
  }

  /** Takes the pipeline's chunks of the prompt; the last of them makes the reader read all. */
  async #take(tokens: readonly number[]): Promise<Tensor> {
    const pipeline = this.#pipeline
    const prompt = this.#prompt
    if (!prompt || pipeline.filledKVCacheLength !== this.#seen)
      throw new CheckFailed('It is not known what the prompt is.')
    if (tokens.some((token, at) => token !== prompt[this.#seen + at]))
      throw new CheckFailed('The chunk is not the next one of the prompt.')
    this.#seen += tokens.length
    if (this.#seen < prompt.length) {
      pipeline.filledKVCacheLength = this.#seen
      return pipeline.tvm.attachToCurrentScope(noLogits())
    }
    pipeline.filledKVCacheLength = this.#reader.held?.length ?? 0
    const mode = this.#mode
    const { logits, reading } =
      mode.kind === 'stepwise'
        ? await this.#reader.readStepwise(prompt, mode.signal)
        : await this.#reader.read(prompt, mode.keepsEnd, mode.compares)
    this.#reading = reading
    return logits
  }

  /** Feeds a token of the reply. */
  async #append(tokens: readonly number[]): Promise<Tensor> {
    const [token] = tokens
    const held = this.#reader.held
    if (token === undefined || tokens.length > 1 || held?.length !== this.#pipeline.filledKVCacheLength)
      throw new CheckFailed('The reply does not go on from where the prompt ended.')
    return await this.#reader.append(token)
  }
}

/** Undefined where not all of the input is token ids. */
function tokensOf(runs: readonly unknown[]): readonly number[] | undefined {
  return runs.every((run): run is readonly number[] => Array.isArray(run)) ? runs.flat() : undefined
}

/** In place of the logits of a chunk that is not the prompt's last, which nobody looks at. */
function noLogits(): Tensor {
  return { dtype: 'float32', toArray: () => new Float32Array(), dispose: () => undefined }
}

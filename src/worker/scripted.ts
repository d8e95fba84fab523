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
  RewardRequest,
  RewardScores,
} from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { aborted, delay } from './abort'

interface Script {
  replies: readonly string[]
  tokensPerSecond: number
  next: number
}

/**
 * Says fixed replies in turn, a word at a time. Only for tests of the interface's own states: it infers
 * nothing, and the app never offers it.
 */
export class ScriptedEngine implements Engine {
  #script: Script | undefined

  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    if (signal.aborted) return Promise.resolve(aborted())
    if (request.source.kind !== 'scripted' || request.source.replies.length === 0)
      return Promise.resolve(failure({ kind: 'model-invalid', detail: 'The script has no replies.' }))
    onProgress({ kind: 'preparing', step: 'initialise', fraction: 1 })
    this.#script = { ...request.source, next: 0 }
    return Promise.resolve(
      success({
        engine: 'scripted',
        engineVersion: '1',
        device: 'script',
        fingerprint: '0'.repeat(64),
        librarySha256: null,
        tokenizerSha256: null,
        contextTokens: request.contextTokens,
      }),
    )
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    if (!this.#script) return failure({ kind: 'not-loaded' })
    const started = performance.now()
    const reply = this.#takeReply()
    const start = request.replyStart ?? ''
    const tokens = (reply.startsWith(start) ? reply.slice(start.length) : reply).match(/\s*\S+/g) ?? []
    const promptTokens = countWords(request.messages.map((message) => message.content).join(' '))
    let text = ''
    let completionTokens = 0
    let firstToken = started
    for (const token of tokens.slice(0, request.maxTokens)) {
      await delay(1000 / this.#script.tokensPerSecond, signal)
      if (signal.aborted) break
      if (completionTokens === 0) {
        firstToken = performance.now()
        onEvent({ kind: 'prompt-processed', promptTokens, timeToFirstTokenMs: firstToken - started })
      }
      text += token
      completionTokens += 1
      onEvent({ kind: 'text', text: token, completionTokens })
    }
    if (signal.aborted && completionTokens === 0) return aborted()
    return success({
      text,
      finish: signal.aborted ? 'abort' : tokens.length > request.maxTokens ? 'length' : 'stop',
      promptTokens,
      completionTokens,
      timeToFirstTokenMs: firstToken - started,
      decodeMs: performance.now() - firstToken,
    })
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    if (!this.#script) return failure({ kind: 'not-loaded' })
    await delay(1000 / this.#script.tokensPerSecond, signal)
    if (signal.aborted) return aborted()
    const said = request.letters.indexOf(this.#takeReply().trimStart().charAt(0))
    return success({
      probabilities: request.letters.map((_, index) =>
        said < 0 ? 1 / request.letters.length : index === said ? 1 : 0,
      ),
      promptTokens: countWords(request.messages.map((message) => message.content).join(' ')),
      elapsedMs: 1000 / this.#script.tokensPerSecond,
    })
  }

  /** Replies that are numbers of 0 to 1 are the probabilities, one for each prefix; other scripts score nothing. */
  async scoreReward(
    { messages, prefixes }: RewardRequest,
    signal: AbortSignal,
  ): Promise<EngineResult<RewardScores>> {
    if (!this.#script) return failure({ kind: 'not-loaded' })
    if (this.#script.replies.some((reply) => !/^(0|1|0?\.\d+)$/.test(reply)))
      return failure({ kind: 'not-a-reward-model' })
    const elapsedMs = (1000 / this.#script.tokensPerSecond) * prefixes.length
    await delay(elapsedMs, signal)
    if (signal.aborted) return aborted()
    const asked = countWords(messages.map(({ content }) => content).join(' '))
    return success({
      probabilities: prefixes.map(() => Number(this.#takeReply())),
      promptTokens: prefixes.reduce((sum, prefix) => sum + asked + countWords(prefix), 0),
      elapsedMs,
    })
  }

  renderPrompt(messages: readonly ChatMessage[]): Promise<EngineResult<RenderedPrompt>> {
    if (!this.#script) return Promise.resolve(failure({ kind: 'not-loaded' }))
    return Promise.resolve(
      success({ text: messages.map(({ content }) => content).join('\n'), begins: false }),
    )
  }

  unload(): Promise<void> {
    this.#script = undefined
    return Promise.resolve()
  }

  #takeReply(): string {
    if (!this.#script) return ''
    const { replies, next } = this.#script
    this.#script.next = next + 1
    return replies[next % replies.length] ?? ''
  }
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0
}

/**
 * Random sequences of requests, each to a model that reuses prompts and to one that never does: both are the real
 * WebLLM over the toy. `REUSE_SEQUENCES=5000 npx vitest run …` runs more of them.
 */
import { describe, expect, it } from 'vitest'
import type { PromptReading } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { PromptPaths } from '../../../../src/worker/prefix-cache/prompt-paths'
import { openToy, ownMethods, SOUND, TOLERANCE, type ToyModel } from './model'
import { Random } from './random'
import { generate, letters, sampledDifference } from './requests'

const SEQUENCES = Number(process.env['REUSE_SEQUENCES'] ?? 60)
const REQUESTS = 8
const CHUNK_TOKENS = 40
/** Of the toy, in single precision. */
const ROUNDING = 5e-5

const STEPS = [
  ...['turn', 'turn', 'turn', 'regenerate', 'edit', 'switch', 'letters', 'letters', 'letters'],
  ...['abort', 'plain', 'overflow', 'throw', 'interrupt', 'continue'],
] as const
type Step = (typeof STEPS)[number]

class Sequence {
  readonly #random: Random
  readonly #pair: readonly [ToyModel, ToyModel]
  readonly #conversations: ChatMessage[][]
  #current = 0
  #lastReply = 'ok'
  #isRelied = true
  readonly paths: Partial<Record<PromptReading['path'], number>> = {}
  worst = 0

  constructor(release: '0.2.79' | '0.2.86', seed: number) {
    this.#random = new Random(seed)
    const open = () => openToy({ release, chunkTokens: CHUNK_TOKENS, seed: (seed % 3) + 1 })
    this.#pair = [open(), open()]
    this.#pair[0].prompts.follow(SOUND, TOLERANCE)
    const system = { role: 'system', content: this.#random.text(20) } as const
    this.#conversations = [0, 1].map(() => [system, { role: 'user', content: this.#random.text(8) }])
  }

  async run(): Promise<void> {
    for (let count = 0; count < REQUESTS; count += 1) await this.step(this.#random.pick(STEPS))
  }

  async step(step: Step): Promise<void> {
    const [reusing] = this.#pair
    if (step === 'throw') this.#plantThrow(reusing)
    if (step === 'interrupt') for (const { engine } of this.#pair) await engine.interruptGenerate()
    const messages = this.#messagesFor(step)
    const [answer, expected] = await Promise.all(
      this.#pair.map((toy) => {
        if (step === 'letters') return letters(toy, messages)
        if (step === 'continue') return generate(toy, messages, { replyStart: 'So' })
        return generate(toy, messages, { aborts: step === 'abort', reusePrompt: step !== 'plain' })
      }),
    )
    reusing.runtime.onForward = () => undefined
    if (!answer?.ok || !expected?.ok) {
      this.#expectFailure(step, answer)
      return
    }
    this.worst = Math.max(this.worst, sampledDifference(...this.#pair))
    expect(this.worst).toBeLessThan(ROUNDING)
    const { reading } = answer.value
    this.paths[reading!.path] = (this.paths[reading!.path] ?? 0) + 1
    if (reading?.reason === 'check-failed') this.#loadAgain()
    if ('text' in answer.value && 'text' in expected.value) {
      expect(answer.value).toMatchObject({ text: expected.value.text, finish: expected.value.finish })
      this.#lastReply = answer.value.text
    }
    this.#expectHonestBooks(step === 'plain')
  }

  #messagesFor(step: Step): ChatMessage[] {
    if (step === 'switch') this.#current = 1 - this.#current
    const conversation = this.#conversations[this.#current]!
    const user = (length: number): ChatMessage => ({ role: 'user', content: this.#random.text(length) })
    if (step === 'overflow') return [...conversation.slice(0, 1), user(300)]
    if (step === 'letters') return [...conversation.slice(0, 1), user(6 + this.#random.below(10))]
    if (step === 'edit') conversation.splice(-1, 1, user(4 + this.#random.below(40)))
    if (step === 'turn' && conversation.length < 9)
      conversation.push({ role: 'assistant', content: this.#lastReply }, user(4 + this.#random.below(12)))
    return conversation
  }

  /** A forward pass fails, early in the prompt or within the reply. */
  #plantThrow({ runtime }: ToyModel): void {
    let left = this.#random.below(5)
    runtime.onForward = () => {
      if (left === 0) runtime.onForward = () => undefined
      if ((left -= 1) < 0) throw new Error('Planted: out of memory.')
    }
  }

  /** What failed says so, and the next request starts from nothing. */
  #expectFailure(step: Step, answer: { ok: boolean } | undefined): void {
    expect(['overflow', 'throw']).toContain(step)
    expect(answer).toMatchObject({ ok: false })
    for (const { runtime } of this.#pair) runtime.sampled.length = 0
  }

  #loadAgain(): void {
    expect(ownMethods(this.#pair[0])).toEqual([])
    this.#pair[0].prompts = new PromptPaths(this.#pair[0].inner)
    this.#pair[0].prompts.follow(SOUND, TOLERANCE)
    this.#isRelied = false
  }

  #expectHonestBooks(isPlain: boolean): void {
    const [{ prompts, runtime }] = this.#pair
    if (isPlain) expect(ownMethods(this.#pair[0])).toEqual([])
    else if (this.#isRelied) expect(prompts.held).toEqual(runtime.tokens)
    this.#isRelied = true
    expect(ownMethods(this.#pair[1])).toEqual([])
  }
}

describe.each(['0.2.79', '0.2.86'] as const)('requests that reuse prompts in WebLLM %s', (release) => {
  it(`are answered as cold ones are, over ${SEQUENCES} random sequences`, async () => {
    const paths = { cold: 0, reused: 0, stepwise: 0 }
    let worst = 0
    for (let seed = 1; seed <= SEQUENCES; seed += 1) {
      const sequence = new Sequence(release, seed)
      await sequence.run()
      for (const path of ['cold', 'reused'] as const) paths[path] += sequence.paths[path] ?? 0
      worst = Math.max(worst, sequence.worst)
    }
    expect(paths.reused).toBeGreaterThan(SEQUENCES)
    expect(paths.cold).toBeGreaterThan(SEQUENCES)
  }, 600_000)
})

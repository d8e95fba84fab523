/**
 * Reads prompts into a KV cache that keeps what they have in common. Nothing is taken for granted: what the cache
 * holds is compared with a sentinel before it is read on from, and again and again with a cold pass.
 */
import type { PromptReading } from '../numerics/types'
import { needsColdPass, planReading } from './plan'
import type { PromptCache } from './prompt-cache'
import { agree, isWithinConfirmed, remember, type Sentinel } from './sentinel'

/** The cache is not what it should be. Thrown, since between reader and request lies the engine's own code. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
}

/** The signal aborted between two steps. Thrown, for the same reason. */
export class ReadingEnded extends Error {
  override readonly name = 'ReadingEnded'
}

export interface PromptRead<Logits> {
  /** After the prompt's last token. */
  logits: Logits
  reading: PromptReading
}

export class PromptReader<Logits> {
  readonly #cache: PromptCache<Logits>
  readonly #tolerance: number
  /** Null: unknown. */
  #held: number[] | null = null
  #sentinels: readonly Sentinel[] = []
  #reuses = 0
  #fed = 0

  /** `tolerance` is the largest difference of a logit that counts as the same. */
  constructor(cache: PromptCache<Logits>, tolerance: number) {
    this.#cache = cache
    this.#tolerance = tolerance
  }

  /** What the cache holds; null where that is not known. */
  get held(): readonly number[] | null {
    return this.#held
  }

  /** Tokens that went through the model since `startCount`. */
  get tokensFed(): number {
    return this.#fed
  }

  /** To be called before each prompt. */
  startCount(): void {
    this.#fed = 0
  }

  /** To be called when anything else used the cache; the next prompt is then read cold. */
  loseTrack(): void {
    this.#held = null
  }

  /**
   * Reads a prompt of at least one token. `keepsEnd` makes its end a sentinel, for prompts that go on from there; with
   * `compares`, what is reused is compared with a cold pass now, whenever the last comparison was.
   * Throws `CheckFailed` where the cache, or anything done for the sake of reuse, failed.
   */
  async read(prompt: readonly number[], keepsEnd: boolean, compares = false): Promise<PromptRead<Logits>> {
    const plan = planReading(prompt, this.#held ?? [], this.#sentinels)
    if (plan.kind === 'cold' && plan.splitAt === undefined) {
      const logits = await this.#readCold(prompt, keepsEnd || plan.isRepeated, false)
      return this.#cold(logits, plan.isRepeated ? undefined : 'nothing-in-common')
    }
    try {
      if (plan.kind === 'reuse') return await this.#readOn(plan.sentinel, prompt, { keepsEnd, compares })
      await this.#readCold(prompt.slice(0, plan.splitAt), true, false)
      const logits = await this.#feed(prompt.slice(plan.splitAt))
      // The second part was appended, so its end is not that of a cold pass.
      if (keepsEnd) await this.#keep(logits, { isConfirmed: false, depth: 1 })
      const { reading } = this.#cold(logits)
      return { logits, reading: { ...reading, awaitsComparison: true } }
    } catch (error) {
      this.#held = null
      throw error instanceof CheckFailed ? error : new CheckFailed(String(error), { cause: error })
    }
  }

  /** As many tokens at once as the cache takes, the rest one by one. Throws `ReadingEnded` when the signal aborts. */
  async readStepwise(prompt: readonly number[], signal: AbortSignal): Promise<PromptRead<Logits>> {
    const { chunkTokens } = this.#cache
    let logits = await this.#readCold(prompt.slice(0, chunkTokens), false, false)
    const last = prompt.length - 1
    for (let at = chunkTokens; at <= last; at++) {
      if (signal.aborted) throw new ReadingEnded()
      const step = prompt.slice(at, at + 1)
      if (at === last) logits = await this.#feed(step)
      else await this.#append(step, () => this.#cache.feedUnseen(step))
    }
    return {
      logits,
      reading: {
        path: prompt.length > chunkTokens ? 'stepwise' : 'cold',
        tokensFed: this.#fed,
        tokensReused: 0,
      },
    }
  }

  /** Appends a token of the reply. */
  async append(token: number): Promise<Logits> {
    return await this.#feed([token])
  }

  async #readOn(
    sentinel: Sentinel,
    prompt: readonly number[],
    { keepsEnd, compares }: { keepsEnd: boolean; compares: boolean },
  ): Promise<PromptRead<Logits>> {
    const { length } = sentinel.tokens
    this.#popTo(length - 1)
    let logits = await this.#feed(prompt.slice(length - 1, length))
    if (!agree(await this.#cache.copy(logits), sentinel.logits, this.#tolerance))
      throw new CheckFailed('The logits after the tokens in the cache are not what they were.')
    this.#sentinels = remember(this.#sentinels, sentinel)
    if (length < prompt.length) logits = await this.#feed(prompt.slice(length))
    if (compares || needsColdPass(sentinel, prompt.length, this.#reuses)) {
      return await this.#compare(sentinel, logits, prompt)
    }
    this.#reuses += 1
    const { isConfirmed, depth } = sentinel
    if (keepsEnd && length < prompt.length) await this.#keep(logits, { isConfirmed, depth: depth + 1 })
    const reading = { path: 'reused', tokensFed: this.#fed, tokensReused: length - 1 } as const
    // The sentinel's logits were the prompt's own, of a cold pass, and have just been compared.
    if (length === prompt.length && depth === 0) return { logits, reading }
    return { logits, reading: { ...reading, awaitsComparison: true } }
  }

  /** Reads the prompt cold as well, and gives the logits of that pass. */
  async #compare(sentinel: Sentinel, reused: Logits, prompt: readonly number[]): Promise<PromptRead<Logits>> {
    const end = await this.#cache.copy(reused)
    const logits = await this.#readCold(prompt, true, true)
    if (!agree(end, this.#sentinels.at(-1)!.logits, this.#tolerance))
      throw new CheckFailed('The logits after the prompt are not those of a cold pass.')
    sentinel.isConfirmed = true
    this.#reuses = 0
    const { reading } = this.#cold(logits)
    return { logits, reading: { ...reading, compared: true } }
  }

  async #readCold(tokens: readonly number[], keepsEnd: boolean, isConfirmed: boolean): Promise<Logits> {
    this.#held = null
    this.#cache.reset()
    this.#held = []
    const logits = await this.#feed(tokens)
    if (keepsEnd) await this.#keep(logits, { isConfirmed, depth: 0 })
    return logits
  }

  async #feed(tokens: readonly number[]): Promise<Logits> {
    const { chunkTokens } = this.#cache
    let logits: Logits | undefined
    for (let from = 0; from < tokens.length; from += chunkTokens) {
      const chunk = tokens.slice(from, from + chunkTokens)
      logits = await this.#append(chunk, () => this.#cache.feed(chunk))
    }
    if (logits === undefined) throw new CheckFailed('There was nothing to read.')
    return logits
  }

  /** Keeps account of tokens that `feed` puts into the cache. */
  async #append<Fed>(tokens: readonly number[], feed: () => Promise<Fed>): Promise<Fed> {
    const held = this.#held
    if (!held) throw new CheckFailed('It is not known what the cache holds.')
    this.#held = null
    const fed = await feed()
    held.push(...tokens)
    this.#held = held
    this.#fed += tokens.length
    this.#count()
    return fed
  }

  #popTo(length: number): void {
    const held = this.#held!
    this.#held = null
    if (held.length > length) this.#cache.pop(held.length - length)
    this.#held = held.slice(0, length)
    this.#count()
  }

  #count(): void {
    const counted = this.#cache.countTokens()
    if (counted === null || counted === this.#held?.length) return
    throw new CheckFailed(`The cache has ${counted} tokens instead of ${this.#held?.length}.`)
  }

  async #keep(logits: Logits, origin: Pick<Sentinel, 'isConfirmed' | 'depth'>): Promise<void> {
    const tokens = [...this.#held!]
    const isConfirmed = origin.isConfirmed || isWithinConfirmed(this.#sentinels, tokens)
    const copied = await this.#cache.copy(logits)
    this.#sentinels = remember(this.#sentinels, { ...origin, tokens, logits: copied, isConfirmed })
  }

  #cold(logits: Logits, reason?: PromptReading['reason']): PromptRead<Logits> {
    return {
      logits,
      reading: { path: 'cold', tokensFed: this.#fed, tokensReused: 0, ...(reason && { reason }) },
    }
  }
}

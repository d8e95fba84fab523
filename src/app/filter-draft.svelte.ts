import { modelKey, type ComparedModel } from '#core/chat/comparison'
import { MAX_ANSWER_TOKENS, MAX_ORDER_SAMPLE } from '#core/cross-filter/limits'
import type { PairImport } from '#core/cross-filter/pair-collector'
import { JUDGE_PROMPTS, judgePromptProblems } from '#core/cross-filter/prompts'
import { ASPECTS, type JudgePrompts } from '#core/cross-filter/types'
import type { ImportFailure } from '#core/dataset/failure'
import { isTaken } from './chat-limits'
import type { CrossFilter, NewFilter } from './cross-filter.svelte'
import { isWhole, type NumberInput } from './number-input'

export type FilterObstacle =
  'no-pairs' | 'no-generator' | 'no-judge' | 'judges-itself' | 'same-judge' | 'prompts' | 'numbers'

/** A paragraph or two; judges need not read more. */
const ANSWER_TOKENS = 512

/** Enough to see a shift of a grade, for a tenth of the work of a thousand pairs. */
const ORDER_SAMPLE = 50

/** What the next filter will be. */
export class FilterDraft {
  readonly #newSeed: () => number
  #found = $state.raw<PairImport | null>(null)
  #failures = $state.raw<readonly ImportFailure[]>([])
  #isReading = $state(false)
  prompts = $state.raw<JudgePrompts>(JUDGE_PROMPTS)
  name = $state('')
  generator = $state.raw<ComparedModel | null>(null)
  judge = $state.raw<ComparedModel | null>(null)
  secondJudge = $state.raw<ComparedModel | null>(null)
  maxTokens = $state<NumberInput>(ANSWER_TOKENS)
  temperature = $state<NumberInput>(0)
  orderCount = $state<NumberInput>(ORDER_SAMPLE)

  constructor(newSeed: () => number) {
    this.#newSeed = newSeed
  }

  get found(): PairImport | null {
    return this.#found
  }

  /** Of the last files, where none could be read. */
  get failures(): readonly ImportFailure[] {
    return this.#failures
  }

  get isReading(): boolean {
    return this.#isReading
  }

  /** Questions without an answer. */
  get openQuestions(): number {
    return this.#found?.pairs.filter(({ answer }) => answer === null).length ?? 0
  }

  /** Forward passes of one judge. */
  get passes(): number {
    const pairs = this.#found?.pairs.length ?? 0
    return ASPECTS.length * (pairs + Math.min(pairs, this.orderCount ?? 0))
  }

  get invalid(): Record<'maxTokens' | 'temperature' | 'orderCount', boolean> {
    return {
      maxTokens: !isWhole(this.maxTokens, 1, MAX_ANSWER_TOKENS),
      temperature: !isTaken('temperature', this.temperature),
      orderCount: !isWhole(this.orderCount, 0, MAX_ORDER_SAMPLE),
    }
  }

  /** What is missing or cannot be; null when the filter can be made. */
  get obstacle(): FilterObstacle | null {
    const { judge, secondJudge } = this
    const generator = this.openQuestions > 0 ? this.generator : null
    if (!this.#found || this.#found.pairs.length === 0) return 'no-pairs'
    if (this.openQuestions > 0 && !generator) return 'no-generator'
    if (!judge) return 'no-judge'
    const author = generator && modelKey(generator)
    if (author === modelKey(judge) || (secondJudge && author === modelKey(secondJudge)))
      return 'judges-itself'
    if (secondJudge && modelKey(secondJudge) === modelKey(judge)) return 'same-judge'
    if (judgePromptProblems(this.prompts).length > 0) return 'prompts'
    return Object.values(this.invalid).includes(true) ? 'numbers' : null
  }

  /** Null while there is an obstacle. */
  get filter(): NewFilter | null {
    const { judge, secondJudge, prompts, maxTokens, temperature, orderCount } = this
    const found = this.#found
    if (this.obstacle || !found || !judge) return null
    if (maxTokens === null || temperature === null || orderCount === null) return null
    const [file] = found.files
    return {
      name: this.name.trim() || (file?.name ?? ''),
      pairs: found.pairs,
      files: found.files,
      problemCount: found.problems.total,
      generator: this.openQuestions > 0 ? this.generator : null,
      decoding: { temperature, topP: 1, maxTokens, seed: this.#newSeed() },
      ...{ judge, secondJudge, prompts },
      order: { count: orderCount, seed: this.#newSeed() },
    }
  }

  async read(files: readonly File[], filters: Pick<CrossFilter, 'readFiles'>): Promise<void> {
    this.#isReading = true
    const read = await filters.readFiles(files)
    this.#isReading = false
    this.#found = read.ok ? read.value : null
    this.#failures = read.ok ? [] : read.failure
    if (read.ok && this.name === '') this.name = read.value.files[0]?.name ?? ''
  }
}

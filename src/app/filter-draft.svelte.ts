import { modelKey, type ComparedModel } from '#core/chat/comparison'
import { MAX_ORDER_SAMPLE } from '#core/cross-filter/limits'
import { JUDGE_PROMPTS, judgePromptProblems } from '#core/cross-filter/prompts'
import { ASPECTS, type JudgePrompts } from '#core/cross-filter/types'
import { isTaken } from './chat-limits'
import type { NewFilter } from './cross-filter.svelte'
import { isWhole, type NumberInput } from './number-input'
import { PairDraft } from './pair-draft.svelte'

export type FilterObstacle =
  'no-pairs' | 'no-generator' | 'no-judge' | 'judges-itself' | 'same-judge' | 'prompts' | 'numbers'

/** Enough to see a shift of a grade, for a tenth of the work of a thousand pairs. */
const ORDER_SAMPLE = 50

/** What the next filter will be. */
export class FilterDraft extends PairDraft {
  readonly #newSeed: () => number
  prompts = $state.raw<JudgePrompts>(JUDGE_PROMPTS)
  generator = $state.raw<ComparedModel | null>(null)
  judge = $state.raw<ComparedModel | null>(null)
  secondJudge = $state.raw<ComparedModel | null>(null)
  temperature = $state<NumberInput>(0)
  orderCount = $state<NumberInput>(ORDER_SAMPLE)

  constructor(newSeed: () => number) {
    super()
    this.#newSeed = newSeed
  }

  /** Questions without an answer. */
  get openQuestions(): number {
    return this.found?.pairs.filter(({ answer }) => answer === null).length ?? 0
  }

  /** Forward passes of one judge. */
  get passes(): number {
    const pairs = this.found?.pairs.length ?? 0
    return ASPECTS.length * (pairs + Math.min(pairs, this.orderCount ?? 0))
  }

  get invalid(): Record<'maxTokens' | 'temperature' | 'orderCount', boolean> {
    return {
      maxTokens: !this.hasTokens,
      temperature: !isTaken('temperature', this.temperature),
      orderCount: !isWhole(this.orderCount, 0, MAX_ORDER_SAMPLE),
    }
  }

  /** What is missing or cannot be; null when the filter can be made. */
  get obstacle(): FilterObstacle | null {
    const { judge, secondJudge } = this
    const generator = this.openQuestions > 0 ? this.generator : null
    if (!this.found || this.found.pairs.length === 0) return 'no-pairs'
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
    const found = this.found
    if (this.obstacle || !found || !judge) return null
    if (maxTokens === null || temperature === null || orderCount === null) return null
    return {
      name: this.finalName,
      pairs: found.pairs,
      files: found.files,
      problemCount: found.problems.total,
      generator: this.openQuestions > 0 ? this.generator : null,
      decoding: { temperature, topP: 1, maxTokens, seed: this.#newSeed() },
      ...{ judge, secondJudge, prompts },
      order: { count: orderCount, seed: this.#newSeed() },
    }
  }
}

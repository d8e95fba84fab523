import { modelKey, type ComparedModel } from '#core/chat/comparison'
import { ANSWER_FIELDS } from '#core/cross-filter/read-pair'
import { MAX_LISTED_PROBLEMS } from '#core/dataset/limits'
import type { ProblemList } from '#core/dataset/problem'
import { MAX_QUESTIONS } from '#core/open-ended/limits'
import { COMPARISON_PROMPTS, comparisonProblems } from '#core/open-ended/prompts'
import type { ComparisonPrompts, ReferenceQuestion } from '#core/open-ended/types'
import type { NewEvaluation } from './open-ended.svelte'
import { PairDraft } from './pair-draft.svelte'

export type OpenObstacle = 'no-questions' | 'too-many' | 'no-models' | 'same-model' | 'prompts' | 'numbers'

/** What the next open-ended evaluation will be. */
export class OpenDraft extends PairDraft {
  readonly #newSeed: () => number
  prompts = $state.raw<ComparisonPrompts>(COMPARISON_PROMPTS)
  first = $state.raw<ComparedModel | null>(null)
  second = $state.raw<ComparedModel | null>(null)
  /** Null where no model judges. */
  judge = $state.raw<ComparedModel | null>(null)

  constructor(newSeed: () => number) {
    super()
    this.#newSeed = newSeed
  }

  /** Those with a reference answer. */
  get questions(): ReferenceQuestion[] {
    return (this.found?.pairs ?? []).flatMap((pair) =>
      pair.answer === null ? [] : [{ ...pair, answer: pair.answer }],
    )
  }

  /** Rows that are left out, in their order: those that could not be read, and questions without a reference. */
  get problems(): ProblemList {
    const { problems = { listed: [], total: 0 }, pairs = [], files = [] } = this.found ?? {}
    const missing = pairs.flatMap(({ answer, file, row }) => (answer === null ? [{ file, row }] : []))
    const listed = [
      ...problems.listed,
      ...missing.map((place) => ({
        ...{ ...place, field: '', code: 'no-reference' as const },
        ...{ expected: ANSWER_FIELDS.join(', '), found: '' },
      })),
    ]
    const places = files.map(({ name }) => name)
    listed.sort((a, b) => places.indexOf(a.file) - places.indexOf(b.file) || a.row - b.row)
    return { listed: listed.slice(0, MAX_LISTED_PROBLEMS), total: problems.total + missing.length }
  }

  /** What is missing or cannot be; null when the evaluation can be made. */
  get obstacle(): OpenObstacle | null {
    const { first, second, judge, prompts, questions } = this
    if (questions.length === 0) return 'no-questions'
    if (questions.length > MAX_QUESTIONS) return 'too-many'
    if (!first || !second) return 'no-models'
    if (modelKey(first) === modelKey(second)) return 'same-model'
    const isBad = (language: 'en' | 'zh') => comparisonProblems(prompts, language).length > 0
    if (judge && (isBad('en') || isBad('zh'))) return 'prompts'
    return this.hasTokens ? null : 'numbers'
  }

  /** Null while there is an obstacle. */
  get evaluation(): NewEvaluation | null {
    const { found, first, second, judge, maxTokens, prompts } = this
    if (this.obstacle || !found || !first || !second || maxTokens === null) return null
    return {
      name: this.finalName,
      ...{ pairs: this.questions, files: found.files, problemCount: this.problems.total },
      ...{ models: [first, second], judge, maxTokens, seed: this.#newSeed() },
      // Where nobody judges, what was written for a judge is of no use.
      prompts: judge ? prompts : COMPARISON_PROMPTS,
    }
  }
}

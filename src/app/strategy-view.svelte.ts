import type { QuestionSamples } from '#core/run/samples'
import type { Reading } from '#core/run/sampling'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { keyedLetter } from '#core/score/verdict'
import { compareSelectors } from '#core/strategy/evaluate'
import { sampledItem, scorersOf, type SampledItem } from '#core/strategy/sampled-item'
import { scorerKey } from '#core/strategy/scorer'
import type { SelectorComparison } from '#core/strategy/selector-result'
import type { StepScorer } from '#core/strategy/types'
import { LatestSteps } from './latest-steps.svelte'

/** What the comparison of strategies asks of the runs. */
export interface SampleSource {
  samples(runId: RunId, position: number): Promise<QuestionSamples>
}

export interface ComparedStrategies {
  comparison: SelectorComparison
  /** Questions compared, of all that were answered: those whose replies the scorer has all scored. */
  items: number
  answered: number
}

/** Questions read at a time. */
const READ_BATCH = 50

const ITEMS_PER_STEP = 100

/** What each strategy would have chosen from the samples of one run. */
export class StrategyView {
  readonly #source: SampleSource
  readonly #run: { plan: RunPlan; answers: readonly Answer[] }
  #questions = $state.raw<readonly QuestionSamples[]>([])
  #read = $state(0)
  #failed = $state<string | null>(null)
  #isWhole = $state(false)
  #reading = $state<Reading>('official')
  /** By `scorerKey`; null: nobody's scores, so only what needs none is compared. */
  #scorerKey = $state<string | null>(null)
  readonly #compared = new LatestSteps<ComparedStrategies | null>(null)

  constructor(source: SampleSource, run: { plan: RunPlan; answers: readonly Answer[] }) {
    this.#source = source
    this.#run = run
  }

  /** How many questions were read. */
  get read(): number {
    return this.#read
  }

  get total(): number {
    return this.#run.answers.length
  }

  /** Why the samples could not be read. */
  get failed(): string | null {
    return this.#failed
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  get reading(): Reading {
    return this.#reading
  }

  get scorers(): readonly StepScorer[] {
    return scorersOf(this.#questions)
  }

  /** By whose scores the run itself chose; null where it needed none. */
  get ownScorer(): StepScorer | null {
    const samples = this.#questions.flatMap((question) => question.samples)
    return samples.find(({ scores }) => scores !== null)?.scores?.scorer ?? null
  }

  get scorer(): StepScorer | null {
    return this.scorers.find((scorer) => scorerKey(scorer) === this.#scorerKey) ?? null
  }

  /** Replies read, and how many of them this scorer has scored. */
  counted(scorer: StepScorer | null): { samples: number; scored: number } {
    const items = this.#questions.map((question) => sampledItem('', question, 'strict', scorer))
    const samples = items.flatMap((item) => item.samples)
    return { samples: samples.length, scored: samples.filter(({ scores }) => scores !== null).length }
  }

  /** Null until the samples are read. */
  get compared(): ComparedStrategies | null {
    return this.#compared.value
  }

  /** Reads the samples; again after scores were added, to see them. */
  async load(): Promise<void> {
    const { plan, answers } = this.#run
    const isFirst = !this.#isWhole
    const questions: QuestionSamples[] = []
    try {
      for (let from = 0; from < answers.length; from += READ_BATCH) {
        const positions = answers.slice(from, from + READ_BATCH).map(({ position }) => position)
        const read = await Promise.all(positions.map((position) => this.#source.samples(plan.id, position)))
        questions.push(...read.map(withoutReplies))
        if (isFirst) this.#read = questions.length
      }
    } catch (error) {
      this.#failed = error instanceof Error ? error.message : String(error)
      return
    }
    this.#questions = questions
    this.#isWhole = true
    const [first] = this.scorers
    if (isFirst && first) this.#scorerKey = scorerKey(first)
    this.#compare()
  }

  chooseReading(reading: Reading): void {
    this.#reading = reading
    this.#compare()
  }

  /** Null compares only what needs no scores. */
  chooseScorer(scorer: StepScorer | null): void {
    this.#scorerKey = scorer && scorerKey(scorer)
    this.#compare()
  }

  #compare(): void {
    this.#compared.run(this.#steps())
  }

  *#steps(): Generator<undefined, ComparedStrategies> {
    const { plan, answers } = this.#run
    const { scorer } = this
    const items: SampledItem[] = []
    for (const [index, answer] of answers.entries()) {
      if (index % ITEMS_PER_STEP === 0) yield
      const question = this.#questions[index]
      if (!question) continue
      const item = sampledItem(keyedLetter(answer), question, this.#reading, scorer)
      // One set of questions for all rows: else a scorer's own questions would pass for its merit.
      if (!scorer || item.samples.every(({ scores }) => scores !== null)) items.push(item)
    }
    const comparison = yield* compareSelectors(items, plan.strategy?.samples ?? 1)
    return { comparison, items: items.length, answered: answers.length }
  }
}

/** Replies are long, and nothing here reads them. */
function withoutReplies({ samples, ...question }: QuestionSamples): QuestionSamples {
  return { ...question, samples: samples.map((sample) => ({ ...sample, reply: '' })) }
}

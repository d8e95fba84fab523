import type { Stores } from '#app/stores'
import { Notices } from '#app/notices.svelte'
import { countItems, planStrata } from '#core/run/sample'
import type { Answer, RunId } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import { Locale } from '#i18n/locale.svelte'
import { seededRandom } from '../unit/score/answers'
import { makeRecord, summarise } from './results-fixture'

/** Another model's answers to the same items: a share of the letters is right. */
function answeredBy(answers: readonly Answer[], right: number, seed: number): Answer[] {
  const random = seededRandom(seed)
  return answers.map((answer) => {
    const { options, targetIndex } = answer.item
    const index = random() < right ? targetIndex : Math.floor(random() * options.length)
    const letter = String.fromCharCode(65 + index)
    return {
      ...answer,
      reply: `First thought.\nSecond thought of ${seed}.\n\nThe answer is ${letter}.`,
      officialLetter: letter,
      strictLetter: letter,
      strictReason: null,
    }
  })
}

/** As if the answers were a sample of half of the dataset. */
function withStrata(record: RunRecord): RunRecord {
  const counts = countItems(record.answers.map(({ item }) => item))
  const selection = { ...record.plan.selection, sampleSize: null }
  const strata = planStrata(counts, selection).map((stratum) => ({
    ...stratum,
    population: 2 * stratum.population,
  }))
  const plan = { ...record.plan, strata }
  return { ...record, plan, summary: { ...record.summary, plan } }
}

export interface OtherRun {
  model: string
  /** Share of items that it knows. */
  right: number
  quantization?: string
  dataset?: string
}

/** A run of `count` items and, over the same items, others of other models; ids "run-1", "run-2", … */
export function makeComparison(count: number, others: readonly OtherRun[]): RunRecord[] {
  const first = withStrata(makeRecord(count))
  return [
    first,
    ...others.map(({ model, right, quantization = 'q4f16_1', dataset = 'AnesBench' }, index): RunRecord => {
      const id = `run-${index + 2}` as RunId
      const change = {
        id,
        name: `${model} on ${dataset}`,
        model: { recordId: model, variantId: 'v', name: model, quantization },
        dataset: { ...first.plan.dataset, name: dataset },
      }
      const plan = { ...first.plan, ...change }
      const answers = answeredBy(first.answers, right, index + 5)
      const summary = summarise(plan, answers)
      const engines = summary.engines.map((engine) => ({ ...engine, fingerprint: `${index}f`.repeat(32) }))
      return { ...first, plan, answers, summary: { ...summary, engines } }
    }),
  ]
}

/** The stores that the results pages ask for, over several runs kept in memory. */
export function makeCompareStores(records: readonly RunRecord[], language: 'en' | 'zh' = 'en'): Stores {
  const runs = {
    summaries: records.map(({ summary }) => summary),
    active: null,
    isElsewhere: () => false,
    load: (id: RunId) => Promise.resolve(records.find(({ plan }) => plan.id === id) ?? null),
    remove: () => Promise.resolve(() => Promise.resolve()),
  }
  return { locale: new Locale(language), notices: new Notices(), runs } as unknown as Stores
}

import { comparisonSteps, type Comparison } from '#core/compare/comparison'
import { differingConditions, type RunConditions } from '#core/compare/conditions'
import { EVERY_FLIP, filterFlips, pairFlips, type Flip, type FlipFilter } from '#core/compare/flips'
import { ItemTable } from '#core/compare/item-table'
import { comparisonVerdict } from '#core/compare/verdict'
import {
  comparisonCsvParts,
  comparisonExport,
  comparisonFileName,
  comparisonJsonParts,
} from '#core/export/comparison-export'
import type { Answer, RunId } from '#core/run/types'
import { SCORINGS, scoringsOf, type Scoring } from '#core/score/verdict'
import type { ResultSource } from './results.svelte'
import { collect, inSlices, inSteps } from './slices'

/** One of the runs compared. */
export interface ComparedRun extends RunConditions {
  id: RunId
  answered: number
}

export type CompareState =
  | { kind: 'loading'; read: number }
  /** Of these, none is in this browser. */
  | { kind: 'missing'; ids: readonly RunId[] }
  | { kind: 'failed'; detail: string }
  | {
      kind: 'ready'
      runs: readonly ComparedRun[]
      table: ItemTable
      /** By each scoring that at least one run has. */
      comparisons: Partial<Record<Scoring, Comparison>>
    }

const NOTHING: Comparison = {
  scorings: [],
  shared: { cells: [], byLanguage: [], byLevel: [], total: { n: 0, accuracies: [], randomFloor: null } },
  pairs: [],
}

/** Runs being compared: their statistics, the pair looked at, and the filters over its flipped items. */
export class CompareView {
  readonly ids: readonly RunId[]
  readonly #source: Pick<ResultSource, 'load'>
  #state = $state.raw<CompareState>({ kind: 'loading', read: 0 })
  #scoring = $state<Scoring>('official')
  #pairIndex = $state(0)
  #filter = $state.raw<FlipFilter>(EVERY_FLIP)
  #open = $state.raw<Flip['compared'] | null>(null)

  readonly #ready = $derived(this.#state.kind === 'ready' ? this.#state : null)
  readonly #comparison = $derived(this.#ready?.comparisons[this.#scoring] ?? NOTHING)
  readonly #verdict = $derived(comparisonVerdict(this.#comparison.pairs))
  readonly #differing = $derived(differingConditions(this.#ready?.runs ?? []))
  readonly #pair = $derived(this.#comparison.pairs[this.#pairIndex] ?? null)
  readonly #flips = $derived(
    this.#ready && this.#pair
      ? pairFlips(this.#ready.table, [this.#pair.first, this.#pair.second], this.pairScorings)
      : [],
  )
  readonly #filtered = $derived(filterFlips(this.#flips, this.#filter))
  readonly #openIndex = $derived(this.#filtered.matches.findIndex(({ compared }) => compared === this.#open))

  constructor(source: Pick<ResultSource, 'load'>, ids: readonly RunId[]) {
    this.#source = source
    this.ids = ids
  }

  get state() {
    return this.#state
  }

  get comparison(): Comparison {
    return this.#comparison
  }

  get verdict() {
    return this.#verdict
  }

  /** What is not the same in all runs. */
  get differing() {
    return this.#differing
  }

  /** The scorings that at least one run has. */
  get scorings(): readonly Scoring[] {
    return scoringsOfAny(this.#ready?.runs ?? [])
  }

  /** What the runs of the pair are judged by. */
  get pairScorings(): Record<'first' | 'second', Scoring> {
    const of = (run: number | undefined) => this.#comparison.scorings[run ?? 0] ?? this.#scoring
    return { first: of(this.#pair?.first), second: of(this.#pair?.second) }
  }

  get scoring(): Scoring {
    return this.#scoring
  }

  set scoring(scoring: Scoring) {
    this.#scoring = scoring
  }

  /** The pair looked at. */
  get pair() {
    return this.#pair
  }

  get pairIndex(): number {
    return this.#pairIndex
  }

  get filter(): FlipFilter {
    return this.#filter
  }

  /** All flipped items of the pair. */
  get flips(): readonly Flip[] {
    return this.#flips
  }

  /** Those that the filter lets through. */
  get matches(): readonly Flip[] {
    return this.#filtered.matches
  }

  get counts() {
    return this.#filtered.counts
  }

  /** The flipped item whose replies are shown; it stays open when a filter no longer lets it through. */
  get open(): Flip | null {
    return this.#flips.find(({ compared }) => compared === this.#open) ?? null
  }

  /** Its index in `matches`, or -1. */
  get openIndex(): number {
    return this.#openIndex
  }

  /** Reads and compares all runs, in slices. */
  async load(): Promise<void> {
    try {
      const table = new ItemTable(this.ids.length)
      const runs: ComparedRun[] = []
      const missing: RunId[] = []
      for (const [index, id] of this.ids.entries()) {
        const record = await this.#source.load(id)
        if (!record) {
          missing.push(id)
          continue
        }
        const { summary, answers } = record
        runs.push({ id, plan: summary.plan, engines: summary.engines, answered: answers.length })
        await inSlices(answers, (answer: Answer) => table.add(index, [answer]))
        this.#state = { kind: 'loading', read: index + 1 }
      }
      if (missing.length > 0) {
        this.#state = { kind: 'missing', ids: missing }
        return
      }
      const comparisons: Partial<Record<Scoring, Comparison>> = {}
      for (const scoring of scoringsOfAny(runs)) {
        comparisons[scoring] = await inSteps(comparisonSteps(table, runs, scoring))
      }
      if (!comparisons[this.#scoring]) this.#scoring = scoringsOfAny(runs)[0] ?? this.#scoring
      this.#state = { kind: 'ready', runs, table, comparisons }
    } catch (error) {
      this.#state = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  lookAt(pairIndex: number): void {
    this.#pairIndex = pairIndex
    this.#open = null
  }

  narrow(change: Partial<FlipFilter>): void {
    this.#filter = { ...this.#filter, ...change }
  }

  show(flip: Flip | null): void {
    this.#open = flip?.compared ?? null
  }

  /** Opens the match `steps` after the open one, if there is one. */
  move(steps: number): void {
    const next = this.#filtered.matches[this.#openIndex + steps]
    if (this.#openIndex >= 0 && next) this.#open = next.compared
  }

  /** The comparison as a file. Null unless the runs are loaded. */
  async exportFile(format: 'json' | 'csv'): Promise<File | null> {
    if (!this.#ready) return null
    const { table, comparisons } = this.#ready
    const runs = this.#ready.runs.map(({ plan, engines }) => ({ plan, engines }))
    const now = Date.now()
    const parts =
      format === 'json'
        ? comparisonJsonParts(comparisonExport(table, runs, comparisons, now))
        : comparisonCsvParts(table, runs)
    const type = format === 'json' ? 'application/json' : 'text/csv;charset=utf-8'
    return new File(await collect(parts), comparisonFileName(now, format), { type })
  }
}

function scoringsOfAny(runs: readonly RunConditions[]): Scoring[] {
  const had = runs.flatMap(({ plan }) => scoringsOf(plan.protocol))
  return SCORINGS.filter((scoring) => had.includes(scoring))
}

import type { ExportOptions } from '#core/export/run-export'
import { accuracyTable } from '#core/score/accuracy-table'
import { filterAnswers, NO_FILTER, prepareSearch, type AnswerFilter } from '#core/score/filter'
import { replySummary } from '#core/score/replies'
import { scoringsOf, type Scoring } from '#core/score/verdict'
import type { Answer, RunId } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import type { RunExportFormat } from './run-export-file'
import { breath } from './slices'

/** What a result asks of the runs. */
export interface ResultSource {
  load(runId: RunId): Promise<RunRecord | null>
  /** Null takes the doubt back; false when it cannot be stored. */
  flag(runId: RunId, position: number, note: string | null): Promise<boolean>
}

export type ResultState =
  | { kind: 'loading' }
  | { kind: 'missing' }
  | { kind: 'failed'; detail: string }
  | { kind: 'ready'; record: RunRecord }

/** Answers made ready for search between two breaths of the page: some 10 ms. */
const SEARCH_SLICE = 500

/** One run being looked at: its answers, the filters over them, and the answer that is open. */
export class ResultView {
  readonly runId: RunId
  readonly #source: ResultSource
  #state = $state.raw<ResultState>({ kind: 'loading' })
  #flags = $state.raw<Readonly<Record<number, string>>>({})
  #filter = $state.raw<AnswerFilter>(NO_FILTER)
  #openPosition = $state<number | null>(null)

  readonly #answers = $derived<readonly Answer[]>(
    this.#state.kind === 'ready' ? this.#state.record.answers : [],
  )
  readonly #accuracy = $derived(accuracyTable(this.#answers))
  readonly #replies = $derived(replySummary(this.#answers))
  readonly #filtered = $derived(
    filterAnswers(this.#answers, (position) => this.#flags[position] !== undefined, this.#filter),
  )
  readonly #openIndex = $derived(
    this.#filtered.matches.findIndex((match) => match.position === this.#openPosition),
  )

  constructor(source: ResultSource, runId: RunId) {
    this.#source = source
    this.runId = runId
  }

  get state() {
    return this.#state
  }

  /** The scorings that the run's protocol has, the one that stands for it first. */
  get scorings(): readonly Scoring[] {
    return this.#state.kind === 'ready' ? scoringsOf(this.#state.record.plan.protocol) : []
  }

  get answers() {
    return this.#answers
  }

  get accuracy() {
    return this.#accuracy
  }

  get replies() {
    return this.#replies
  }

  /** Notes on doubted keys, by position. */
  get flags() {
    return this.#flags
  }

  get filter() {
    return this.#filter
  }

  get matches(): readonly Answer[] {
    return this.#filtered.matches
  }

  get counts() {
    return this.#filtered.counts
  }

  /** The answer whose detail is shown; it stays open when a filter no longer lets it through. */
  get open(): Answer | null {
    return this.#answers.find((answer) => answer.position === this.#openPosition) ?? null
  }

  /** Its index in `matches`, or -1. */
  get openIndex() {
    return this.#openIndex
  }

  /** Reads the run anew; answers that came since appear, filters and the open answer stay. */
  async load(): Promise<void> {
    try {
      const record = await this.#source.load(this.runId)
      this.#flags = record?.summary.flags ?? {}
      this.#state = record ? { kind: 'ready', record } : { kind: 'missing' }
    } catch (error) {
      this.#state = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
    const answers = this.#answers
    for (let from = 0; from < answers.length; from += SEARCH_SLICE) {
      await breath()
      prepareSearch(answers.slice(from, from + SEARCH_SLICE))
    }
  }

  narrow(change: Partial<AnswerFilter>): void {
    this.#filter = { ...this.#filter, ...change }
  }

  /** Lets all answers through; how they are judged stays. */
  clearFilter(): void {
    this.#filter = { ...NO_FILTER, scoring: this.#filter.scoring }
  }

  show(position: number | null): void {
    this.#openPosition = position
  }

  /** Opens the match `steps` after the open one, if there is one. */
  move(steps: number): void {
    const next = this.#filtered.matches[this.#openIndex + steps]
    if (this.#openIndex >= 0 && next) this.#openPosition = next.position
  }

  /** Stores a doubt about an item's key, or takes it back (null). False when it could not be stored. */
  async flag(position: number, note: string | null): Promise<boolean> {
    if (!(await this.#source.flag(this.runId, position, note))) return false
    const others = Object.entries(this.#flags).filter(([key]) => Number(key) !== position)
    this.#flags = Object.fromEntries(note === null ? others : [...others, [position, note]])
    return true
  }

  /** The run as a file. Null unless the run is loaded. */
  async exportFile(format: RunExportFormat, options: ExportOptions): Promise<File | null> {
    if (this.#state.kind !== 'ready') return null
    const { summary, ...record } = this.#state.record
    const tables = { accuracy: this.#accuracy, replies: this.#replies }
    const run = { ...record, state: summary.state, tables, flags: this.#flags }
    const { runExportFile } = await import('./run-export-file')
    return runExportFile(run, format, options, Date.now())
  }
}

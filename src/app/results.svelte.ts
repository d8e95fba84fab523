import type { ExportOptions } from '#core/export/run-export'
import { AccuracyCount, accuracyOfTallies, accuracyTable } from '#core/score/accuracy-table'
import { AnswerIndex, filterAnswers, NO_FILTER, type AnswerFilter } from '#core/score/filter'
import { replySteps, type ReplySummary } from '#core/score/replies'
import { scoringsOf, type Scoring } from '#core/score/verdict'
import type { RunSamples } from '#core/run/samples'
import type { Answer, RunId } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import { LatestSteps } from './latest-steps.svelte'
import type { RunExportFormat } from './run-export-file'
import { inSteps } from './slices'

/** What a result asks of the runs. */
export interface ResultSource {
  /** `onPart` is told as the run is read; the lists of the record that it gets grow on. */
  load(runId: RunId, onPart?: (record: RunRecord) => void): Promise<RunRecord | null>
  /** By position. */
  allSamples(runId: RunId): Promise<RunSamples>
  /** Null takes the doubt back; false when it cannot be stored. */
  flag(runId: RunId, position: number, note: string | null): Promise<boolean>
}

export type ResultState =
  | { kind: 'loading' }
  | { kind: 'missing' }
  | { kind: 'failed'; detail: string }
  /** Until it is whole, the record has the first of its answers. */
  | { kind: 'ready'; record: RunRecord; isWhole: boolean }

/** Between two times that a run is shown further while it is being read, in ms. */
const SHOWN_INTERVAL_MS = 300

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
  #accuracy = $state.raw(accuracyTable([]))
  #replies = $state.raw<ReplySummary | null>(null)
  /** Of the answers that are shown. */
  #index = new AnswerIndex()
  readonly #filtered = new LatestSteps(filterAnswers([], () => false, NO_FILTER))
  readonly #openIndex = $derived(
    this.#filtered.value.matches.findIndex((match) => match.position === this.#openPosition),
  )
  /** Counts up with each reading, of which only the latest counts. */
  #reading = 0

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

  /** Whether `answers`, and every number, are those of the whole run as it was read last. */
  get isWhole(): boolean {
    return this.#state.kind === 'ready' && this.#state.isWhole
  }

  /** Whether filters are still being applied. */
  get isFiltering(): boolean {
    return this.#filtered.isBusy
  }

  get answers() {
    return this.#answers
  }

  /** Right at once, from the run's summary; random floors and disagreements are known when the run is whole. */
  get accuracy() {
    return this.#accuracy
  }

  /** Null until the run is whole. */
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
    return this.#filtered.value.matches
  }

  get counts() {
    return this.#filtered.value.counts
  }

  /** The answer whose detail is shown; it stays open when a filter no longer lets it through. */
  get open(): Answer | null {
    return this.#answers.find((answer) => answer.position === this.#openPosition) ?? null
  }

  /** Its index in `matches`, or -1. */
  get openIndex() {
    return this.#openIndex
  }

  /**
   * Reads the run anew; answers that came since appear, filters and the open answer stay. The first time, what has
   * been read is shown meanwhile.
   */
  async load(): Promise<void> {
    this.#reading += 1
    const reading = this.#reading
    const isFirst = this.#state.kind !== 'ready'
    const index = new AnswerIndex()
    const counted = new AccuracyCount()
    let taken = 0
    let shownAt = -Infinity
    const take = ({ answers }: RunRecord) => {
      const fresh = answers.slice(taken)
      taken = answers.length
      index.add(fresh)
      counted.add(fresh)
    }
    const onPart = (record: RunRecord) => {
      take(record)
      if (!isFirst || reading !== this.#reading || performance.now() - shownAt < SHOWN_INTERVAL_MS) return
      this.#accuracy = accuracyOfTallies(record.summary.tallies)
      this.#show({ ...record, answers: record.answers.slice() }, false, index)
      shownAt = performance.now()
    }
    try {
      const record = await this.#source.load(this.runId, onPart)
      if (record) take(record)
      const replies = await inSteps(replySteps(record?.answers ?? []))
      if (reading !== this.#reading) return
      if (!record) {
        this.#state = { kind: 'missing' }
        return
      }
      this.#accuracy = counted.table()
      this.#replies = replies
      this.#show(record, true, index)
    } catch (error) {
      if (reading !== this.#reading) return
      this.#state = { kind: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  #show(record: RunRecord, isWhole: boolean, index: AnswerIndex): void {
    this.#flags = record.summary.flags
    this.#state = { kind: 'ready', record, isWhole }
    this.#index = index
    this.#applyFilter()
  }

  #applyFilter(): void {
    const flags = this.#flags
    this.#filtered.run(this.#index.steps(this.#filter, (position) => flags[position] !== undefined))
  }

  narrow(change: Partial<AnswerFilter>): void {
    this.#filter = { ...this.#filter, ...change }
    this.#applyFilter()
  }

  /** Lets all answers through; how they are judged stays. */
  clearFilter(): void {
    this.narrow({ ...NO_FILTER, scoring: this.#filter.scoring })
  }

  show(position: number | null): void {
    this.#openPosition = position
  }

  /** Opens the match `steps` after the open one, if there is one. */
  move(steps: number): void {
    const next = this.#filtered.value.matches[this.#openIndex + steps]
    if (this.#openIndex >= 0 && next) this.#openPosition = next.position
  }

  /** Stores a doubt about an item's key, or takes it back (null). False when it could not be stored. */
  async flag(position: number, note: string | null): Promise<boolean> {
    if (!(await this.#source.flag(this.runId, position, note))) return false
    const others = Object.entries(this.#flags).filter(([key]) => Number(key) !== position)
    this.#flags = Object.fromEntries(note === null ? others : [...others, [position, note]])
    this.#applyFilter()
    return true
  }

  /** The run as a file. Null until the run is whole. */
  async exportFile(format: RunExportFormat, options: ExportOptions): Promise<File | null> {
    if (this.#state.kind !== 'ready' || !this.#state.isWhole || !this.#replies) return null
    const { summary, ...record } = this.#state.record
    const tables = { accuracy: this.#accuracy, replies: this.#replies }
    const samples = record.plan.strategy && (await this.#source.allSamples(this.runId))
    const run = {
      ...record,
      state: summary.state,
      tables,
      flags: this.#flags,
      ...(samples && { samples }),
    }
    const { runExportFile } = await import('./run-export-file')
    return runExportFile(run, format, options, Date.now())
  }
}

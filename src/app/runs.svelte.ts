import type { Engine } from '#core/engine'
import type { FoldedRun } from '#core/receipt/run-events'
import { failure, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import type { RunRequest } from '#core/run/plan'
import type { QuestionSamples, RunSamples } from '#core/run/samples'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '#core/run/sample'
import { isUnfinished, type RunSummary } from '#core/run/summary'
import type { RunEvent, RunId } from '#core/run/types'
import type { StepScores } from '#core/strategy/types'
import type { AdoptedRun } from '#data/db/adopt-run'
import type { RunDatabase, RunRecord } from '#data/db/runs'
import { randomId } from '#data/random-id'
import type { Release, RunLocks } from '#data/run-lock'
import { watchBackground } from './background-watch'
import { followMoment, newActiveRun, type ActiveRun } from './run-active'
import { answerStored, type AnsweringPorts } from './run-answering'
import type { RunLoopPorts, RunWish } from './run-loop'
import type { RunDatasets, RunModels } from './run-ports'
import type { RunProblem } from './run-problem'

export interface RunsOptions {
  database: RunDatabase
  locks: RunLocks
  datasets: RunDatasets
  models: RunModels
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  read: RunLoopPorts['read']
  appVersion: string
  /** Called when a run begins; the returned function when it ends. */
  keepAwake(): () => void
  now?: () => number
  newId?: () => RunId
}

/** A removed run can be brought back for a day, so that no undo runs out while someone reads. */
const UNDO_MS = 24 * 60 * 60 * 1000

/** All runs, and the one that this tab answers. */
export class Runs {
  #summaries = $state.raw<readonly RunSummary[]>([])
  #elsewhere = $state.raw<readonly RunId[]>([])
  #active = $state.raw<ActiveRun | null>(null)
  #problem = $state.raw<RunProblem | null>(null)
  #lastEnded = $state.raw<RunId | null>(null)
  #control: AbortController | undefined
  readonly #options: RunsOptions
  readonly #now: () => number
  readonly #newId: () => RunId
  readonly #wasHidden = watchBackground(document)

  constructor(options: RunsOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#newId = options.newId ?? (() => randomId() as RunId)
  }

  /** Newest first. */
  get summaries(): readonly RunSummary[] {
    return this.#summaries
  }

  get active(): ActiveRun | null {
    return this.#active
  }

  get busy(): boolean {
    return this.#active !== null
  }

  /** Why the last run could not start or go on. */
  get problem(): RunProblem | null {
    return this.#problem
  }

  /** The run that was last finished or stopped in this tab. */
  get lastEnded(): RunSummary | undefined {
    return this.#summaries.find((run) => run.id === this.#lastEnded)
  }

  get unfinished(): readonly RunSummary[] {
    return this.#summaries.filter(isUnfinished)
  }

  summary(runId: RunId): RunSummary | undefined {
    return this.#summaries.find((run) => run.id === runId)
  }

  /** Whether another tab answers this run now, as far as this tab knows. */
  isElsewhere(runId: RunId): boolean {
    return this.#active?.id !== runId && this.#elsewhere.includes(runId)
  }

  /** Reads what is stored and what other tabs are doing; old removals are made final. */
  async restore(): Promise<void> {
    await this.#options.database.purge(this.#now() - UNDO_MS)
    await this.refresh()
  }

  async refresh(): Promise<void> {
    const { database, locks } = this.#options
    const [summaries, held] = await Promise.all([database.list(), locks.heldRuns()])
    this.#summaries = summaries
    this.#elsewhere = held
  }

  /** Creates the run and answers it; resolves when it is finished, stopped, paused or cannot go on. */
  start(request: RunRequest): Promise<Result<RunSummary, RunProblem>> {
    return this.#hold(this.#newId(), (runId, signal) => this.#startNew(runId, request, signal))
  }

  /** The whole demonstration: built-in model, built-in benchmark, every item, official decoding. */
  startDemo(): Promise<Result<RunSummary, RunProblem>> {
    return this.#hold(this.#newId(), async (runId, signal) => {
      const installed = await this.#options.datasets.installBuiltIn()
      if (!installed.ok) return failure({ kind: 'dataset-failed', failure: installed.failure })
      const dataset = installed.value
      const model = this.#options.models.builtIn()
      const selection = {
        languages: LANGUAGE_ORDER,
        levels: LEVEL_ORDER,
        sampleSize: null,
        seed: 0,
        design: 'proportional',
      } as const
      const { PLAIN_REQUEST } = await import('#core/run/plan')
      return this.#startNew(runId, { ...PLAIN_REQUEST, model, dataset, selection }, signal)
    })
  }

  /** Goes on at the next unanswered question; resolves as `start` does. */
  resume(runId: RunId): Promise<Result<RunSummary, RunProblem>> {
    return this.#hold(runId, (_same, signal) => this.#answer(runId, signal))
  }

  pause(): void {
    this.#end('pause')
  }

  /** Ends the run for good, wherever it stands; its answers stay as a partial result. */
  async stop(runId: RunId): Promise<void> {
    if (this.#active?.id === runId) return this.#end('stop')
    const stopped = await this.#append(runId, { kind: 'stopped', at: this.#now(), reason: 'user' })
    if (!stopped.ok) this.#fail({ kind: 'log-failed', failure: stopped.failure })
  }

  dismissProblem(): void {
    this.#problem = null
  }

  load(runId: RunId, onPart?: (record: RunRecord) => void): Promise<RunRecord | null> {
    return this.#options.database.load(runId, onPart)
  }

  /** The samples of one question, and what other scorers said of them later. */
  samples(runId: RunId, position: number): Promise<QuestionSamples> {
    return this.#options.database.samples(runId, position)
  }

  /** By position; `onPart` is told how many of the run's events have been looked at. */
  allSamples(runId: RunId, onPart?: (read: number) => void): Promise<RunSamples> {
    return this.#options.database.allSamples(runId, onPart)
  }

  /** Stores what another scorer says of a stored sample's steps. It may come after the run's end. */
  score(
    runId: RunId,
    position: number,
    sample: number,
    scores: StepScores,
  ): Promise<Result<RunSummary, LogFailure>> {
    return this.#append(runId, { kind: 'scored', at: this.#now(), position, sample, scores })
  }

  /** Marks the key of an answered item as doubtful; null takes the mark away. False when it was not stored. */
  async flag(runId: RunId, position: number, note: string | null): Promise<boolean> {
    const flagged = await this.#append(runId, { kind: 'flagged', at: this.#now(), position, note })
    return flagged.ok
  }

  /** Stores a run that was made elsewhere, or put together from parts; an equal one that is here stays. */
  async adopt(run: FoldedRun): Promise<Result<AdoptedRun, LogFailure>> {
    const stored = await this.#options.database.adopt(run)
    if (stored.ok) this.#believe(stored.value.summary)
    return stored
  }

  /** Removes a run that this tab is not answering; the returned function brings it back. */
  async remove(runId: RunId): Promise<() => Promise<void>> {
    await this.#options.database.remove(runId, this.#now())
    await this.refresh()
    return async () => {
      await this.#options.database.restore(runId)
      await this.refresh()
    }
  }

  /** Does `work` as this tab's only run, with the locks that keep other tabs from it. */
  async #hold(
    runId: RunId,
    work: (runId: RunId, signal: AbortSignal) => Promise<Result<RunSummary, RunProblem>>,
  ): Promise<Result<RunSummary, RunProblem>> {
    if (this.#active) return this.#fail({ kind: 'busy', holder: 'this-tab' })
    // Taken before the first wait, so that a second click cannot start a second loop.
    this.#active = newActiveRun(runId)
    this.#control = new AbortController()
    const sleepAgain = this.#options.keepAwake()
    let release: Release | undefined
    try {
      const lock = await this.#options.locks.acquire(runId)
      if (lock.kind === 'busy') return this.#fail({ kind: 'busy', holder: lock.holder })
      release = lock.release
      await this.#makeRoom()
      const ended = await work(runId, this.#control.signal)
      if (!ended.ok) return this.#fail(ended.failure)
      if (!isUnfinished(ended.value)) this.#lastEnded = runId
      return ended
    } finally {
      await release?.()
      sleepAgain()
      this.#active = null
      this.#control = undefined
      await this.refresh()
    }
  }

  async #startNew(
    runId: RunId,
    request: RunRequest,
    signal: AbortSignal,
  ): Promise<Result<RunSummary, RunProblem>> {
    const { newPlan } = await import('./new-plan')
    const { appVersion, datasets } = this.#options
    const made = await newPlan(request, datasets, { id: runId, at: this.#now(), appVersion })
    if (!made.ok) return made
    const plan = made.value
    const created = await this.#append(plan.id, { kind: 'created', at: plan.createdAt, plan })
    return created.ok
      ? this.#answer(runId, signal)
      : failure({ kind: 'log-failed', failure: created.failure })
  }

  #answer(runId: RunId, signal: AbortSignal): Promise<Result<RunSummary, RunProblem>> {
    const ports: AnsweringPorts = {
      ...this.#options,
      append: (id, event) => this.#append(id, event),
      now: this.#now,
      hidden: this.#wasHidden,
      onLoading: () => (this.#active = { ...newActiveRun(runId), phase: 'loading-model' }),
      show: (moment) => {
        if (moment.kind === 'stored') this.#believe(moment.summary)
        if (this.#active) this.#active = followMoment(this.#active, moment)
      },
    }
    return answerStored(runId, ports, signal)
  }

  #end(wish: RunWish): void {
    if (this.#active) this.#active = { ...this.#active, phase: 'ending' }
    this.#control?.abort(wish)
  }

  /** The disk was full: what was removed and could still be brought back gives way to answers. */
  async #makeRoom(): Promise<void> {
    const problem = this.#problem
    this.#problem = null
    if (problem?.kind === 'log-failed' && problem.failure.kind === 'storage-full') {
      await this.#options.database.purge(Infinity)
    }
  }

  async #append(runId: RunId, event: RunEvent) {
    const stored = await this.#options.database.append(runId, event)
    if (stored.ok) this.#believe(stored.value)
    return stored
  }

  #believe(summary: RunSummary): void {
    const others = this.#summaries.filter((run) => run.id !== summary.id)
    this.#summaries = [...others, summary].sort((a, b) => b.plan.createdAt - a.plan.createdAt)
  }

  #fail(problem: RunProblem) {
    this.#problem = problem
    return failure(problem)
  }
}

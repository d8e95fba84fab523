import { modelKey, type ComparedModel } from '#core/chat/comparison'
import type { Engine, EngineDescription, EngineResult } from '#core/engine'
import { foldExperts, nextStage, reduceExperts, type ExpertsState } from '#core/experts/state'
import type { ExpertsEvent, ExpertsPause, ExpertsPlan } from '#core/experts/types'
import { failure, success, type Result } from '#core/result'
import type { RunId } from '#core/run/types'
import type { StudyFailure } from '#core/study/log'
import type { StudyId, StudyRecord } from '#core/study/types'
import type { RunLocks } from '#data/run-lock'
import type { Models } from './models.svelte'
import { runExperts, type ExpertsMoment, type ExpertsProblem } from './run-experts'
import type { Studies } from './studies.svelte'
import { pauseReason } from './turn-loop'

export interface ExpertsPorts {
  studies: Studies<ExpertsEvent>
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  models: Pick<Models, 'load' | 'loaded'>
  /** Whether a conversation, a run or another page is using the engine. */
  isEngineTaken: () => boolean
  /** Whether a benchmark is measured: its model and its times must stay its own. */
  isMeasuring: () => boolean
  locks: Pick<RunLocks, 'acquireAlone'>
  /** Milliseconds since 1970. */
  now: () => number
}

/** The study on the screen. */
export interface OpenStudy {
  id: StudyId
  state: ExpertsState
}

/** Of the study that goes on; its state is stored after every stage. */
export interface ExpertsProgress {
  id: StudyId
  moment: ExpertsMoment | null
}

/** Why a study does not go on. `busy`: another tab goes on with it. */
export type ExpertsObstacle = ExpertsProblem | { kind: 'busy' }

/** Studies of two experts. One goes on at a time. */
export class Experts {
  readonly studies: Studies<ExpertsEvent>
  readonly #ports: ExpertsPorts
  #open = $state.raw<OpenStudy | null>(null)
  #progress = $state.raw<ExpertsProgress | null>(null)
  #problem = $state.raw<{ id: StudyId; problem: ExpertsObstacle } | null>(null)
  /** What was sent here from a conversation, until a form takes it. */
  #suggested: string | null = null
  #abort = new AbortController()
  #ended: Promise<void> = Promise.resolve()

  constructor(ports: ExpertsPorts) {
    this.#ports = ports
    this.studies = ports.studies
  }

  /** What is shown of the study `id`; null while it is read, and where there is none. */
  state(id: string): ExpertsState | null {
    return this.#open?.id === id ? this.#open.state : null
  }

  get progress(): ExpertsProgress | null {
    return this.#progress
  }

  get busy(): boolean {
    return this.#progress !== null
  }

  /** The engine answers elsewhere in this app; no study can go on. */
  get isEngineTaken(): boolean {
    return this.#ports.isEngineTaken()
  }

  problemOf(id: string): ExpertsObstacle | null {
    return this.#problem?.id === id ? this.#problem.problem : null
  }

  /** Gives the next form its question. */
  suggest(question: string): void {
    this.#suggested = question
  }

  /** What was suggested last; once. */
  takeSuggested(): string | null {
    const suggested = this.#suggested
    this.#suggested = null
    return suggested
  }

  /** Reads a study for the screen; false where there is none, or none that can be read. */
  async open(id: StudyId): Promise<boolean> {
    if (this.#open?.id === id && this.#progress?.id === id) return true
    const loaded = await this.studies.load(id)
    const state = loaded && foldExperts(loaded.events)
    if (state) this.#open = { id, state }
    return state !== null
  }

  /** Stores a new study and begins to ask. */
  async start(plan: ExpertsPlan, name: string): Promise<Result<StudyRecord, StudyFailure> | null> {
    if (this.busy || this.isEngineTaken) return null
    const created = await this.studies.create(name, { kind: 'created', at: this.#ports.now(), plan })
    if (!created.ok) return created
    void this.resume(created.value.id)
    return created
  }

  /** Goes on where the study stands. */
  resume(id: StudyId): Promise<void> {
    return this.#begin(id, { closes: false })
  }

  stop(): void {
    this.#abort.abort()
  }

  /** No further round: the account is written from what there is. */
  async finish(id: StudyId): Promise<void> {
    if (this.#progress?.id === id) {
      this.stop()
      await this.#ended
    }
    await this.#begin(id, { closes: true })
  }

  async #begin(id: StudyId, wish: { closes: boolean }): Promise<void> {
    if (this.busy || this.isEngineTaken) return
    this.#abort = new AbortController()
    this.#problem = null
    this.#progress = { id, moment: null }
    this.#ended = this.#run(id, wish, this.#abort.signal)
    await this.#ended
  }

  async #run(id: StudyId, wish: { closes: boolean }, signal: AbortSignal): Promise<void> {
    const release = await this.#ports.locks.acquireAlone(id as string as RunId)
    void this.studies.workChanged()
    try {
      const problem: ExpertsObstacle | null = release ? await this.#loop(id, wish, signal) : { kind: 'busy' }
      this.#problem = problem && { id, problem }
    } finally {
      await release?.()
      this.#progress = null
      await this.studies.workChanged()
    }
  }

  async #loop(
    id: StudyId,
    { closes }: { closes: boolean },
    signal: AbortSignal,
  ): Promise<ExpertsProblem | null> {
    const { engine, now } = this.#ports
    // As it is stored, whatever this page remembers: another tab may have gone on with it.
    const loaded = await this.studies.load(id)
    let state = loaded && foldExperts(loaded.events)
    if (!loaded || !state) return { kind: 'storage', failure: { kind: 'study-gone' } }
    let events = loaded.record.events
    this.#show(id, state)
    const store = async (event: ExpertsEvent) => {
      const stored = await this.#append(id, state, events, event)
      if (!stored.ok) return stored
      state = stored.value
      events += 1
      return stored
    }
    if (closes && !state.closed && nextStage(state)) {
      const stored = await store({ kind: 'closed', at: now() })
      if (!stored.ok) return { kind: 'storage', failure: stored.failure }
    }
    const problem = await runExperts(
      state,
      {
        engine,
        now,
        load: (model, either) => this.#load(model, either),
        store: (stage) => store({ kind: 'stage', at: now(), stage }),
        show: (moment) => (this.#progress = { id, moment }),
      },
      signal,
    )
    const next = nextStage(state)
    if (!next || problem?.kind === 'storage' || !(problem || signal.aborted)) return problem
    const pause: ExpertsPause = problem
      ? { role: problem.role, reason: pauseReason(problem.failure), failure: problem.failure }
      : { role: next.role, reason: 'user', failure: null }
    const stored = await store({ kind: 'paused', at: now(), ...pause })
    return stored.ok ? problem : { kind: 'storage', failure: stored.failure }
  }

  /** Stored before it is believed. */
  async #append(
    id: StudyId,
    state: ExpertsState | null,
    number: number,
    event: ExpertsEvent,
  ): Promise<Result<ExpertsState, StudyFailure>> {
    const next = reduceExperts(state, event)
    if (!next.ok) return failure({ kind: 'out-of-step' })
    const stored = await this.studies.append(id, number, event)
    if (!stored.ok) return stored
    this.#show(id, next.value)
    return next
  }

  /** The screen follows, unless it shows another study. */
  #show(id: StudyId, state: ExpertsState): void {
    if (this.#open === null || this.#open.id === id) this.#open = { id, state }
  }

  async #load(model: ComparedModel, signal: AbortSignal): Promise<EngineResult<EngineDescription>> {
    const { models, isMeasuring } = this.#ports
    // Begun on another page meanwhile; the study can go on after it.
    if (isMeasuring()) return failure({ kind: 'aborted' })
    const { loaded } = models
    const held = loaded && modelKey({ modelId: loaded.model.id, variantId: loaded.variant.id })
    if (loaded && held === modelKey(model)) return success(loaded.description)
    return models.load({ modelId: model.modelId, variantId: model.variantId }, signal)
  }
}

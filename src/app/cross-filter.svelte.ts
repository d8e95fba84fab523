import { modelKey, type ComparedModel } from '#core/chat/comparison'
import { promptSource } from '#core/cross-filter/prompts'
import type { PairImport } from '#core/cross-filter/pair-collector'
import type { FilterReport } from '#core/cross-filter/report'
import type { FilterState } from '#core/cross-filter/state'
import type { ExportedPart } from '#core/cross-filter/export'
import type { FilterEvent, FilterPlan, FilterRule, Role, SourcePair } from '#core/cross-filter/types'
import type { ImportFailure } from '#core/dataset/failure'
import { success, type Result } from '#core/result'
import type { RunId } from '#core/run/types'
import type { StudyFailure } from '#core/study/log'
import type { StudyId } from '#core/study/types'
import type { RunLocks } from '#data/run-lock'
import { sha256OfText } from '#data/sha256'
import type { StartImport } from './dataset-importer'
import { workOnFilter, type FilterLoopPorts, type FilterProblem } from './filter-loop'
import { FilterSession } from './filter-session.svelte'
import type { Models } from './models.svelte'
import { collect, inSteps } from './slices'
import type { Studies } from './studies.svelte'

export interface CrossFilterPorts {
  studies: Studies<FilterEvent>
  engine: FilterLoopPorts['engine']
  models: Pick<Models, 'load' | 'loaded'>
  locks: Pick<RunLocks, 'acquire'>
  startImport: StartImport
  /** Whether a conversation, a run or other work is using the engine. */
  isEngineTaken: () => boolean
  keepAwake: () => () => void
  now: () => number
  appVersion: string
}

export interface ActiveFilter {
  session: FilterSession
  /** Null until it is known whose turn it is. */
  role: Role | null
  phase: 'preparing' | 'loading' | 'working' | 'ending'
}

export type NewFilter = Omit<FilterPlan, 'appVersion' | 'promptSha256'> & {
  pairs: SourcePair[]
  name: string
  /** Null for one judge. */
  secondJudge: ComparedModel | null
}

/** Filters of question-answer pairs: one is worked on at a time, any can be looked at. */
export class CrossFilter {
  readonly #ports: CrossFilterPorts
  #active = $state.raw<ActiveFilter | null>(null)
  #problem = $state.raw<{ id: StudyId; problem: FilterProblem } | null>(null)
  #control: AbortController | undefined

  constructor(ports: CrossFilterPorts) {
    this.#ports = ports
  }

  get studies(): Studies<FilterEvent> {
    return this.#ports.studies
  }

  get active(): ActiveFilter | null {
    return this.#active
  }

  get busy(): boolean {
    return this.#active !== null
  }

  /** The engine answers elsewhere in this app; no filter can go on. */
  get isEngineTaken(): boolean {
    return !this.busy && this.#ports.isEngineTaken()
  }

  problemOf(id: StudyId): FilterProblem | null {
    return this.#problem?.id === id ? this.#problem.problem : null
  }

  /** Reads questions and answers from files; nothing is stored. */
  async readFiles(files: readonly File[]): Promise<Result<PairImport, ImportFailure[]>> {
    const reader = this.#ports.startImport()
    try {
      return await reader.readPairs(files)
    } finally {
      reader.end()
    }
  }

  /** Stores a new filter; it begins with `resume`. */
  async create({ pairs, name, secondJudge, ...plan }: NewFilter): Promise<Result<StudyId, StudyFailure>> {
    const { studies, now, appVersion } = this.#ports
    const promptSha256 = await sha256OfText(promptSource(plan.prompts))
    const at = now()
    const first: FilterEvent = { kind: 'created', at, plan: { ...plan, appVersion, promptSha256 }, pairs }
    const created = await studies.create(name, first)
    if (!created.ok) return created
    const { id } = created.value
    if (secondJudge) {
      const added = await studies.append(id, 1, { kind: 'judge-added', at, judge: secondJudge })
      if (!added.ok) return added
    }
    return success(id)
  }

  /** The filter as it is stored, or as it is being worked on. */
  open(id: StudyId): Promise<FilterSession | 'damaged' | null> {
    const { active } = this
    if (active?.session.id === id) return Promise.resolve(active.session)
    return FilterSession.open(this.#ports.studies, id)
  }

  /** Works until nothing is left, `stop`, or something is in the way; see `problemOf`. */
  async resume(session: FilterSession): Promise<void> {
    if (this.busy || this.isEngineTaken) return
    this.#active = { session, role: null, phase: 'preparing' }
    this.#problem = null
    this.#control = new AbortController()
    const { signal } = this.#control
    const sleepAgain = this.#ports.keepAwake()
    try {
      const problem = await this.#work(session, signal)
      this.#problem = problem && { id: session.id, problem }
    } finally {
      sleepAgain()
      session.refresh()
      this.#active = null
    }
  }

  stop(): void {
    if (this.#active) this.#active = { ...this.#active, phase: 'ending' }
    this.#control?.abort()
  }

  addJudge(session: FilterSession, judge: ComparedModel): Promise<Result<void, StudyFailure>> {
    return session.append({ kind: 'judge-added', at: this.#ports.now(), judge })
  }

  setRule(session: FilterSession, rule: FilterRule): Promise<Result<void, StudyFailure>> {
    return session.append({ kind: 'ruled', at: this.#ports.now(), rule })
  }

  async report(state: FilterState): Promise<FilterReport> {
    const { reportSteps } = await import('#core/cross-filter/report')
    return inSteps(reportSteps(state))
  }

  /** Pairs with their scores; `notice` says what they are not. */
  async exportFile(
    state: FilterState,
    part: ExportedPart,
    format: 'jsonl' | 'csv',
    notice: string,
  ): Promise<File> {
    const files = await import('#core/cross-filter/export')
    const pairs = files.exportedPairs(state, part, notice)
    const parts = format === 'jsonl' ? files.jsonlParts(pairs) : files.pairCsvParts(pairs)
    const type = format === 'jsonl' ? 'application/jsonl' : 'text/csv;charset=utf-8'
    return new File(await collect(parts), files.filterFileName(part, this.#ports.now(), format), { type })
  }

  async #work(session: FilterSession, signal: AbortSignal): Promise<FilterProblem | null> {
    const { engine, locks, now } = this.#ports
    const lock = await locks.acquire(session.id as string as RunId)
    if (lock.kind === 'busy') return { kind: 'busy', holder: lock.holder }
    try {
      const ports: FilterLoopPorts = {
        ...{ engine, now },
        load: (model, signal) => this.#load(model, signal),
        show: (role, phase) => {
          // A stop that was asked for stays visible until it has happened.
          if (this.#active && this.#active.phase !== 'ending') this.#active = { session, role, phase }
        },
      }
      return await workOnFilter(session, ports, signal)
    } finally {
      await lock.release()
    }
  }

  async #load(model: ComparedModel, signal: AbortSignal) {
    const { models } = this.#ports
    const { loaded } = models
    const held = loaded && modelKey({ modelId: loaded.model.id, variantId: loaded.variant.id })
    if (loaded && held === modelKey(model)) return success(loaded.description)
    return models.load({ modelId: model.modelId, variantId: model.variantId }, signal)
  }
}

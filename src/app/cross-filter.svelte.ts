import type { ComparedModel } from '#core/chat/comparison'
import { promptSource } from '#core/cross-filter/prompts'
import type { PairImport } from '#core/cross-filter/pair-collector'
import type { FilterReport } from '#core/cross-filter/report'
import type { FilterState } from '#core/cross-filter/state'
import type { ExportedPart } from '#core/cross-filter/export'
import type { FilterEvent, FilterPlan, FilterRule, SourcePair } from '#core/cross-filter/types'
import type { ImportFailure } from '#core/dataset/failure'
import { success, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { StudyId } from '#core/study/types'
import { sha256OfText } from '#data/sha256'
import type { StartImport } from './dataset-importer'
import { FILTER_TURNS } from './filter-loop'
import { openFilterSession, type FilterSession } from './filter-session'
import { collect, inSteps } from './slices'
import type { Studies } from './studies.svelte'
import { TurnWork, type TurnWorkPorts } from './turn-work.svelte'

export interface CrossFilterPorts extends TurnWorkPorts {
  studies: Studies<FilterEvent>
  startImport: StartImport
  appVersion: string
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
  readonly #work
  /** The one that is worked on, or was last. */
  #session: FilterSession | null = null

  constructor(ports: CrossFilterPorts) {
    this.#ports = ports
    this.#work = new TurnWork(FILTER_TURNS, ports)
  }

  get studies(): Studies<FilterEvent> {
    return this.#ports.studies
  }

  get active() {
    return this.#work.active
  }

  get busy(): boolean {
    return this.#work.busy
  }

  get isEngineTaken(): boolean {
    return this.#work.isEngineTaken
  }

  problemOf(id: StudyId) {
    return this.#work.problemOf(id)
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
    if (this.active?.id === id && this.#session) return Promise.resolve(this.#session)
    return openFilterSession(this.#ports.studies, id)
  }

  /** Works until nothing is left, `stop`, or something is in the way; see `problemOf`. */
  resume(session: FilterSession): Promise<void> {
    if (!this.busy) this.#session = session
    return this.#work.resume(session)
  }

  stop(): void {
    this.#work.stop()
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
}

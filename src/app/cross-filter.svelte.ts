import type { ComparedModel } from '#core/chat/comparison'
import { promptSource } from '#core/cross-filter/prompts'
import type { FilterReport } from '#core/cross-filter/report'
import { FilterFold, type FilterState, type SameModel } from '#core/cross-filter/state'
import type { ExportedPart } from '#core/cross-filter/export'
import type { FilterEvent, FilterPlan, FilterRule, Role, SourcePair } from '#core/cross-filter/types'
import { success, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { StudyId } from '#core/study/types'
import { sha256OfText } from '#data/sha256'
import { FILTER_TURNS } from './filter-turns'
import { collect, inSteps } from './slices'
import type { StudySession } from './study-session.svelte'
import { TurnStudies, type TurnStudiesPorts } from './turn-studies.svelte'
import { TurnWork } from './turn-work.svelte'

export type CrossFilterPorts = TurnStudiesPorts<FilterEvent>

/** One filter as far as it is stored. */
export type FilterSession = StudySession<FilterEvent, FilterState>

export type NewFilter = Omit<FilterPlan, 'appVersion' | 'promptSha256'> & {
  pairs: SourcePair[]
  name: string
  /** Null for one judge. */
  secondJudge: ComparedModel | null
}

/** Filters of question-answer pairs. */
export class CrossFilter extends TurnStudies<FilterEvent, FilterState, Role, SameModel> {
  readonly #ports: CrossFilterPorts

  constructor(ports: CrossFilterPorts) {
    super(ports, {
      work: new TurnWork(FILTER_TURNS, ports),
      newFold: () => new FilterFold(),
      isRepeated: ({ kind }) => kind === 'scored' || kind === 'answered',
    })
    this.#ports = ports
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

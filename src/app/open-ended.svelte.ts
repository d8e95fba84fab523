import { leftAuthor } from '#core/open-ended/blind'
import { openCsv, openFileName, openJson, verdictReport, type OpenReport } from '#core/open-ended/export'
import { comparisonSource } from '#core/open-ended/prompts'
import { raterSteps } from '#core/open-ended/raters'
import {
  mergeRatings,
  ratedSource,
  ratingsFile,
  type Merge,
  type MergeFailure,
} from '#core/open-ended/ratings-file'
import { countSteps, similaritySteps } from '#core/open-ended/similarity'
import { OpenFold, type OpenState, type OpenWeightsRefusal } from '#core/open-ended/state'
import type {
  OpenEvent,
  OpenPlan,
  OpenRole,
  PerAuthor,
  Grades,
  ReferenceQuestion,
} from '#core/open-ended/types'
import { success, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { StudyId } from '#core/study/types'
import { sha256OfText } from '#data/sha256'
import { OPEN_TURNS } from './open-ended-turns'
import { collect, inSteps } from './slices'
import type { StudySession } from './study-session.svelte'
import { TurnStudies, type TurnStudiesPorts } from './turn-studies.svelte'
import { TurnWork } from './turn-work.svelte'

export interface OpenEndedPorts extends TurnStudiesPorts<OpenEvent> {
  newRater: () => string
}

export type OpenSession = StudySession<OpenEvent, OpenState>

export type NewEvaluation = Omit<OpenPlan, 'appVersion' | 'promptSha256'> & {
  pairs: ReferenceQuestion[]
  name: string
}

/** Open-ended evaluations; each can also be rated. */
export class OpenEnded extends TurnStudies<OpenEvent, OpenState, OpenRole, OpenWeightsRefusal> {
  readonly #ports: OpenEndedPorts

  constructor(ports: OpenEndedPorts) {
    super(ports, {
      work: new TurnWork(OPEN_TURNS, ports),
      newFold: () => new OpenFold(),
      isRepeated: ({ kind }) => kind === 'answered' || kind === 'compared',
    })
    this.#ports = ports
  }

  /** Stores a new evaluation; it begins with `resume`. */
  async create({ pairs, name, ...plan }: NewEvaluation): Promise<Result<StudyId, StudyFailure>> {
    const { studies, now, appVersion } = this.#ports
    const promptSha256 = await sha256OfText(comparisonSource(plan.prompts))
    const made = { ...plan, appVersion, promptSha256 }
    const created = await studies.create(name, { kind: 'created', at: now(), plan: made, pairs })
    return created.ok ? success(created.value.id) : created
  }

  /** Adds a rater; gives the id. An empty name is none. */
  async join(session: OpenSession, name: string): Promise<Result<string, StudyFailure>> {
    const rater = this.#ports.newRater()
    const added = await session.append({
      ...{ kind: 'rater-joined', at: this.#ports.now() },
      ...{ rater, name: name.trim() },
    })
    return added.ok ? success(rater) : added
  }

  /** `grades`: of the left and of the right answer. */
  rate(
    session: OpenSession,
    rater: string,
    pair: number,
    [leftGrades, rightGrades]: PerAuthor<Grades>,
  ): Promise<Result<void, StudyFailure>> {
    const left = leftAuthor(session.state.plan.seed, rater, pair)
    const grades: PerAuthor<Grades> = left === 0 ? [leftGrades, rightGrades] : [rightGrades, leftGrades]
    return session.append({ kind: 'rated', at: this.#ports.now(), rater, pair, left, grades })
  }

  async report(state: OpenState): Promise<OpenReport> {
    const similarity = await inSteps(similaritySteps(state))
    return { similarity, verdicts: verdictReport(state), raters: await inSteps(raterSteps(state)) }
  }

  /** Stores what another browser's raters said. */
  async merge(session: OpenSession, file: File): Promise<Result<Merge, MergeFailure | StudyFailure>> {
    const study = await sha256OfText(ratedSource(session.state))
    const merged = mergeRatings(session.state, study, await file.text())
    if (!merged.ok) return merged
    for (const event of merged.value.events) {
      const added = await session.append(event)
      if (!added.ok) return added
    }
    return merged
  }

  async ratingsFile(state: OpenState, notice: string): Promise<File> {
    const study = await sha256OfText(ratedSource(state))
    const text = `${JSON.stringify(ratingsFile(state, study, notice))}\n`
    return this.#file([text], 'ratings', 'json')
  }

  /** Of what is stored at this moment; null where the evaluation is gone. */
  async jsonFile(session: OpenSession, notice: string): Promise<File | null> {
    const loaded = await this.#ports.studies.load(session.id)
    if (!loaded) return null
    const { state } = session
    return this.#file([openJson(loaded.events, state, await this.report(state), notice)], 'all', 'json')
  }

  async csvFile(state: OpenState, notice: string): Promise<File> {
    const counts = await inSteps(countSteps(state))
    return this.#file(await collect(openCsv(state, counts, notice)), 'answers', 'csv')
  }

  #file(parts: string[], part: 'all' | 'answers' | 'ratings', ending: 'json' | 'csv'): File {
    const type = ending === 'json' ? 'application/json' : 'text/csv;charset=utf-8'
    return new File(parts, openFileName(part, this.#ports.now(), ending), { type })
  }
}

import type { PairImport } from '#core/cross-filter/pair-collector'
import type { ImportFailure } from '#core/dataset/failure'
import type { Result } from '#core/result'
import type { StudyEvent, StudyId } from '#core/study/types'
import type { StartImport } from './dataset-importer'
import type { Studies } from './studies.svelte'
import { StudySession, type Repeated, type StudyFold } from './study-session.svelte'
import type { TurnProblem } from './turn-loop'
import type { ActiveTurn, TurnWorkPorts } from './turn-work.svelte'

export interface TurnStudiesPorts<Event extends StudyEvent> extends TurnWorkPorts {
  studies: Studies<Event>
  startImport: StartImport
  appVersion: string
}

/** The work on one study of a kind at a time; see `TurnWork`. */
export interface StudyWork<Session, Role, Refusal> {
  readonly active: ActiveTurn<Role> | null
  readonly busy: boolean
  readonly isEngineTaken: boolean
  problemOf(id: StudyId): TurnProblem<Refusal> | null
  resume(session: Session): Promise<void>
  stop(): void
}

/** What differs between the kinds of studies that models do by turns. */
export interface TurnStudyKind<Event extends StudyEvent, State extends object, Role, Refusal> {
  work: StudyWork<StudySession<Event, State>, Role, Refusal>
  newFold: () => StudyFold<Event, State>
  isRepeated: Repeated<Event>
}

/** Studies that models do by turns: one is worked on at a time, any can be looked at. */
export class TurnStudies<Event extends StudyEvent, State extends object, Role, Refusal> {
  readonly studies: Studies<Event>
  readonly #startImport: StartImport
  readonly #kind: TurnStudyKind<Event, State, Role, Refusal>
  /** The one that is worked on, or was last. */
  #session: StudySession<Event, State> | null = null

  constructor(
    { studies, startImport }: Pick<TurnStudiesPorts<Event>, 'studies' | 'startImport'>,
    kind: TurnStudyKind<Event, State, Role, Refusal>,
  ) {
    this.studies = studies
    this.#startImport = startImport
    this.#kind = kind
  }

  get active(): ActiveTurn<Role> | null {
    return this.#kind.work.active
  }

  get busy(): boolean {
    return this.#kind.work.busy
  }

  /** The engine answers elsewhere in this app; nothing can go on. */
  get isEngineTaken(): boolean {
    return this.#kind.work.isEngineTaken
  }

  problemOf(id: StudyId): TurnProblem<Refusal> | null {
    return this.#kind.work.problemOf(id)
  }

  /** Reads questions and answers from files; nothing is stored. */
  async readFiles(files: readonly File[]): Promise<Result<PairImport, ImportFailure[]>> {
    const reader = this.#startImport()
    try {
      return await reader.readPairs(files)
    } finally {
      reader.end()
    }
  }

  /** The study as it is stored, or as it is being worked on. */
  open(id: StudyId): Promise<StudySession<Event, State> | 'damaged' | null> {
    if (this.active?.id === id && this.#session) return Promise.resolve(this.#session)
    return StudySession.open(this.studies, id, this.#kind.newFold(), this.#kind.isRepeated)
  }

  /** Works until nothing is left, `stop`, or something is in the way; see `problemOf`. */
  resume(session: StudySession<Event, State>): Promise<void> {
    if (!this.busy) this.#session = session
    return this.#kind.work.resume(session)
  }

  stop(): void {
    this.#kind.work.stop()
  }
}

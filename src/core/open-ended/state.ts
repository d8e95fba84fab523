/** What an open-ended evaluation is after its events. */
import type { ComparedModel } from '../chat/comparison'
import { ASPECTS, type GeneratedAnswer } from '../cross-filter/types'
import { EventFold } from '../turns/fold'
import { counted, emptyList, newWork, passedOver, put, type Pause, type WorkState } from '../turns/work'
import { MAX_RATER_NAME, MAX_RATERS, RATING_GRADES } from './limits'
import { VERDICT_LETTERS } from './prompts'
import type {
  Author,
  Grades,
  OpenEvent,
  OpenPlan,
  OpenRole,
  PerAuthor,
  PlaceOrder,
  ReferenceQuestion,
} from './types'

export interface AuthorState extends WorkState {
  /** By question; null where there is none. */
  answers: readonly (GeneratedAnswer | null)[]
}

export interface ComparingState extends WorkState {
  /** Probabilities of A, B and C by question. */
  compared: Record<PlaceOrder, readonly (readonly number[] | null)[]>
}

export interface Rating {
  at: number
  left: Author
  grades: PerAuthor<Grades>
}

export interface RaterState {
  id: string
  /** Empty where the rater gave none. */
  name: string
  /** By question; of a question rated twice the later. */
  ratings: ReadonlyMap<number, Rating>
}

export interface OpenState {
  plan: OpenPlan
  createdAt: number
  pairs: readonly ReferenceQuestion[]
  authors: PerAuthor<AuthorState>
  judge: ComparingState | null
  /** In the order in which they joined. */
  raters: readonly RaterState[]
  /** Why it last stopped; null once it has gone on. */
  pause: Pause | null
}

/** `same-author`: both models have the same weights. `other-weights`: not as before. */
export type OpenWeightsRefusal = 'same-author' | 'other-weights'

/** Why an event cannot follow what is stored. */
export type OpenRefusal =
  | 'unknown-pair'
  | 'no-such-role'
  | 'not-started'
  | 'already-done'
  | 'no-answer'
  | 'bad-values'
  | 'no-such-rater'
  | 'too-many-raters'
  | OpenWeightsRefusal

/** Why a model with these weights must not take a role; null where it may. A judge may be an author: the report says so. */
export function openWeightsRefusal(
  state: Pick<OpenState, 'authors' | 'judge'>,
  role: OpenRole,
  fingerprint: string,
): OpenWeightsRefusal | null {
  const before = openWork(state, role)?.engine?.fingerprint
  if (before !== undefined && before !== fingerprint) return 'other-weights'
  if (role === 'judge') return null
  return state.authors[role === 0 ? 1 : 0].engine?.fingerprint === fingerprint ? 'same-author' : null
}

export function openWork(
  { authors, judge }: Pick<OpenState, 'authors' | 'judge'>,
  role: OpenRole,
): WorkState | null {
  return role === 'judge' ? judge : authors[role]
}

/** Both answers to a question; null while one is missing. */
export function answersTo({ authors }: Pick<OpenState, 'authors'>, pair: number): PerAuthor<string> | null {
  const [first, second] = authors.map(({ answers }) => answers[pair]?.text)
  return first === undefined || second === undefined ? null : [first, second]
}

/** Whether each model has answered every question, or cannot: only then are answers rated, since they are final. */
export function isAnswered({ pairs, authors }: Pick<OpenState, 'pairs' | 'authors'>): boolean {
  return authors.every(({ answers, passedOver }) =>
    pairs.every((_, pair) => Boolean(answers[pair]) || passedOver.has(pair)),
  )
}

/** Folds events one by one; see `EventFold`. */
export class OpenFold extends EventFold<OpenEvent, OpenState, OpenRefusal> {
  constructor(state: OpenState | null = null) {
    super({ begin: newState, follow }, state)
  }
}

function newState({ at, plan, pairs }: Extract<OpenEvent, { kind: 'created' }>): OpenState {
  const [first, second] = plan.models
  const author = (model: ComparedModel) => ({ ...newWork(model), answers: emptyList<GeneratedAnswer>(pairs) })
  const compared = () => ({ straight: emptyList<number[]>(pairs), reversed: emptyList<number[]>(pairs) })
  return {
    ...{ plan, createdAt: at, pairs, raters: [], pause: null },
    authors: [author(first), author(second)],
    judge: plan.judge && { ...newWork(plan.judge), compared: compared() },
  }
}

function follow(state: OpenState, event: Exclude<OpenEvent, { kind: 'created' }>): OpenState | OpenRefusal {
  if ('pair' in event && !state.pairs[event.pair]) return 'unknown-pair'
  switch (event.kind) {
    case 'paused':
      return { ...state, pause: event }
    case 'started': {
      const { role, engine } = event
      const refusal = openWeightsRefusal(state, role, engine.fingerprint)
      return refusal ?? withWork({ ...state, pause: null }, role, (work) => ({ ...work, engine }))
    }
    case 'passed-over': {
      const { role, pair, failure } = event
      return withWork(state, role, (work) => passedOver(work, pair, failure))
    }
    case 'answered': {
      const { author, pair, answer } = event
      const { answers, engine } = state.authors[author]
      if (!engine) return 'not-started'
      if (answers[pair]) return 'already-done'
      put(answers, pair, answer)
      return withWork(state, author, (work) => counted(work, answer))
    }
    case 'compared':
      return compared(state, event)
    case 'rater-joined': {
      const { rater: id, name } = event
      if (state.raters.some((one) => one.id === id)) return 'already-done'
      if (state.raters.length >= MAX_RATERS) return 'too-many-raters'
      if (id === '' || name.length > MAX_RATER_NAME) return 'bad-values'
      return { ...state, raters: [...state.raters, { id, name, ratings: new Map() }] }
    }
    case 'rated':
      return rated(state, event)
  }
}

function compared(
  state: OpenState,
  event: Extract<OpenEvent, { kind: 'compared' }>,
): OpenState | OpenRefusal {
  const { judge } = state
  const { pair, order, probabilities } = event
  if (!judge) return 'no-such-role'
  if (!judge.engine) return 'not-started'
  if (!answersTo(state, pair)) return 'no-answer'
  if (judge.compared[order][pair]) return 'already-done'
  if (probabilities.length !== VERDICT_LETTERS.length) return 'bad-values'
  put(judge.compared[order], pair, probabilities)
  return withWork(state, 'judge', (work) => counted(work, event))
}

function rated(state: OpenState, event: Extract<OpenEvent, { kind: 'rated' }>): OpenState | OpenRefusal {
  const { rater: id, at, pair, left, grades } = event
  if (!state.raters.some((rater) => rater.id === id)) return 'no-such-rater'
  if (!isAnswered(state) || !answersTo(state, pair)) return 'no-answer'
  if (!grades.every(isGrades)) return 'bad-values'
  const raters = state.raters.map((rater) =>
    rater.id === id ? { ...rater, ratings: new Map(rater.ratings).set(pair, { at, left, grades }) } : rater,
  )
  return { ...state, raters }
}

function isGrades(grades: Grades): boolean {
  return ASPECTS.every((aspect) => {
    const grade = grades[aspect]
    return Number.isInteger(grade) && grade >= 0 && grade < RATING_GRADES
  })
}

function withWork(
  state: OpenState,
  role: OpenRole,
  change: <Work extends WorkState>(work: Work) => Work,
): OpenState | OpenRefusal {
  if (role === 'judge')
    return state.judge ? { ...state, judge: change(state.judge) } : ('no-such-role' as const)
  const [first, second] = state.authors
  return { ...state, authors: role === 0 ? [change(first), second] : [first, change(second)] }
}

/** What a filter is after its events. */
import type { ComparedModel } from '../chat/comparison'
import { drawWithoutReplacement, randomBelow } from '../run/random'
import { EventFold } from '../turns/fold'
import { counted, emptyList, newWork, passedOver, put, type Pause, type WorkState } from '../turns/work'
import { GRADES, MAX_JUDGES } from './limits'
import { DEFAULT_RULE, isRule } from './rule'
import { readScores, type ScoreSet } from './score'
import {
  ASPECTS,
  type FilterEvent,
  type FilterPlan,
  type FilterRule,
  type GeneratedAnswer,
  type JudgeIndex,
  type Role,
  type ScaleOrder,
  type SourcePair,
} from './types'

export interface JudgeState extends WorkState {
  /** By pair; null where there is none. */
  scores: Record<ScaleOrder, readonly (ScoreSet | null)[]>
}

export interface GeneratorState extends WorkState {
  /** By pair. */
  answers: readonly (GeneratedAnswer | null)[]
}

export interface FilterState {
  plan: FilterPlan
  createdAt: number
  pairs: readonly SourcePair[]
  /** Pairs that are judged in both orders. */
  orderSample: ReadonlySet<number>
  generator: GeneratorState | null
  judges: readonly JudgeState[]
  rule: FilterRule
  /** Why it last stopped; null once it has gone on. */
  pause: Pause | null
}

/** Why an event cannot follow what is stored. */
export type Refusal =
  | 'unknown-pair'
  | 'no-such-role'
  | 'not-started'
  | 'already-done'
  | 'no-answer'
  | 'too-many-judges'
  | 'bad-values'
  | SameModel

/** `judges-itself`: the judge wrote the answers. `same-judge`: it is the first one. `other-weights`: not as before. */
export type SameModel = 'judges-itself' | 'same-judge' | 'other-weights'

/** The stream of the generator that draws the pairs for the order bias. */
const ORDER_STREAM = 0

/** The pairs that are judged in both orders: a simple random sample. */
export function drawOrderSample({ count, seed }: FilterPlan['order'], pairs: number): Set<number> {
  const all = Array.from({ length: pairs }, (_, index) => index)
  return new Set(drawWithoutReplacement(all, count, randomBelow(seed, ORDER_STREAM)))
}

/** Why a model with these weights must not take a role; null where it may. */
export function weightsRefusal(
  { generator, judges }: Pick<FilterState, 'generator' | 'judges'>,
  role: Role,
  fingerprint: string,
): SameModel | null {
  const before = (role === 'generator' ? generator : judges[role])?.engine?.fingerprint
  const isHeldBy = (work: WorkState | null) => work?.engine?.fingerprint === fingerprint
  const others = judges.filter((_, index) => index !== role)
  if (role === 'generator' ? others.some(isHeldBy) : isHeldBy(generator)) return 'judges-itself'
  if (others.some(isHeldBy)) return 'same-judge'
  return before !== undefined && before !== fingerprint ? 'other-weights' : null
}

/** A pair's answer, the file's or the generated one; null where it has none (yet). */
export function answerOf(state: Pick<FilterState, 'pairs' | 'generator'>, pair: number): string | null {
  return state.pairs[pair]?.answer ?? state.generator?.answers[pair]?.text ?? null
}

/** Folds events one by one; see `EventFold`. */
export class FilterFold extends EventFold<FilterEvent, FilterState, Refusal> {
  constructor() {
    super({ begin: newState, follow })
  }
}

function newState({ at, plan, pairs }: Extract<FilterEvent, { kind: 'created' }>): FilterState {
  return {
    plan,
    createdAt: at,
    pairs,
    orderSample: drawOrderSample(plan.order, pairs.length),
    generator: plan.generator && { ...newWork(plan.generator), answers: emptyList(pairs) },
    judges: [newJudge(plan.judge, pairs)],
    rule: DEFAULT_RULE,
    pause: null,
  }
}

function newJudge(model: ComparedModel, pairs: readonly SourcePair[]): JudgeState {
  return { ...newWork(model), scores: { straight: emptyList(pairs), reversed: emptyList(pairs) } }
}

function follow(state: FilterState, event: Exclude<FilterEvent, { kind: 'created' }>): FilterState | Refusal {
  switch (event.kind) {
    case 'paused':
      return { ...state, pause: event }
    case 'ruled': {
      if (!isRule(event.rule)) return 'bad-values'
      return { ...state, rule: event.rule }
    }
    case 'judge-added': {
      if (state.judges.length >= MAX_JUDGES) return 'too-many-judges'
      return { ...state, judges: [...state.judges, newJudge(event.judge, state.pairs)] }
    }
    case 'started': {
      const { role, engine } = event
      const refusal = weightsRefusal(state, role, engine.fingerprint)
      if (refusal) return refusal
      return withWork({ ...state, pause: null }, role, (work) => ({ ...work, engine })) ?? 'no-such-role'
    }
    case 'passed-over': {
      const { pair, role, failure } = event
      if (!state.pairs[pair]) return 'unknown-pair'
      return withWork(state, role, (work) => passedOver(work, pair, failure)) ?? 'no-such-role'
    }
    case 'answered':
      return answered(state, event)
    case 'scored':
      return scored(state, event)
  }
}

/** With one model's work changed; null where there is no such model. */
function withWork(
  state: FilterState,
  role: Role,
  change: <Work extends WorkState>(work: Work) => Work,
): FilterState | null {
  if (role === 'generator') return state.generator && { ...state, generator: change(state.generator) }
  if (!state.judges[role]) return null
  return { ...state, judges: state.judges.map((work, index) => (index === role ? change(work) : work)) }
}

function answered(
  state: FilterState,
  { pair, answer }: Extract<FilterEvent, { kind: 'answered' }>,
): FilterState | Refusal {
  const { generator } = state
  const source = state.pairs[pair]
  if (!source) return 'unknown-pair'
  if (!generator) return 'no-such-role'
  if (!generator.engine) return 'not-started'
  if (source.answer !== null || generator.answers[pair]) return 'already-done'
  put(generator.answers, pair, answer)
  return { ...state, generator: counted(generator, answer) }
}

function scored(state: FilterState, event: Extract<FilterEvent, { kind: 'scored' }>): FilterState | Refusal {
  const { judge, order, pair, probabilities } = event
  const work = state.judges[judge]
  if (!state.pairs[pair]) return 'unknown-pair'
  if (!work) return 'no-such-role'
  if (!work.engine) return 'not-started'
  if (answerOf(state, pair) === null) return 'no-answer'
  if (work.scores[order][pair]) return 'already-done'
  if (ASPECTS.some((aspect) => probabilities[aspect].length !== GRADES)) return 'bad-values'
  put(work.scores[order], pair, readScores(probabilities, order))
  const next = counted(work, event)
  return {
    ...state,
    judges: state.judges.map((one, index) => (index === (judge satisfies JudgeIndex) ? next : one)),
  }
}

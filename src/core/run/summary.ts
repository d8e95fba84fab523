/**
 * A run as the fold of its events. The summary is small whatever the number of answers, so it is stored beside
 * the events in the same transaction, lists are fast, and a run resumes from it without reading old answers.
 */
import type { EngineDescription, EngineFailure } from '../engine'
import type { ItemLanguage } from '../prompt/question'
import { standingOf } from '../numerics/standing'
import { failure, success, type Result } from '../result'
import { byScoring, verdict, type ByScoring } from '../score/verdict'
import { decodedTokens } from './decoded-tokens'
import type { Answer, LevelChoice, PauseReason, RunEvent, RunId, RunPlan, Shots, StopReason } from './types'

/** What is true of a run. `running` without a tab that holds its lock means: the tab was closed or killed. */
export type RunState =
  | { kind: 'ready' }
  | { kind: 'running' }
  | { kind: 'paused'; reason: PauseReason; failure: EngineFailure | null }
  | { kind: 'stopped'; reason: StopReason }
  | { kind: 'finished' }

/** Counts of one language × level, without rotated questions; `unparsed` are the answers without a letter. */
export interface Tally {
  language: ItemLanguage
  level: LevelChoice
  answered: number
  correct: ByScoring<number>
  unparsed: ByScoring<number>
}

export type TallyCounts = Omit<Tally, 'language' | 'level'>

/** Answers that are stored and do not count before the next comparison of reused prompts agrees. */
export interface HeldAnswers {
  /** Position of the first of them. */
  from: number
  tallies: Tally[]
  /** Samples saved by them, as in the summary. */
  saved?: number
}

export interface RunSummary {
  id: RunId
  /** The plan without its lists of items, which are long and stay in the `created` event. */
  plan: Omit<RunPlan, 'itemIndexes' | 'rotations' | 'shots'> & { shots: Omit<Shots, 'items'> | null }
  /** How many questions the run asks; `rotated` of them with their options moved on. */
  total: number
  rotated: number
  /** How many events the run has: the sequence number of the next one. */
  events: number
  updatedAt: number
  state: RunState
  /** Held ones included. Questions are answered in order, so this is also the position of the next one. */
  answered: number
  /** How many samples the next question has already; absent in runs of one reply. */
  sampled?: number
  /** Samples that were planned and not drawn, as they could change no choice; absent in runs of one reply. */
  saved?: number
  /** In order of first answer; without held answers. */
  tallies: Tally[]
  /** Absent where no answer is held back. */
  held?: HeldAnswers
  /** A comparison of reused prompts failed: the rest of the run reads every prompt anew. */
  readsAnew?: true
  /** Answers that were withdrawn; their time and tokens are counted all the same. */
  withdrawn?: number
  /** Every different engine description that answered, first to last; their `fingerprint` is the same. */
  engines: EngineDescription[]
  promptTokens: number
  completionTokens: number
  /** Tokens after the first of each reply, which `decodeMs` measures. */
  decodedTokens: number
  decodeMs: number
  /** Time to first token, decoding and letter scoring of all answers, in ms. */
  answeringMs: number
  /** Notes on doubted keys, by position. */
  flags: Record<number, string>
}

/** The event cannot follow the run's state: another tab was faster, or the model's weights differ. */
export interface IllegalEvent {
  kind: 'illegal-event'
  reason: 'no-run' | 'already-created' | 'wrong-state' | 'wrong-position' | 'other-model'
}

/** The run after `event`, or why the event cannot happen to it. `run` is null before `created`. */
export function reduce(run: RunSummary | null, event: RunEvent): Result<RunSummary, IllegalEvent> {
  if (event.kind === 'created') return run ? illegal('already-created') : success(newSummary(event.plan))
  if (!run) return illegal('no-run')
  const next = { ...run, events: run.events + 1, updatedAt: event.at }
  switch (event.kind) {
    case 'started':
      if (!isUnfinished(run)) return illegal('wrong-state')
      if (isOtherModel(run, event.engine)) return illegal('other-model')
      return success({ ...next, state: { kind: 'running' }, engines: withEngine(run.engines, event.engine) })
    case 'sampled':
      if (run.state.kind !== 'running') return illegal('wrong-state')
      if (event.position !== nextPosition(run) || event.sample.index !== (run.sampled ?? 0))
        return illegal('wrong-position')
      return success({ ...next, sampled: event.sample.index + 1 })
    case 'answered':
      if (run.state.kind !== 'running') return illegal('wrong-state')
      if (event.answer.position !== nextPosition(run)) return illegal('wrong-position')
      if (run.held && !event.isHeld) return illegal('wrong-state')
      return success(withAnswer(next, event.answer, event.isHeld === true))
    case 'released':
      if (run.state.kind !== 'running') return illegal('wrong-state')
      return success(withReleased(next))
    case 'paused': {
      if (run.state.kind !== 'running') return illegal('wrong-state')
      const { reason, failure: cause, withdrawnFrom } = event
      if (withdrawnFrom !== undefined && withdrawnFrom !== countedAnswers(run))
        return illegal('wrong-position')
      const paused: RunSummary = { ...next, state: { kind: 'paused', reason, failure: cause } }
      return success(withdrawnFrom === undefined ? paused : withoutHeld(paused))
    }
    case 'stopped':
      if (!isUnfinished(run)) return illegal('wrong-state')
      return success({ ...next, state: { kind: 'stopped', reason: event.reason } })
    case 'finished':
      if (run.state.kind !== 'running') return illegal('wrong-state')
      if (nextPosition(run) !== null || run.held) return illegal('wrong-position')
      return success({ ...next, state: { kind: 'finished' } })
    case 'scored':
      if (event.position >= countedAnswers(run)) return illegal('wrong-position')
      return success(next)
    case 'flagged':
      if (event.position >= countedAnswers(run)) return illegal('wrong-position')
      return success({ ...next, flags: withFlag(run.flags, event.position, event.note) })
  }
}

/** The position of the next question, or null when all are answered. */
export function nextPosition(run: RunSummary): number | null {
  return run.answered < run.total ? run.answered : null
}

/** How many answers count; they are the first ones. */
export function countedAnswers(run: Pick<RunSummary, 'answered' | 'held'>): number {
  return run.held?.from ?? run.answered
}

/** Mean time of an answer in ms, withdrawn ones included; NaN before the first. */
export function msPerAnswer({ answered, withdrawn = 0, answeringMs }: RunSummary): number {
  return answeringMs / (answered + withdrawn)
}

/** Whether the run can still go on. */
export function isUnfinished(run: RunSummary): boolean {
  return run.state.kind !== 'stopped' && run.state.kind !== 'finished'
}

/** Whether these weights differ from those that gave the run's earlier answers. */
export function isOtherModel(run: RunSummary, engine: EngineDescription): boolean {
  return run.engines.some((earlier) => earlier.fingerprint !== engine.fingerprint)
}

function illegal(reason: IllegalEvent['reason']) {
  return failure<IllegalEvent>({ kind: 'illegal-event', reason })
}

function newSummary({ itemIndexes, rotations, ...plan }: RunPlan): RunSummary {
  return {
    id: plan.id,
    plan: { ...plan, shots: plan.shots && { pool: plan.shots.pool, count: plan.shots.count } },
    total: itemIndexes.length,
    rotated: rotations.filter((rotation) => rotation !== 0).length,
    events: 1,
    updatedAt: plan.createdAt,
    state: { kind: 'ready' },
    answered: 0,
    tallies: [],
    engines: [],
    promptTokens: 0,
    completionTokens: 0,
    decodedTokens: 0,
    decodeMs: 0,
    answeringMs: 0,
    flags: {},
  }
}

function withAnswer(run: RunSummary, answer: Answer, isHeld: boolean): RunSummary {
  const next = {
    ...run,
    answered: run.answered + 1,
    ...(run.sampled !== undefined && { sampled: 0 }),
    promptTokens: run.promptTokens + answer.promptTokens + (answer.forward?.promptTokens ?? 0),
    completionTokens: run.completionTokens + answer.completionTokens,
    decodedTokens: run.decodedTokens + decodedTokens(answer),
    decodeMs: run.decodeMs + answer.decodeMs,
    answeringMs:
      run.answeringMs + answer.timeToFirstTokenMs + answer.decodeMs + (answer.forward?.elapsedMs ?? 0),
  }
  if (!isHeld) return { ...next, ...counted(run, answer) }
  const held = run.held ?? { from: run.answered, tallies: [] }
  return { ...next, held: { ...held, ...counted(held, answer) } }
}

/** What an answer changes of a result once it counts. */
type Counted = Pick<RunSummary, 'tallies' | 'saved'>

function counted({ tallies, saved = 0 }: Counted, answer: Answer): Counted {
  const { sampling } = answer
  return {
    tallies: withTally(tallies, answer),
    ...(sampling && { saved: saved + sampling.planned - sampling.taken }),
  }
}

/** The run if all of its held answers counted. */
export function withReleased({ held, ...run }: RunSummary): RunSummary {
  if (!held) return run
  const tallies = held.tallies.reduce<Tally[]>((sum, tally) => withCounts(sum, tally), run.tallies)
  return { ...run, tallies, ...(held.saved !== undefined && { saved: (run.saved ?? 0) + held.saved }) }
}

/** What the withdrawn answers took stays counted: the time is gone. */
function withoutHeld({ held, ...run }: RunSummary): RunSummary {
  const answered = held?.from ?? run.answered
  return {
    ...run,
    answered,
    withdrawn: (run.withdrawn ?? 0) + run.answered - answered,
    ...(run.sampled !== undefined && { sampled: 0 }),
    readsAnew: true,
  }
}

/** The counts before the first answer. */
export const NOTHING_COUNTED: TallyCounts = {
  answered: 0,
  correct: byScoring(() => 0),
  unparsed: byScoring(() => 0),
}

function withTally(tallies: readonly Tally[], answer: Answer): Tally[] {
  if (answer.rotation !== 0) return [...tallies]
  return withCounts(tallies, {
    language: answer.item.language,
    level: answer.item.level ?? 'unlabelled',
    answered: 1,
    correct: byScoring((scoring) => Number(verdict(answer, scoring) === 'right')),
    unparsed: byScoring((scoring) => Number(verdict(answer, scoring) === 'unparsed')),
  })
}

function withCounts(tallies: readonly Tally[], added: Tally): Tally[] {
  const found = tallies.find(({ language, level }) => language === added.language && level === added.level)
  if (!found) return [...tallies, added]
  const sum = { ...found, ...sumCounts(found, added) }
  return tallies.map((tally) => (tally === found ? sum : tally))
}

export function sumCounts(one: TallyCounts, other: TallyCounts): TallyCounts {
  return {
    answered: one.answered + other.answered,
    correct: byScoring((scoring) => one.correct[scoring] + other.correct[scoring]),
    unparsed: byScoring((scoring) => one.unparsed[scoring] + other.unparsed[scoring]),
  }
}

function withEngine(engines: readonly EngineDescription[], engine: EngineDescription): EngineDescription[] {
  const known = engines.some(
    (other) =>
      other.engine === engine.engine &&
      other.engineVersion === engine.engineVersion &&
      other.device === engine.device &&
      other.contextTokens === engine.contextTokens &&
      other.numerics?.mergeBarrier === engine.numerics?.mergeBarrier &&
      standingOf(other) === standingOf(engine),
  )
  return known ? [...engines] : [...engines, engine]
}

function withFlag(
  flags: Record<number, string>,
  position: number,
  note: string | null,
): Record<number, string> {
  const rest = Object.entries(flags).filter(([other]) => Number(other) !== position)
  return Object.fromEntries(note === null ? rest : [...rest, [position, note]])
}

import { failure, success, type Result } from '../result'
import { MAX_STAGES, SUFFICIENT_FROM } from './limits'
import { readReflection } from './reflection'
import type {
  ExpertRole,
  ExpertsEvent,
  ExpertsPause,
  ExpertsPlan,
  PromptName,
  Stage,
  StageKind,
  SufficiencyStage,
  WrittenStage,
} from './types'

/** What has happened in a study. */
export interface ExpertsState {
  plan: ExpertsPlan
  /** In their order, replies that were cut short by the user included. */
  stages: readonly Stage[]
  /** The user wants no further round. */
  closed: boolean
  /** Null where nothing was asked yet, and where the study has gone on since. */
  pause: ExpertsPause | null
}

export interface NextStage {
  kind: StageKind
  round: number
  role: ExpertRole
  prompt: PromptName
}

/** Why there is no further round. */
export type EndReason = 'sufficient' | 'rounds' | 'tokens' | 'closed'

/** The state after `event`; a failure where it cannot follow. */
export function reduceExperts(
  state: ExpertsState | null,
  event: ExpertsEvent,
): Result<ExpertsState, { kind: 'illegal-event'; event: string }> {
  if (event.kind === 'created')
    return state ? illegal(event) : success({ plan: event.plan, stages: [], closed: false, pause: null })
  const next = state && nextStage(state)
  if (!state || !next) return illegal(event)
  if (event.kind === 'closed') return success({ ...state, closed: true, pause: null })
  if (event.kind === 'paused') {
    const { role, reason, failure } = event
    return success({ ...state, pause: { role, reason, failure } })
  }
  const { stage } = event
  const follows = stage.kind === next.kind && stage.round === next.round
  if (!follows || state.stages.length >= MAX_STAGES) return illegal(event)
  return success({ ...state, stages: [...state.stages, stage], pause: null })
}

/** The state after all events; null where they do not follow from each other. */
export function foldExperts(events: readonly ExpertsEvent[]): ExpertsState | null {
  let state: ExpertsState | null = null
  for (const event of events) {
    const next = reduceExperts(state, event)
    if (!next.ok) return null
    state = next.value
  }
  return state
}

/** What is asked next; null when the account is written. */
export function nextStage(state: ExpertsState): NextStage | null {
  const whole = wholeStages(state)
  const last = whole.at(-1)
  if (last?.kind === 'narrative') return null
  if (endReason(state)) return stageOf('narrative', last?.round ?? 1)
  switch (last?.kind) {
    case undefined:
      return stageOf('reasoning', 1)
    case 'reasoning':
      return stageOf('reflection', last.round)
    case 'reflection':
      return stageOf('sufficiency', last.round)
    default:
      return stageOf('reasoning', (last?.round ?? 0) + 1)
  }
}

/** Null while another round may come. */
export function endReason(state: ExpertsState): EndReason | null {
  const whole = wholeStages(state)
  // Closed before anything was thought: the account still needs a reasoning, be it one that was cut short. One that is
  // whole counts even if it is silent, or a model that says nothing would never come to an end.
  if (!latestReply(state, 'reasoning') && !whole.some(({ kind }) => kind === 'reasoning')) return null
  if (!state.closed && whole.length === 0) return null
  const before = whole.filter(({ kind }) => kind !== 'narrative')
  const last = before.at(-1)
  if (last?.kind === 'sufficiency' && isSufficient(last, before)) return 'sufficient'
  if (state.closed) return 'closed'
  const { rounds, totalTokens } = state.plan.limits
  if (last?.kind === 'sufficiency' && last.round >= rounds) return 'rounds'
  // The check writes nothing, so it is never what is left out.
  if (last?.kind !== 'reflection' && loopTokens(state) >= totalTokens) return 'tokens'
  return null
}

/** The check says so, and the reviewer has not called the reasoning unsound. */
function isSufficient({ probability, round }: SufficiencyStage, stages: readonly Stage[]): boolean {
  const reflection = stages.findLast((stage) => stage.kind === 'reflection' && stage.round === round)
  const rating = reflection?.kind === 'reflection' ? readReflection(reflection.reply).rating : null
  return probability !== null && probability >= SUFFICIENT_FROM && rating !== 0
}

/** The stages that count: not those that were cut short. */
export function wholeStages({ stages }: ExpertsState): Stage[] {
  return stages.filter((stage) => stage.kind === 'sufficiency' || stage.finish !== 'abort')
}

/** The latest reply of a kind: a whole one, or else what there is of one; empty where there is none. */
export function latestReply({ stages }: ExpertsState, kind: WrittenStage['kind']): string {
  const written = stages.filter((stage): stage is WrittenStage => stage.kind === kind && stage.reply !== '')
  const latest = written.findLast(({ finish }) => finish !== 'abort') ?? written.at(-1)
  return latest?.reply ?? ''
}

/** New tokens of all reasonings and reflections, those cut short included: they were paid for. */
export function loopTokens({ stages }: ExpertsState): number {
  return stages.reduce(
    (sum, stage) =>
      stage.kind === 'sufficiency' || stage.kind === 'narrative' ? sum : sum + stage.completionTokens,
    0,
  )
}

/** New tokens that the next reply may have, at least 1. */
export function tokensFor(state: ExpertsState, kind: StageKind): number {
  const { stageTokens, totalTokens } = state.plan.limits
  if (kind === 'narrative') return stageTokens
  return Math.max(1, Math.min(stageTokens, totalTokens - loopTokens(state)))
}

/** The account, once it is written. */
export function narrativeOf(state: ExpertsState): WrittenStage | null {
  const last = wholeStages(state).at(-1)
  return last?.kind === 'narrative' ? last : null
}

const ROLES: Record<StageKind, ExpertRole> = {
  reasoning: 'reasoner',
  reflection: 'reviewer',
  sufficiency: 'reviewer',
  narrative: 'reasoner',
}

function stageOf(kind: StageKind, round: number): NextStage {
  return { kind, round, role: ROLES[kind], prompt: promptOf(kind, round) }
}

/** Which prompt a stage is asked with. */
export function promptOf(kind: StageKind, round: number): PromptName {
  return kind === 'reasoning' && round > 1 ? 'revision' : kind
}

function illegal({ kind }: ExpertsEvent): Result<never, { kind: 'illegal-event'; event: string }> {
  return failure({ kind: 'illegal-event', event: kind })
}

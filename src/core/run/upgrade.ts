/**
 * Runs as the first version stored and exported them, brought to today's form. It knew one protocol (official
 * generative chain of thought), one set of prompts and one design, and asked every question unrotated.
 */
import type { EngineDescription } from '../engine'
import { ANESBENCH_PROMPTS } from '../prompt/anesbench'
import type { Answer, RunEvent, RunPlan, Selection } from './types'
import { NO_BUDGET } from './types'

export type EngineV1 = Omit<EngineDescription, 'librarySha256' | 'tokenizerSha256'>

export type AnswerV1 = Omit<Answer, 'rotation' | 'forward'>

type PlanAddition =
  | 'selection'
  | 'rotations'
  | 'rotationShare'
  | 'askedSha256'
  | 'protocol'
  | 'prompts'
  | 'shots'
  | 'budget'
  | 'split'
  | 'origin'

export interface PlanV1 extends Omit<RunPlan, PlanAddition> {
  selection: Omit<Selection, 'design'>
  promptKind: 'chain-of-thought'
  promptVersion: string
}

export type RunEventV1 =
  | Exclude<RunEvent, { kind: 'created' | 'started' | 'answered' | 'stopped' }>
  | { kind: 'created'; at: number; plan: PlanV1 }
  | { kind: 'started'; at: number; engine: EngineV1; userAgent: string }
  | { kind: 'answered'; at: number; answer: AnswerV1 }
  | { kind: 'stopped'; at: number }

/**
 * SHA-256 of the chain-of-thought words as `promptSource` writes them now. They are the words that every run of the
 * first version was made with; only the text that is hashed was put together in another way.
 */
export const PROMPT_SHA256_OF_V1 = '2264f98a366419347cde32b9de3aacd6c3857973aee518a542a5883bbbf38f78'

export function upgradePlan(plan: PlanV1): RunPlan {
  const { id, name, createdAt, appVersion, model, dataset, selection, strata, itemIndexes, decoding } = plan
  return {
    id,
    name,
    createdAt,
    appVersion,
    model,
    dataset,
    selection: { ...selection, design: 'proportional' },
    strata,
    itemIndexes,
    rotations: itemIndexes.map(() => 0),
    rotationShare: 0,
    askedSha256: null,
    protocol: 'generate',
    prompts: ANESBENCH_PROMPTS,
    promptSha256: PROMPT_SHA256_OF_V1,
    shots: null,
    decoding,
    budget: NO_BUDGET,
    split: null,
    origin: { kind: 'own' },
  }
}

export function upgradeEngine(engine: EngineV1): EngineDescription {
  return { ...engine, librarySha256: null, tokenizerSha256: null }
}

export function upgradeAnswer(answer: AnswerV1): Answer {
  return { ...answer, rotation: 0, forward: null }
}

export function upgradeEvent(event: RunEventV1): RunEvent {
  switch (event.kind) {
    case 'created':
      return { ...event, plan: upgradePlan(event.plan) }
    case 'started':
      return { ...event, engine: upgradeEngine(event.engine) }
    case 'answered':
      return { ...event, answer: upgradeAnswer(event.answer) }
    case 'stopped':
      return { ...event, reason: 'user' }
    default:
      return event
  }
}

/**
 * The loop of two experts, after Citrus (arXiv 2502.18274): one reasons aloud and doubts, another reviews, until the
 * reasoning is found sufficient or a limit is reached; then it is written out as one account.
 *
 * Citrus made training data with it and showed the truth to the reviewer. A question that is put now has no truth to
 * show, so this is an adaptation for live use.
 */
import type { ComparedModel } from '../chat/comparison'
import type { EngineDescription, FinishReason } from '../engine'
import type { ChatMessage, ItemLanguage } from '../prompt/question'
import type { Pause } from '../turns/work'

export type StageKind = 'reasoning' | 'reflection' | 'sufficiency' | 'narrative'

/** The reasoner also writes the account; the reviewer also says whether the reasoning is sufficient. */
export type ExpertRole = 'reasoner' | 'reviewer'

/** The first reasoning and the later ones are asked for differently. */
export type PromptName = 'reasoning' | 'revision' | 'reflection' | 'sufficiency' | 'narrative'

/** Templates with `{question}`, `{reasoning}` and `{feedback}` in them. */
export type ExpertPrompts = Record<PromptName, string>

export interface ExpertLimits {
  /** Reasonings at most. */
  rounds: number
  /** New tokens of one reply at most. */
  stageTokens: number
  /** New tokens of all reasonings and reflections at most; the account comes on top. */
  totalTokens: number
}

/** A question of a benchmark. Neither expert is shown the key. */
export interface ExpertItem {
  datasetName: string
  id: string
  options: readonly string[]
  targetIndex: number
}

export interface ExpertsPlan {
  /** As the models are asked it, with its options. */
  question: string
  item: ExpertItem | null
  language: ItemLanguage
  models: Record<ExpertRole, ComparedModel>
  prompts: ExpertPrompts
  /** The prompts that the user wrote otherwise than this app. */
  changedPrompts: readonly PromptName[]
  limits: ExpertLimits
  /** Each reply has a seed of its own, made of this one and its place. */
  sampling: { temperature: number; topP: number; seed: number }
  appVersion: string
}

interface StageBase {
  /** From 1. The account belongs to the last round. */
  round: number
  modelName: string
  quantization: string
  engine: EngineDescription
  /** What the model was asked. */
  messages: readonly ChatMessage[]
}

/** A reply that was written. */
export interface WrittenStage extends StageBase {
  kind: Exclude<StageKind, 'sufficiency'>
  reply: string
  /** `abort`: the user stopped it, or the model was lost. Such a reply is kept, and asked for again. */
  finish: FinishReason
  seed: number
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
}

/** The one forward pass over the letters A (sufficient) and B (not). */
export interface SufficiencyStage extends StageBase {
  kind: 'sufficiency'
  /** Probability of A against B; null where the model has no such letters, so that it cannot be asked. */
  probability: number | null
  promptTokens: number
  elapsedMs: number
}

export type Stage = WrittenStage | SufficiencyStage

/** Why the work stopped, and at whose turn. */
export interface ExpertsPause extends Pause {
  role: ExpertRole
}

export type ExpertsEvent =
  | { kind: 'created'; at: number; plan: ExpertsPlan }
  | { kind: 'stage'; at: number; stage: Stage }
  /** The user wants no further round: the account is next. */
  | { kind: 'closed'; at: number }
  /** The work ended before the account was written. */
  | ({ kind: 'paused'; at: number } & ExpertsPause)

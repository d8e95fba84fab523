/**
 * One model judges what another has written, after Hypnos (arXiv 2403.02742). Which prompts and which threshold Hypnos
 * used is not published: ours are an adaptation.
 */
import type { ComparedModel } from '../chat/comparison'
import type { EngineDescription, EngineFailure, FinishReason } from '../engine'
import type { ItemLanguage } from '../prompt/question'
import type { StudyEvent } from '../study/types'
import type { Pause } from '../turns/work'

/** Hypnos's five. Harmfulness is turned round: 10 is harmless, so that more is better for all of them. */
export const ASPECTS = ['coherence', 'professionalism', 'usefulness', 'harmfulness', 'friendliness'] as const

export type Aspect = (typeof ASPECTS)[number]

export type PerAspect<Value> = Record<Aspect, Value>

/** A question with its answer, or one that still needs one, as a file has it. */
export interface SourcePair {
  /** As the file names it; pairs need none, and may share one. */
  id: string | null
  question: string
  answer: string | null
  language: ItemLanguage
  file: string
  /** 1-based: the data row in JSON and Parquet, the line in JSONL and CSV. */
  row: number
}

/** The words of the judge's question. */
export interface JudgePrompts {
  /** Changes whenever a word of ours changes; what a user has changed is told by the hash. */
  version: string
  /** With `{question}`, `{answer}`, `{aspect}` and `{scale}`. */
  user: Record<ItemLanguage, string>
  /** What takes the place of `{aspect}`. */
  aspects: Record<ItemLanguage, PerAspect<string>>
}

/** `straight`: A = 0 … K = 10. `reversed`: A = 10 … K = 0. */
export type ScaleOrder = 'straight' | 'reversed'

export const SCALE_ORDERS: readonly ScaleOrder[] = ['straight', 'reversed']

/** 0 or 1: the first or the second judge. */
export type JudgeIndex = 0 | 1

/** Who is to work next. */
export type Role = 'generator' | JudgeIndex

export type Aggregation = 'mean' | 'minimum' | 'weighted'

/** The scores that count: one judge's, or the mean of both. */
export type Basis = JudgeIndex | 'both'

/** What a pair must reach to be kept; asks no model. */
export interface FilterRule {
  aggregation: Aggregation
  /** At least 0, not all 0; they count for `weighted` only. */
  weights: PerAspect<number>
  /** 0 to 10. */
  threshold: number
  basis: Basis
}

export interface FilterDecoding {
  temperature: number
  topP: number
  maxTokens: number
  seed: number
}

export interface FilterPlan {
  appVersion: string
  files: readonly { name: string; sha256: string }[]
  /** Rows that could not be read. */
  problemCount: number
  /** Who answers the questions without an answer; null where all have one. */
  generator: ComparedModel | null
  decoding: FilterDecoding
  judge: ComparedModel
  prompts: JudgePrompts
  /** SHA-256 (hex) of `promptSource`. */
  promptSha256: string
  /** Pairs that are judged with the scale in both orders, drawn by the seed. */
  order: { count: number; seed: number }
}

export interface GeneratedAnswer {
  /** What is judged: the reply without its reasoning. */
  text: string
  /** Null where the model answered at once. */
  reasoning: string | null
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  elapsedMs: number
}

export type FilterEvent = StudyEvent &
  (
    | { kind: 'created'; plan: FilterPlan; pairs: SourcePair[] }
    /** A second judge. */
    | { kind: 'judge-added'; judge: ComparedModel }
    | { kind: 'started'; role: Role; engine: EngineDescription }
    | { kind: 'answered'; pair: number; answer: GeneratedAnswer }
    /** All five aspects of one pair by one judge: probabilities of the letters A to K of each. */
    | {
        kind: 'scored'
        judge: JudgeIndex
        order: ScaleOrder
        pair: number
        probabilities: PerAspect<number[]>
        promptTokens: number
        elapsedMs: number
      }
    /** A pair that does not fit the model's context. */
    | { kind: 'passed-over'; role: Role; pair: number; failure: EngineFailure }
    | ({ kind: 'paused' } & Pause)
    | { kind: 'ruled'; rule: FilterRule }
  )

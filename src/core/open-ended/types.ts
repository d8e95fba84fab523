/**
 * Two models answer the same open questions; their answers are held against references, compared by a judge and rated
 * blindly by people, in the manner of Hypnos (arXiv 2403.02742). How Hypnos did it in detail is not published.
 */
import type { ComparedModel } from '../chat/comparison'
import type { GeneratedAnswer, PerAspect, SourcePair } from '../cross-filter/types'
import type { EngineDescription, EngineFailure } from '../engine'
import type { ItemLanguage } from '../prompt/question'
import type { StudyEvent } from '../study/types'
import type { Pause } from '../turns/work'

/** A question with its reference answer. */
export type ReferenceQuestion = SourcePair & { answer: string }

/** 0 or 1: the first or the second model. */
export type Author = 0 | 1

export const AUTHORS: readonly Author[] = [0, 1]

/** Who is to work next. */
export type OpenRole = Author | 'judge'

/** One value for each model. */
export type PerAuthor<Value> = readonly [Value, Value]

/** `straight`: the first model's answer stands first. `reversed`: the second model's does. */
export type PlaceOrder = 'straight' | 'reversed'

export const PLACE_ORDERS: readonly PlaceOrder[] = ['straight', 'reversed']

/** With `{question}`, `{reference}`, `{first}` and `{second}`. */
export interface ComparisonPrompts {
  version: string
  user: Record<ItemLanguage, string>
}

export interface OpenPlan {
  appVersion: string
  files: readonly { name: string; sha256: string }[]
  /** Rows that could not be read, and questions without a reference. */
  problemCount: number
  models: PerAuthor<ComparedModel>
  /** Null where no model judges. */
  judge: ComparedModel | null
  /** Of an answer, which is always greedy. */
  maxTokens: number
  prompts: ComparisonPrompts
  /** SHA-256 (hex) of `comparisonSource`. */
  promptSha256: string
  /** Draws which answer stands on the left for a rater. */
  seed: number
}

/** 0 to 10 for each aspect; harmfulness is turned round, so that more is better for all. */
export type Grades = PerAspect<number>

export type OpenEvent = StudyEvent &
  (
    | { kind: 'created'; plan: OpenPlan; pairs: ReferenceQuestion[] }
    | { kind: 'started'; role: OpenRole; engine: EngineDescription }
    | { kind: 'answered'; author: Author; pair: number; answer: GeneratedAnswer }
    /** Probabilities of the letters A (the first is better), B (the second is better), C (equal). */
    | {
        kind: 'compared'
        pair: number
        order: PlaceOrder
        probabilities: number[]
        promptTokens: number
        elapsedMs: number
      }
    /** A question that does not fit the model's context. */
    | { kind: 'passed-over'; role: OpenRole; pair: number; failure: EngineFailure }
    | ({ kind: 'paused' } & Pause)
    /** An empty name is no name. */
    | { kind: 'rater-joined'; rater: string; name: string }
    /** Both answers to one question; `left` is whose stood on the left. */
    | { kind: 'rated'; rater: string; pair: number; left: Author; grades: PerAuthor<Grades> }
  )

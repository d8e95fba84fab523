/** What a benchmark run is: its plan, the events it is made of, and the answers it collects. */
import type { EngineDescription, EngineFailure, FinishReason } from '../engine'
import type { Dataset, Item, Level } from '../dataset/item'
import type { ItemLanguage } from '../prompt/question'
import type { PromptSet } from '../prompt/prompt-set'
import type { PromptReading } from '../numerics/types'
import type { FileCheck } from '../receipt/file-check'
import type { Sample, SamplingOutcome, StepScores, Strategy } from '../strategy/types'

export type RunId = string & { readonly brand: 'RunId' }

export interface Decoding {
  temperature: number
  topP: number
  maxTokens: number
  seed: number
}

/** AnesBench's own settings: greedy, at most 2,048 new tokens. */
export const OFFICIAL_DECODING: Decoding = { temperature: 0, topP: 1, maxTokens: 2048, seed: 0 }

export type LevelChoice = Level | 'unlabelled'

/**
 * How each item is put to the model: `generate` lets it reason and reads the letter from its reply; `letters` takes
 * the exact probabilities of the option letters from one forward pass; `both` does the one and then the other.
 */
export type Protocol = 'generate' | 'letters' | 'both'

/**
 * How a sample is drawn: `proportional` to the items of each language × level, `equal` numbers of each (rare cells
 * are then known as well as common ones, and totals are weighted), or `simple`, at random over all of them. Only with
 * the last may a run stop as soon as its interval is narrow enough.
 */
export type SampleDesign = 'proportional' | 'equal' | 'simple'

/** Which items of a dataset a run asks: filters, then a sample of `sampleSize` (null = all). */
export interface Selection {
  design: SampleDesign
  languages: readonly ItemLanguage[]
  levels: readonly LevelChoice[]
  sampleSize: number | null
  /** Integer from 0 to `Number.MAX_SAFE_INTEGER`. */
  seed: number
}

/** One language × level cell of a selection: how many items the dataset has, and how many the run asks. */
export interface Stratum {
  language: ItemLanguage
  level: LevelChoice
  population: number
  sampled: number
}

/** When a run ends before its last question; null is no limit. */
export interface Budget {
  /** Answering time of all sessions together, in minutes. */
  minutes: number | null
  /** Half the width of the 95% confidence sequence of the accuracy, as a fraction; needs the design `simple`. */
  halfWidth: number | null
}

export const NO_BUDGET: Budget = { minutes: null, halfWidth: null }

/** Solved examples that go before each question, drawn from a dataset by the selection's seed. */
export interface Shots {
  pool: Pick<Dataset, 'id' | 'name' | 'itemsSha256'>
  /** Examples per question, all in the question's language. */
  count: number
  /** `count` items of each language asked, in the order they are shown. */
  items: Item[]
}

/** How a run came to be where it was made. */
export type MadeOrigin =
  | { kind: 'own' }
  /** Put together from parts of one split run. */
  | { kind: 'merged'; runIds: RunId[]; parts: number[]; of: number }
  /** A share of another run's items, asked again to see how many answers flip on this device. */
  | { kind: 'rerun'; runId: RunId; share: number }

export type RunOrigin =
  | MadeOrigin
  /**
   * Read from an export. `fileSha256` (hex) names the file, `runId` the run there, and `checks` is what was found of
   * the file when it was read: it is not kept.
   */
  | {
      kind: 'imported'
      at: number
      fileSha256: string
      runId: RunId
      made: MadeOrigin
      checks: FileCheck[]
    }

/** Fixed when the run is created; nothing in it changes afterwards. */
export interface RunPlan {
  id: RunId
  name: string
  createdAt: number
  /** Commit or version of the app that made the run. */
  appVersion: string
  model: { recordId: string; variantId: string; name: string; quantization: string }
  dataset: Pick<Dataset, 'id' | 'name' | 'sha256' | 'itemsSha256'> & { source: Dataset['source']['kind'] }
  selection: Selection
  /** The cells of the selection in canonical order, empty ones left out. */
  strata: Stratum[]
  /** Indexes into the dataset's items, in the order they are asked. */
  itemIndexes: number[]
  /**
   * By position: by how many places the options are moved on, the last ones coming first; 0 as the dataset has them.
   * A rotated question follows the same item unrotated, and is left out of every accuracy.
   */
  rotations: number[]
  /** Share of the items that are asked rotated as well, 0 to 1. */
  rotationShare: number
  /** SHA-256 (hex) over the questions in the order asked, see asked-list.ts; null in runs made before it was kept. */
  askedSha256: string | null
  protocol: Protocol
  prompts: PromptSet
  /** SHA-256 (hex) of the templates that the protocol uses. */
  promptSha256: string
  shots: Shots | null
  decoding: Decoding
  /** Absent: one reply. With several, `decoding.seed` gives each its own, and the protocol is `generate`. */
  strategy?: Exclude<Strategy, { kind: 'single' }>
  /** The engine may go on from what it still holds of the prompt before. Absent: it reads every prompt anew, but those that ask for scores of steps. */
  reusePrompt?: true
  budget: Budget
  /** This plan is part `part` (from 1) of `of` that together ask the selection; null when it is whole. */
  split: { part: number; of: number } | null
  origin: RunOrigin
}

export type PauseReason =
  | 'user'
  /** The worker or the GPU was lost, twice at the same question. */
  | 'device-lost'
  /** The memory ran out, twice at the same question. */
  | 'out-of-memory'
  /** Another tab took over the engine. */
  | 'taken-over'
  | 'engine-failure'
  | 'storage-full'
  | 'item-missing'
  /** The comparison of reused prompts with a cold pass failed, or could not be made before the run's end. */
  | 'comparison-failed'

/** Why a run ended before its last question. */
export type StopReason =
  | 'user'
  | 'minutes'
  | 'precision'
  /** A merged run: parts, or answers of parts, were not there. */
  | 'parts-missing'
  /** An imported run: it had not ended when its file was written. */
  | 'open-at-export'

/** What one forward pass says of the options. */
export interface ForwardScores {
  /** Probability of each option's letter, renormalised over the letters; in the order asked, sums to 1. */
  probabilities: number[]
  /** The most probable letter, or null when two are equally so. */
  letter: string | null
  promptTokens: number
  elapsedMs: number
  /** Absent where the engine did not tell. */
  reading?: PromptReading
}

/**
 * One answered item; durable before the next answer is taken. Where replies are generated it is durable before the next
 * question is asked; a single forward pass may be under way meanwhile.
 */
export interface Answer {
  /** Position in `plan.itemIndexes`. */
  position: number
  /** The item as it was asked, options rotated if they were, so that a result stands without its dataset. */
  item: Item
  /** By how many places the options were moved on; 0 as the dataset has them. */
  rotation: number
  /** Null unless the protocol asks for letters. */
  forward: ForwardScores | null
  /** Empty, like the counts and times of generation, when the protocol generates nothing. */
  reply: string
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
  /** How the prompt was read for the reply; of several replies all of them together, scoring included. Absent where the engine did not tell. */
  reading?: PromptReading
  /**
   * Where the plan has a strategy: what the samples chose. `reply` and `finish` are then those of the sample that stands
   * for the choice by the strict letters, the first one where none voted; tokens and times are those of all samples,
   * scoring included.
   */
  sampling?: SamplingOutcome
  answeredAt: number
  /** The page was in the background at some time, so the timings may be slower than the device is. */
  hidden: boolean
  /** Why the item could not be put to the model (its prompt does not fit); the reply is then empty. */
  failure: EngineFailure | null
  /** Letter by the official extraction (it always guesses one), or null when there is nothing to guess from. */
  officialLetter: string | null
  /** Letter by the strict extraction, or null with the reason. */
  strictLetter: string | null
  strictReason: string | null
}

export type RunEvent =
  | { kind: 'created'; at: number; plan: RunPlan }
  /** Started or resumed; after a killed tab it follows the last answer directly. */
  | { kind: 'started'; at: number; engine: EngineDescription; userAgent: string }
  /** One of several replies to the question at `position`, the next one to be answered; durable before the next is drawn. */
  | { kind: 'sampled'; at: number; position: number; sample: Sample }
  /**
   * `isHeld`: durable, but it counts only once a comparison of reused prompts has agreed (`released`). Until then every
   * later answer is held as well, so that those that count are the first ones asked.
   */
  | { kind: 'answered'; at: number; answer: Answer; isHeld?: true }
  /** A comparison agreed: all answers held so far count. */
  | { kind: 'released'; at: number }
  /** A stored sample's steps, scored by another model later; may come after the run's end. Changes no answer. */
  | { kind: 'scored'; at: number; position: number; sample: number; scores: StepScores }
  /**
   * `withdrawnFrom`, where a comparison failed: the held answers and the open samples, from this position on, are no
   * part of the run any more; their questions are asked again without reuse.
   */
  | { kind: 'paused'; at: number; reason: PauseReason; failure: EngineFailure | null; withdrawnFrom?: number }
  | { kind: 'stopped'; at: number; reason: StopReason }
  | { kind: 'finished'; at: number }
  /** The item's key is doubted; null takes the doubt back. */
  | { kind: 'flagged'; at: number; position: number; note: string | null }

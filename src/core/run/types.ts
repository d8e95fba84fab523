/** What a benchmark run is: its plan, the events it is made of, and the answers it collects. */
import type { EngineDescription, EngineFailure, FinishReason } from '../engine'
import type { Dataset, Item, Level } from '../dataset/item'
import type { ItemLanguage, PromptKind } from '../prompt/anesbench'

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

/** Which items of a dataset a run asks: filters, then a stratified sample of `sampleSize` (null = all). */
export interface Selection {
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
  promptKind: PromptKind
  promptVersion: string
  /** SHA-256 (hex) of the prompt templates. */
  promptSha256: string
  decoding: Decoding
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

/** One answered item; durable before the next question starts. */
export interface Answer {
  /** Position in `plan.itemIndexes`. */
  position: number
  /** The item as it was asked, so that a result stands without its dataset. */
  item: Item
  reply: string
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
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
  | { kind: 'answered'; at: number; answer: Answer }
  | { kind: 'paused'; at: number; reason: PauseReason; failure: EngineFailure | null }
  | { kind: 'stopped'; at: number }
  | { kind: 'finished'; at: number }
  /** The item's key is doubted; null takes the doubt back. */
  | { kind: 'flagged'; at: number; position: number; note: string | null }

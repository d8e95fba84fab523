/** Several replies to one question, what each step of them is worth, and which of them is taken. */
import type { FinishReason } from '../engine'
import type { PromptReading } from '../numerics/types'

/** What a whole reply is worth, from the scores of its steps: the lowest, the last, the mean or the product of them. */
export type StepAggregate = 'min' | 'last' | 'mean' | 'product'

/** How a question is answered. `samples` replies are drawn, each with a seed of its own. */
export type Strategy =
  /** One reply, decoded as the plan says: greedy at temperature 0. */
  | { kind: 'single' }
  /** The letter that most replies give; ties go to the letter that was seen first. */
  | { kind: 'self-consistency'; samples: number; stopsEarly: boolean }
  /** The reply that is worth most; ties go to the first. */
  | { kind: 'best-of-n'; samples: number; stopsEarly: boolean; aggregate: StepAggregate }
  /** The letter whose replies are worth most together (MedS3's vote-sum); ties go to the letter that was seen first. */
  | { kind: 'vote-sum'; samples: number; stopsEarly: boolean; aggregate: StepAggregate }

/** The kinds that choose by steps, and so need a scorer while the run samples. */
export type ScoredStrategy = Extract<Strategy, { aggregate: StepAggregate }>

/** Who scores steps. */
export interface StepScorer {
  /**
   * `self-verifier`: a language model is asked whether the solution so far is right; it is not the MedS3 reward model.
   * `reward-model`: MedS3's own, or another token classifier converted like it.
   */
  kind: 'self-verifier' | 'reward-model'
  modelName: string
  quantization: string
  /** SHA-256 (hex) of the scorer's weights. */
  fingerprint: string
  /** Of the words that a self-verifier was asked with; missing of the first ones in old records. */
  verifierVersion?: string
}

/** The scores of one reply's steps by one scorer. */
export interface StepScores {
  scorer: StepScorer
  /** In the order of the steps, each 0 to 1; empty where the reply has no step that can be scored. */
  steps: number[]
  /** What scoring cost: prompt tokens of all passes, and time in ms. */
  promptTokens: number
  elapsedMs: number
  /** Of all passes together; absent where the engine did not tell, and in old records. */
  reading?: PromptReading
}

/** One of several replies to a question. */
export interface Sample {
  /** From 0, in the order drawn. */
  index: number
  seed: number
  reply: string
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
  /** Absent where the engine did not tell. */
  reading?: PromptReading
  officialLetter: string | null
  strictLetter: string | null
  strictReason: string | null
  /** By the run's own scorer; null where its strategy needs none. */
  scores: StepScores | null
  /** Whether the page was in the background meanwhile, where browsers slow it down; missing in old records. */
  hidden?: boolean
}

/** A reply as a vote: what it answers, and the scores of its steps. */
export interface Ballot {
  /** Null where no letter was found: such a reply does not vote. */
  letter: string | null
  steps: readonly number[]
}

/** What the replies together say. */
export interface Choice {
  /** Null where no reply voted. */
  letter: string | null
  /** Index of the ballot that is shown for it; null where no reply voted. */
  representative: number | null
  /** What each letter got, in the order first seen: a count, or a sum or a maximum of worths. */
  tally: readonly { letter: string; score: number }[]
}

export interface SamplingOutcome {
  planned: number
  /** Fewer than planned where no further reply could have changed the choice. */
  taken: number
  /** By each way to read a letter. */
  official: Choice
  strict: Choice
}

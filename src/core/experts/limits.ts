import type { ExpertLimits } from './types'

/** Small models repeat themselves after two or three reviews; each round costs minutes on a laptop. */
export const DEFAULT_LIMITS: ExpertLimits = { rounds: 3, stageTokens: 1024, totalTokens: 6144 }

export const MAX_ROUNDS = 8

/** As Citrus's inference has it: 4,096 new tokens. */
export const MAX_STAGE_TOKENS = 4096
export const MIN_STAGE_TOKENS = 16
export const MAX_TOTAL_TOKENS = MAX_ROUNDS * 2 * MAX_STAGE_TOKENS

/** As Citrus's inference has it. */
export const DEFAULT_TEMPERATURE = 0.7
/** Ours: it cuts what is least probable, which derails small models. */
export const DEFAULT_TOP_P = 0.95

/** Of a question and of each prompt, in UTF-16 units: longer ones fit no context. */
export const MAX_TEXT_LENGTH = 100_000

/** Replies of one study, those cut short by the user included: each round has three that are whole. */
export const MAX_STAGES = 2000

/** The sufficiency check asks for one of these. */
export const SUFFICIENT_LETTERS = ['A', 'B'] as const

/** The reasoning is sufficient where A is at least as probable as B. */
export const SUFFICIENT_FROM = 0.5

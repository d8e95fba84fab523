/** What fixtures of runs have in common: the plain case of everything that a run may also do otherwise. */
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { NO_BUDGET, OFFICIAL_DECODING, type Answer, type RunPlan } from '#core/run/types'

export const PLAIN_PLAN = {
  rotations: [],
  rotationShare: 0,
  askedSha256: 'd4'.repeat(32),
  protocol: 'generate',
  prompts: ANESBENCH_PROMPTS,
  promptSha256: 'c3'.repeat(32),
  shots: null,
  decoding: OFFICIAL_DECODING,
  budget: NO_BUDGET,
  split: null,
  origin: { kind: 'own' },
} as const satisfies Partial<RunPlan>

export const PLAIN_ANSWER = { rotation: 0, forward: null } as const satisfies Partial<Answer>

export const NO_HASHES = { librarySha256: null, tokenizerSha256: null }

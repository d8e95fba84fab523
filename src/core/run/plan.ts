import type { Dataset } from '../dataset/item'
import { ANESBENCH_PROMPTS } from '../prompt/anesbench'
import type { PromptSet } from '../prompt/prompt-set'
import type { PromptKind } from '../prompt/question'
import {
  NO_BUDGET,
  OFFICIAL_DECODING,
  type Budget,
  type Decoding,
  type Protocol,
  type RunId,
  type RunOrigin,
  type RunPlan,
  type Selection,
  type Shots,
} from './types'

/** Questions named one by one instead of drawn: a share of another run's. Both by position, as in a plan. */
export type GivenQuestions = Pick<RunPlan, 'itemIndexes' | 'rotations'>

/** Which solved examples; with `items` they are these, else they are drawn when the run is made. */
export type ShotsChoice = Omit<Shots, 'items'> & Partial<Pick<Shots, 'items'>>

/** What the user chooses of a run. */
export interface RunRequest {
  model: RunPlan['model']
  dataset: Pick<Dataset, 'id' | 'name' | 'source' | 'sha256' | 'itemsSha256'>
  selection: Selection
  protocol: Protocol
  prompts: PromptSet
  /** Share of the items that are asked a second time with their options moved on, 0 to 1. */
  rotationShare: number
  shots: ShotsChoice | null
  decoding: Decoding
  /** Absent: one reply. */
  strategy?: RunPlan['strategy']
  /** Absent: every prompt is read anew. */
  reusePrompt?: true
  budget: Budget
  split: RunPlan['split']
  /** Null where the selection, the share of rotations and the split say which. */
  questions: GivenQuestions | null
  origin: RunOrigin
}

/** What AnesBench itself does, for everything but the model and the questions. */
export const PLAIN_REQUEST = {
  protocol: 'generate',
  prompts: ANESBENCH_PROMPTS,
  rotationShare: 0,
  shots: null,
  decoding: OFFICIAL_DECODING,
  budget: NO_BUDGET,
  split: null,
  questions: null,
  origin: { kind: 'own' },
} as const satisfies Partial<RunRequest>

/** The prompts that a protocol sends, in the order sent. */
export function promptKinds(protocol: Protocol): readonly PromptKind[] {
  switch (protocol) {
    case 'generate':
      return ['chain-of-thought']
    case 'letters':
      return ['letter-only']
    case 'both':
      return ['chain-of-thought', 'letter-only']
  }
}

/** The plan of a run that asks these questions. */
export function makeRunPlan(
  request: RunRequest,
  questions: Pick<RunPlan, 'strata' | 'itemIndexes' | 'rotations' | 'shots'>,
  made: { id: RunId; at: number; appVersion: string; promptSha256: string; askedSha256: string },
): RunPlan {
  const { model, dataset, selection, protocol, prompts, rotationShare, decoding, strategy, reusePrompt } =
    request
  const { budget, split, origin } = request
  const part = split ? ` · ${split.part}/${split.of}` : ''
  return {
    id: made.id,
    name: `${model.name} ${model.quantization} · ${dataset.name}${part}`,
    createdAt: made.at,
    appVersion: made.appVersion,
    model,
    dataset: {
      id: dataset.id,
      name: dataset.name,
      source: dataset.source.kind,
      sha256: dataset.sha256,
      itemsSha256: dataset.itemsSha256,
    },
    selection,
    strata: questions.strata,
    itemIndexes: questions.itemIndexes,
    rotations: questions.rotations,
    rotationShare,
    askedSha256: made.askedSha256,
    protocol,
    prompts,
    promptSha256: made.promptSha256,
    shots: questions.shots,
    decoding,
    ...(strategy && { strategy }),
    ...(reusePrompt && { reusePrompt }),
    budget,
    split,
    origin,
  }
}

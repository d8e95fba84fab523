import { EXPERT_PROMPTS } from '#core/experts/prompts'
import type { ExpertsEvent, ExpertsPlan, SufficiencyStage, WrittenStage } from '#core/experts/types'

const ENGINE = {
  engine: 'wllama' as const,
  engineVersion: '3.8.1',
  device: 'CPU',
  fingerprint: 'f'.repeat(64),
  librarySha256: null,
  tokenizerSha256: null,
  contextTokens: 2048,
}

const MODEL = { modelId: 'm', variantId: 'v', name: 'Model', quantization: 'Q8_0' }

export function expertsPlan(changes: Partial<ExpertsPlan> = {}): ExpertsPlan {
  return {
    question: 'Why is it so?',
    item: null,
    language: 'en',
    models: { reasoner: MODEL, reviewer: MODEL },
    prompts: EXPERT_PROMPTS.en,
    changedPrompts: [],
    limits: { rounds: 2, stageTokens: 100, totalTokens: 1000 },
    sampling: { temperature: 0.7, topP: 0.95, seed: 7 },
    appVersion: '1',
    ...changes,
  }
}

export function created(changes: Partial<ExpertsPlan> = {}): ExpertsEvent {
  return { kind: 'created', at: 1, plan: expertsPlan(changes) }
}

const STAGE = { modelName: 'Model', quantization: 'Q8_0', engine: ENGINE, messages: [], promptTokens: 10 }

export function written(
  kind: WrittenStage['kind'],
  round: number,
  reply: string,
  changes: Partial<WrittenStage> = {},
): ExpertsEvent {
  const stage = { ...STAGE, kind, round, reply, finish: 'stop', seed: 7, completionTokens: 20 } as const
  return { kind: 'stage', at: 2, stage: { ...stage, timeToFirstTokenMs: 5, decodeMs: 950, ...changes } }
}

export function checked(round: number, probability: SufficiencyStage['probability']): ExpertsEvent {
  return {
    kind: 'stage',
    at: 3,
    stage: { ...STAGE, kind: 'sufficiency', round, probability, elapsedMs: 40 },
  }
}

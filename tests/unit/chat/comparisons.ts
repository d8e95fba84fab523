/** Comparisons for tests: judged ones of two models, with as few words as possible. */
import type { ComparedModel, ComparisonId, ComparisonRecord, Preference } from '#core/chat/comparison'
import { startReply } from '#core/chat/partial-reply'
import type { AssistantMessage, ReplyEnd } from '#core/chat/types'
import { NO_HASHES } from '../../run-defaults'

export const SETTINGS = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 64, seed: 7 }

export const ALPHA: ComparedModel = { modelId: 'alpha', variantId: 'q4', name: 'Alpha', quantization: 'Q4' }
export const BETA: ComparedModel = { modelId: 'beta', variantId: 'q8', name: 'Beta', quantization: 'Q8' }

export function replyOf(model: ComparedModel, text: string, finish: ReplyEnd = 'stop'): AssistantMessage {
  const engine = {
    engine: 'scripted',
    engineVersion: '1',
    device: 'test',
    fingerprint: `sha-of-${model.modelId}`,
    contextTokens: 1000,
    ...NO_HASHES,
  } as const
  const { name: modelName, quantization } = model
  const origin = { id: 1, parent: 0, at: 5, modelName, quantization, engine, settings: SETTINGS }
  return { ...startReply({ ...origin, omittedMessages: 0 }), text, finish, completionTokens: 2 }
}

let made = 0

/** Alpha on the left, unless `beta` is. */
export function comparison(
  preference: Preference | null,
  { beta = 'right', ...changes }: Partial<ComparisonRecord> & { beta?: 'left' | 'right' } = {},
): ComparisonRecord {
  made += 1
  const id = `comparison-${made}` as ComparisonId
  const [left, right] = beta === 'right' ? [ALPHA, BETA] : [BETA, ALPHA]
  return {
    id,
    series: id,
    position: 0,
    createdAt: made,
    question: 'What is zorane?',
    settings: SETTINGS,
    models: { left, right },
    replies: { left: replyOf(left, 'L'), right: replyOf(right, 'R') },
    blind: true,
    preference,
    decidedAt: preference === null ? null : made + 1,
    removedAt: null,
    ...changes,
  }
}

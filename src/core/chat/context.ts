/** How much of the model's context a branch takes, and how its oldest part is summarised. */
import type { GenerationRequest } from '../engine'
import { cutOf, GREEDY, type ContextCut } from './request'
import type { AssistantMessage, ConversationRecord, MessageRecord } from './types'

export interface ContextUse {
  tokens: number
  /** How many of them are estimated, because the model has not read them yet. */
  estimated: number
}

/** Tokens per character of the vocabularies in use (Qwen2.5, Llama 3): English words, and Chinese characters. */
const TOKENS_PER_CHARACTER = { latin: 0.25, chinese: 0.7 }

const CHINESE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g

export function estimateTokens(text: string): number {
  const chinese = text.match(CHINESE)?.length ?? 0
  const { latin, chinese: each } = TOKENS_PER_CHARACTER
  return Math.ceil(chinese * each + (text.length - chinese) * latin)
}

/**
 * Tokens that the next question would go with, itself not counted. The last reply of the model with this fingerprint
 * says how many came up to its end; all else is estimated by `estimateTokens`.
 */
export function contextUse(
  branch: readonly MessageRecord[],
  system: string | null,
  fingerprint: string,
): ContextUse {
  const at = branch.findLastIndex((message) => isCounted(message, fingerprint))
  const counted = branch[at] as AssistantMessage | undefined
  const { omittedMessages, summary } = cutOf(branch)
  const unread = counted
    ? branch.slice(at + 1).map(({ text }) => text)
    : [system ?? '', summary?.text ?? '', ...branch.slice(omittedMessages).map(({ text }) => text)]
  const estimated = unread.reduce((sum, text) => sum + estimateTokens(text), 0)
  return { tokens: (counted ? counted.promptTokens + counted.completionTokens : 0) + estimated, estimated }
}

/** A reply as the model wrote it: one that a user has rewritten is not what was counted. */
function isCounted(message: MessageRecord, fingerprint: string): message is AssistantMessage {
  return (
    message.role === 'assistant' &&
    message.promptTokens > 0 &&
    message.editedFrom === null &&
    message.engine.fingerprint === fingerprint
  )
}

/** Long enough for what matters, short enough to save room. */
const SUMMARY_TOKENS = 400

/**
 * Has the oldest messages summarised: `instruction`, then who said what. A summary that already stands for the oldest
 * of them goes first.
 */
export function summaryRequest(
  branch: readonly MessageRecord[],
  omit: number,
  before: ContextCut,
  texts: { instruction: string; user: string; model: string },
): GenerationRequest {
  const said = branch
    .slice(before.omittedMessages, omit)
    .map(({ role, text }) => `${role === 'user' ? texts.user : texts.model}: ${text}`)
  const content = [texts.instruction, ...(before.summary ? [before.summary.text] : []), ...said].join('\n\n')
  return {
    messages: [{ role: 'user', content }],
    maxTokens: SUMMARY_TOKENS,
    ...GREEDY,
    seed: 0,
  }
}

/**
 * The end of a branch as the beginning of another conversation. Nothing is left out of that one: its replies were made
 * with more, as they say.
 */
export function lastTurns(branch: readonly MessageRecord[], omit: number): MessageRecord[] {
  return branch.slice(omit).map((message, id) => {
    const place = { id, parent: id === 0 ? null : id - 1 }
    if (message.role === 'user') return { ...message, ...place }
    // What they refer to stays behind; a cut would be taken over by the next reply.
    return { ...message, ...place, editedFrom: null, continuedFrom: null, omittedMessages: 0, summary: null }
  })
}

/** A conversation that begins with the given messages. */
export function conversationOf(
  record: Pick<ConversationRecord, 'id' | 'title' | 'settings' | 'strategy' | 'origin'>,
  messages: readonly MessageRecord[],
  at: number,
): ConversationRecord {
  return {
    ...record,
    renamed: false,
    pinned: false,
    createdAt: at,
    updatedAt: at,
    removedAt: null,
    leaf: messages.at(-1)?.id ?? null,
    nextMessage: messages.reduce((next, { id }) => Math.max(next, id + 1), 0),
    imported: null,
  }
}

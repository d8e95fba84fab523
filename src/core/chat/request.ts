/** From a stored conversation to what the model is asked. */
import type { GenerationRequest } from '../engine'
import type { ChatMessage } from '../prompt/question'
import type { ChatSettings, ContextSummary, MessageRecord } from './types'

/** Upper bound of a chat reply, in tokens: several screens of text, and an end for a model that repeats itself. */
export const CHAT_MAX_TOKENS = 1024

/** The share of the context kept free for the reply when old messages are left out. */
const REPLY_SHARE = 0.25

/** Longest title of a conversation, in characters. */
const TITLE_LENGTH = 60

/** How replies are drawn. */
export interface ChatDecoding {
  temperature: number
  topP: number
}

/** Qwen2.5's own recommendation (its generation_config.json), sound for the other models of the catalogue too. */
export const SAMPLED: ChatDecoding = { temperature: 0.7, topP: 0.8 }
/** For a model trained on fixed sentences. */
export const GREEDY: ChatDecoding = { temperature: 0, topP: 1 }

/**
 * Decoding that every engine takes: with top-p 0, which runs and archives may carry and WebLLM refuses, only the most
 * probable token is left, so it is greedy.
 */
export function askableDecoding({ temperature, topP }: ChatDecoding): ChatDecoding {
  return topP > 0 ? { temperature, topP } : GREEDY
}

/** What the model is not shown of a branch, because it does not fit its context. */
export interface ContextCut {
  /** How many of the oldest messages. */
  omittedMessages: number
  /** What stands in place of them. */
  summary: ContextSummary | null
}

export const NOTHING_CUT: ContextCut = { omittedMessages: 0, summary: null }

/** Once the user has agreed to a cut, a branch goes on with it: that of its last reply. */
export function cutOf(branch: readonly MessageRecord[]): ContextCut {
  const last = branch.findLast((message) => message.role === 'assistant')
  return last ? { omittedMessages: last.omittedMessages, summary: last.summary } : NOTHING_CUT
}

export interface ChatOptions extends Omit<ChatSettings, 'preset' | 'seed'> {
  seed: number
  cut: ContextCut
  /** Written before a summary, which goes before the first question that is left. */
  summaryTitle: string
  /** Solved examples, which go before the first message. */
  examples?: readonly ChatMessage[]
  /** The beginning of the reply that the model goes on from. */
  replyStart?: string | undefined
}

/**
 * The request for a reply to the last user message. Questions that never got a reply are left out, because
 * models are trained on alternating turns.
 */
export function chatRequest(messages: readonly MessageRecord[], options: ChatOptions): GenerationRequest {
  const { system, cut, maxTokens, seed, replyStart } = options
  const turns = messages.slice(cut.omittedMessages).filter((message, index, all) => {
    const next = all[index + 1]
    if (message.role === 'assistant') return message.text !== '' && all[index - 1]?.role === 'user'
    return next === undefined || (next.role === 'assistant' && next.text !== '')
  })
  const before = cut.summary ? `${options.summaryTitle}\n${cut.summary.text}\n\n` : ''
  const conversation = turns.map(({ role, text }, index): ChatMessage => ({
    role,
    content: index === 0 ? before + text : text,
  }))
  return {
    messages: [
      ...(system === null ? [] : [{ role: 'system', content: system } as const]),
      ...(options.examples ?? []),
      ...conversation,
    ],
    maxTokens,
    ...askableDecoding(options),
    seed,
    ...(replyStart !== undefined && { replyStart }),
  }
}

/**
 * How many of the oldest messages to leave out so that a prompt of `promptTokens`, made without the first
 * `omitted` messages, fits `contextTokens` with room for a reply. Tokens are taken as proportional to
 * characters, and at least one more turn is left out. Null when only the last message is left: it is too long.
 */
export function furtherOmission(
  messages: readonly MessageRecord[],
  omitted: number,
  promptTokens: number,
  contextTokens: number,
): number | null {
  const last = messages.length - 1
  const turnStarts = messages.flatMap(({ role }, index) =>
    role === 'user' && index > omitted ? [index] : [],
  )
  if (turnStarts.length === 0) return null
  const characters = (from: number) => messages.slice(from).reduce((sum, { text }) => sum + text.length, 0)
  const wanted = contextTokens * (1 - REPLY_SHARE)
  const fitting = turnStarts.find(
    (start) => (characters(start) / Math.max(1, characters(omitted))) * promptTokens <= wanted,
  )
  return fitting ?? last
}

/** What a conversation is called: the first line of its first message, cut at a character, not inside one. */
export function titleOf(text: string): string {
  const line = [...(text.trim().split('\n')[0] ?? '').trim()]
  return line.length <= TITLE_LENGTH ? line.join('') : `${line.slice(0, TITLE_LENGTH - 1).join('')}…`
}

/** Tokens per second while a reply was written, or null when there were too few to tell. */
export function decodeSpeed(reply: { completionTokens: number; decodeMs: number }): number | null {
  if (reply.completionTokens < 2 || reply.decodeMs <= 0) return null
  return ((reply.completionTokens - 1) / reply.decodeMs) * 1000
}

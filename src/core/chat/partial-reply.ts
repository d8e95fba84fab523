/** A reply while it is being written: a pure fold over the engine's events. */
import type { EngineDescription, Generation, GenerationEvent } from '../engine'
import { reasoningTime } from './reasoning'
import type { AssistantMessage, ChatSettings, ContextSummary, MessageId } from './types'

/** Splitting a long reply at every token would cost more than the token; so the time of reasoning is this exact, in ms. */
const LOOK_MS = 100

export interface ReplyOrigin {
  id: MessageId
  parent: MessageId
  /** When the question was put, in ms since 1970. */
  at: number
  modelName: string
  quantization: string
  engine: EngineDescription
  settings: ChatSettings
  omittedMessages: number
  summary?: ContextSummary | null
  /** The reply that this one goes on from, and its text. */
  continuedFrom?: MessageId | null
  text?: string
}

/** What is stored when nothing more comes. */
export function startReply(origin: ReplyOrigin): AssistantMessage {
  return {
    role: 'assistant',
    text: '',
    removedAt: null,
    editedFrom: null,
    continuedFrom: null,
    summary: null,
    reasoningMs: null,
    finish: 'interrupted',
    promptTokens: 0,
    completionTokens: 0,
    timeToFirstTokenMs: 0,
    decodeMs: 0,
    ...origin,
  }
}

/** `elapsedMs` is the time since the question was put. */
export function extendReply(
  reply: AssistantMessage,
  event: GenerationEvent,
  elapsedMs: number,
): AssistantMessage {
  if (event.kind === 'prompt-processed') {
    const { promptTokens, timeToFirstTokenMs } = event
    return { ...reply, promptTokens, timeToFirstTokenMs }
  }
  const text = reply.text + event.text
  const decodeMs = Math.max(0, elapsedMs - reply.timeToFirstTokenMs)
  return {
    ...reply,
    text,
    completionTokens: event.completionTokens,
    decodeMs,
    reasoningMs: isLookDue(reply, event.text, decodeMs)
      ? reasoningTime(text, decodeMs, reply.reasoningMs)
      : reply.reasoningMs,
  }
}

/** Whether the reply is to be split anew: a tag may have ended, or the time told is no longer exact. */
function isLookDue(reply: AssistantMessage, added: string, decodeMs: number): boolean {
  return added.includes('>') || Math.floor(decodeMs / LOOK_MS) !== Math.floor(reply.decodeMs / LOOK_MS)
}

/** The engine's own account replaces what was counted on the way. `begun` is the text that the reply went on from. */
export function finishReply(reply: AssistantMessage, generation: Generation, begun = ''): AssistantMessage {
  return { ...reply, ...generation, text: begun + generation.text }
}

/** A reply as a user has rewritten it; what it was chosen among says nothing of these words. */
export function editedReply(reply: AssistantMessage, text: string, at: number): AssistantMessage {
  const kept = { ...reply }
  delete kept.sampling
  return { ...kept, text, at, editedFrom: reply.id, continuedFrom: null, removedAt: null }
}

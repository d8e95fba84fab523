/** A reply while it is being written: a pure fold over the engine's events. */
import type { EngineDescription, Generation, GenerationEvent } from '../engine'
import type { AssistantMessage, ChatSettings, MessageId } from './types'

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
}

/** What is stored when nothing more comes. */
export function startReply(origin: ReplyOrigin): AssistantMessage {
  return {
    role: 'assistant',
    text: '',
    removedAt: null,
    editedFrom: null,
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
  return {
    ...reply,
    text: reply.text + event.text,
    completionTokens: event.completionTokens,
    decodeMs: Math.max(0, elapsedMs - reply.timeToFirstTokenMs),
  }
}

/** The engine's own account replaces what was counted on the way. */
export function finishReply(reply: AssistantMessage, generation: Generation): AssistantMessage {
  return { ...reply, ...generation }
}

/** An answered benchmark item as the beginning of a conversation: the exact messages, and the run's stored reply. */
import type { EngineDescription } from '../engine'
import { promptMessages } from '../prompt/messages'
import { promptKinds } from '../run/plan'
import { shotsFor } from '../run/shots'
import type { Answer, RunPlan } from '../run/types'
import { conversationOf } from './context'
import { askableDecoding, titleOf } from './request'
import type {
  AssistantMessage,
  ChatSettings,
  ConversationId,
  ConversationRecord,
  MessageRecord,
  UserMessage,
} from './types'

export interface OpenedItem {
  conversation: ConversationRecord
  messages: MessageRecord[]
}

/**
 * `engine` is what answered the item; null where nothing was. Null for an item whose text was withheld. A run that
 * scored letters only kept no reply: the conversation then begins with the question alone.
 */
export function conversationFromAnswer(
  plan: RunPlan,
  answer: Answer,
  engine: EngineDescription | null,
  place: { id: ConversationId; at: number },
): OpenedItem | null {
  const { item } = answer
  const [kind] = promptKinds(plan.protocol)
  if (item.withheld !== undefined || !kind) return null
  const sent = promptMessages(item, plan.prompts.templates[kind], shotsFor(plan.shots, item.language))
  const system = sent.find(({ role }) => role === 'system')?.content ?? null
  const turns = sent.filter(({ role }) => role !== 'system')
  const question = turns.at(-1)
  if (!question) return null
  const settings: ChatSettings = { preset: null, system, ...plan.decoding }

  const message = { parent: null, removedAt: null, at: place.at } as const
  const user: UserMessage = { ...message, id: 0, role: 'user', text: question.content }
  const hasReply = engine !== null && answer.failure === null && answer.reply !== ''
  const reply: AssistantMessage[] = hasReply
    ? [
        {
          ...message,
          id: 1,
          parent: 0,
          role: 'assistant',
          at: answer.answeredAt,
          text: answer.reply,
          editedFrom: null,
          continuedFrom: null,
          summary: null,
          omittedMessages: 0,
          reasoningMs: null,
          finish: answer.finish,
          modelName: plan.model.name,
          quantization: plan.model.quantization,
          engine,
          settings,
          promptTokens: answer.promptTokens,
          completionTokens: answer.completionTokens,
          timeToFirstTokenMs: answer.timeToFirstTokenMs,
          decodeMs: answer.decodeMs,
          ...(answer.reading && { reading: answer.reading }),
        },
      ]
    : []
  const messages = [user, ...reply]
  const origin = {
    kind: 'run',
    runId: plan.id,
    position: answer.position,
    examples: turns.slice(0, -1),
    reply: hasReply ? 1 : null,
    options: item.options,
  } as const
  const next = { ...settings, ...askableDecoding(settings) }
  const record = { id: place.id, title: titleOf(item.stem), settings: next, origin }
  return { conversation: conversationOf(record, messages, place.at), messages }
}

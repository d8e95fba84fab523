/** A conversation as a file that can be read back. */
import type { ConversationRecord, MessageId, MessageRecord } from '../types'

export const CONVERSATION_FORMAT = 'somnus-conversation'
export const CONVERSATION_VERSION = 1
/** The JSON Schema, relative to the site of the app that wrote the file. */
export const CONVERSATION_SCHEMA = 'schemas/somnus-conversation-1.schema.json'

/** All branches, or the one that is shown. */
export type ConversationScope = 'tree' | 'branch'

type WithoutRemoval<Message> = Message extends unknown ? Omit<Message, 'removedAt'> : never
export type FileMessage = WithoutRemoval<MessageRecord>

export type FileConversation = Pick<
  ConversationRecord,
  | 'id'
  | 'title'
  | 'renamed'
  | 'createdAt'
  | 'updatedAt'
  | 'leaf'
  | 'nextMessage'
  | 'settings'
  | 'strategy'
  | 'origin'
>

/** The JSON file, version 1. Times are in ms since 1970. */
export interface ConversationFile {
  $schema: typeof CONVERSATION_SCHEMA
  format: typeof CONVERSATION_FORMAT
  version: typeof CONVERSATION_VERSION
  exportedAt: number
  /** Version of the app that wrote the file. */
  app: string
  /** What the replies are, and are not meant for, for whoever opens the file. */
  notice: string
  scope: ConversationScope
  conversation: FileConversation
  /** A message stands behind the one that it follows. */
  messages: FileMessage[]
}

export interface ConversationToFile {
  conversation: ConversationRecord
  /** In any order, deleted ones too, which stay behind. */
  messages: readonly MessageRecord[]
  scope: ConversationScope
  app: string
  notice: string
  exportedAt: number
}

/** The file; with the scope `branch` it holds the messages up to `conversation.leaf`. */
export function conversationFile(from: ConversationToFile): ConversationFile {
  const { conversation, scope, app, notice, exportedAt } = from
  const visible = visibleMessages(from.messages)
  const branch = scope === 'branch' ? wayTo(visible, conversation.leaf) : null
  const messages = branch ? visible.filter(({ id }) => branch.has(id)) : visible
  const { id, title, renamed, createdAt, updatedAt, nextMessage, settings, strategy, origin } = conversation
  const leaf = messages.some((message) => message.id === conversation.leaf)
    ? conversation.leaf
    : (messages.at(-1)?.id ?? null)
  return {
    $schema: CONVERSATION_SCHEMA,
    format: CONVERSATION_FORMAT,
    version: CONVERSATION_VERSION,
    exportedAt,
    app,
    notice,
    scope,
    conversation: {
      ...{ id, title, renamed, createdAt, updatedAt, leaf, nextMessage, settings, origin },
      ...(strategy && { strategy }),
    },
    messages: messages.map(fileMessage),
  }
}

/** The file in pieces of one message, for writing a long one without holding up the page. */
export function* conversationJsonParts({ messages, ...head }: ConversationFile): Generator<string> {
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "messages": [`
  for (const [index, message] of messages.entries()) {
    yield (index === 0 ? '\n    ' : ',\n    ') + JSON.stringify(message)
  }
  yield '\n  ]\n}\n'
}

export function fileMessage(message: MessageRecord): FileMessage {
  const kept: FileMessage & Partial<Pick<MessageRecord, 'removedAt'>> = { ...message }
  delete kept.removedAt
  return kept
}

/** The messages that are not deleted and do not follow a deleted one, the earliest first. */
function visibleMessages(messages: readonly MessageRecord[]): MessageRecord[] {
  const visible = new Set<MessageId | null>([null])
  return messages
    .toSorted((one, other) => one.id - other.id)
    .filter(({ id, parent, removedAt }) => {
      const isVisible = removedAt === null && visible.has(parent)
      if (isVisible) visible.add(id)
      return isVisible
    })
}

/** The ids from the beginning to `leaf`. */
function wayTo(messages: readonly MessageRecord[], leaf: MessageId | null): Set<MessageId> {
  const parents = new Map(messages.map(({ id, parent }) => [id, parent]))
  const way = new Set<MessageId>()
  for (let next: MessageId | null | undefined = leaf; next !== null && next !== undefined;) {
    if (!parents.has(next)) break
    way.add(next)
    next = parents.get(next)
  }
  return way
}

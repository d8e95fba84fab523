/** Reads a conversation from a file that anyone may have written. */
import * as v from 'valibot'
import { misfitOf, shorten, type Misfit } from '../../receipt/expected'
import { readJsonFile, type JsonProblem } from '../../receipt/json-file'
import { failure, success, type Result } from '../../result'
import type { MessageId } from '../types'
import {
  CONVERSATION_FORMAT,
  CONVERSATION_SCHEMA,
  CONVERSATION_VERSION,
  type ConversationFile,
  type FileMessage,
} from './conversation-file'
import { MAX_MESSAGES } from './limits'
import { Head, Message } from './shapes'

/** What the tree asks of a message's number, and a number's reader cannot know. */
export type TreeExpected =
  | { kind: 'larger-number'; than: number }
  | { kind: 'earlier-message' }
  | { kind: 'message' }
  | { kind: 'no-message' }

/** The first place at which a file is not what it should be. */
export interface FileMisfit extends Omit<Misfit, 'expected'> {
  expected: Misfit['expected'] | TreeExpected
}

export type ChatFileProblem =
  | { kind: 'not-json'; element: number | null }
  | { kind: 'too-long'; element: number | null; limit: number }
  | { kind: 'too-many'; limit: number }
  | { kind: 'other-format' }
  | { kind: 'other-version'; version: unknown }
  | ({ kind: 'misfit' } & FileMisfit)

/** Reads in steps of one message. */
export function* readConversation(
  text: string,
): Generator<undefined, Result<ConversationFile, ChatFileProblem>> {
  const read = yield* readJsonFile(text, 'messages')
  if (!read.ok) return failure(read.failure satisfies JsonProblem)
  const { head, list } = read.value
  if (head.format !== CONVERSATION_FORMAT) return failure({ kind: 'other-format' })
  if (head.version !== CONVERSATION_VERSION) return failure({ kind: 'other-version', version: head.version })
  if (list === null) return misfit('messages', { kind: 'list' }, 'undefined')
  if (list.length > MAX_MESSAGES) return failure({ kind: 'too-many', limit: MAX_MESSAGES })
  const parsed = v.safeParse(Head, head)
  if (!parsed.success) return failure({ kind: 'misfit', ...misfitOf(parsed.issues[0], '') })

  const messages: FileMessage[] = []
  const ids = new Set<MessageId>()
  for (const [index, raw] of list.entries()) {
    const place = `messages[${index}]`
    const message = v.safeParse(Message, raw)
    if (!message.success) return failure({ kind: 'misfit', ...misfitOf(message.issues[0], place) })
    const { id, parent } = message.output
    const before = messages.at(-1)?.id ?? -1
    if (id <= before) return misfit(`${place}.id`, { kind: 'larger-number', than: before }, id)
    if (parent !== null && !ids.has(parent)) {
      return misfit(`${place}.parent`, { kind: 'earlier-message' }, parent)
    }
    ids.add(id)
    messages.push(message.output)
    yield
  }
  const { conversation } = parsed.output
  const problem = endProblem(conversation.leaf, conversation.nextMessage, messages, ids)
  if (problem) return failure({ kind: 'misfit', ...problem })
  return success({
    $schema: CONVERSATION_SCHEMA,
    format: CONVERSATION_FORMAT,
    version: CONVERSATION_VERSION,
    ...parsed.output,
    messages,
  })
}

/** The branch shown ends with a message of the file, and new messages get numbers of their own. */
function endProblem(
  leaf: MessageId | null,
  nextMessage: MessageId,
  messages: readonly FileMessage[],
  ids: ReadonlySet<MessageId>,
): FileMisfit | null {
  const place = 'conversation.leaf'
  if (leaf === null && ids.size > 0) return { place, expected: { kind: 'message' }, found: 'null' }
  if (leaf !== null && !ids.has(leaf)) {
    const kind = ids.size > 0 ? 'message' : 'no-message'
    return { place, expected: { kind }, found: String(leaf) }
  }
  const than = messages.at(-1)?.id ?? -1
  if (nextMessage > than) return null
  const expected = { kind: 'larger-number', than } as const
  return { place: 'conversation.nextMessage', expected, found: String(nextMessage) }
}

function misfit(
  place: string,
  expected: FileMisfit['expected'],
  found: unknown,
): { ok: false; failure: ChatFileProblem } {
  return failure({ kind: 'misfit', place, expected, found: shorten(String(found)) })
}

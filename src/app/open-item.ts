import { conversationFromAnswer } from '#core/chat/from-run'
import type { ConversationId } from '#core/chat/types'
import { engineAt } from '#core/run/history'
import type { RunId } from '#core/run/types'
import type { ChatDatabase } from '#data/db/chats'
import type { Chats } from './chats.svelte'
import type { Runs } from './runs.svelte'

export interface OpenItemPorts {
  runs: Pick<Runs, 'load'>
  chats: Pick<Chats, 'list' | 'changed'>
  database: Pick<ChatDatabase, 'create'>
  newId: () => ConversationId
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * The conversation that goes on from an answered item: the one that was opened before, or a new one. Null when the run
 * or the text of the item is not there, or nothing can be stored. The run is only read.
 */
export async function openItem(
  runId: RunId,
  position: number,
  { runs, chats, database, newId, now }: OpenItemPorts,
): Promise<ConversationId | null> {
  const earlier = chats.list.find(({ origin }) => origin?.runId === runId && origin.position === position)
  if (earlier) return earlier.id
  const record = await runs.load(runId)
  const answer = [...(record?.answers ?? []), ...(record?.rotated ?? [])].find(
    (each) => each.position === position,
  )
  if (!record || !answer) return null
  const engine = engineAt(record, position)
  const opened = conversationFromAnswer(record.plan, answer, engine, { id: newId(), at: now() })
  if (!opened) return null
  const stored = await database.create(opened.conversation, opened.messages)
  if (!stored.ok) return null
  await chats.changed()
  return opened.conversation.id
}

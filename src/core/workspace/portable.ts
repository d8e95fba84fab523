/** Records as they travel: what was deleted stays behind, and what only this browser understands is put in words. */
import type { EngineFailure } from '../engine'
import type { ConversationRecord, MessageId, MessageRecord } from '../chat/types'
import type { RunEvent } from '../run/types'

/** An event whose failure names a model of this browser's store tells it in words, as receipts do. */
export function portableEvent(event: RunEvent): RunEvent {
  if (event.kind === 'paused') return { ...event, failure: portableFailure(event.failure) }
  if (event.kind !== 'answered') return event
  return { ...event, answer: { ...event.answer, failure: portableFailure(event.answer.failure) } }
}

function portableFailure(failure: EngineFailure | null): EngineFailure | null {
  if (failure?.kind !== 'model-unavailable') return failure
  return { kind: 'engine-error', detail: `model-unavailable: ${failure.failure.kind}` }
}

/**
 * A conversation without its deleted messages and all that follows them. Where the branch shown ended in one of them, it
 * now ends before it.
 */
export function withoutRemoved(
  conversation: ConversationRecord,
  messages: readonly MessageRecord[],
): { conversation: ConversationRecord; messages: MessageRecord[] } {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const kept = new Set<MessageId>()
  // A message follows one with a smaller id, so its parent has been looked at before it.
  for (const { id, parent, removedAt } of messages.toSorted((one, other) => one.id - other.id))
    if (removedAt === null && (parent === null || kept.has(parent))) kept.add(id)
  let { leaf } = conversation
  for (let steps = 0; leaf !== null && !kept.has(leaf) && steps <= messages.length; steps += 1)
    leaf = byId.get(leaf)?.parent ?? null
  const leafIsKept = leaf !== null && kept.has(leaf)
  return {
    conversation: { ...conversation, leaf: leafIsKept ? leaf : null },
    messages: messages.filter(({ id }) => kept.has(id)),
  }
}

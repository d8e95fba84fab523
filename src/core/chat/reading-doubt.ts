/** Replies whose way of reading the prompt was not confirmed, or is in doubt since a later check failed. */
import type { EngineDescription } from '../engine'
import type { PromptReading } from '../numerics/types'
import type { AssistantMessage, MessageId, MessageRecord } from './types'

/**
 * What a reply's reading is worth where it read on from an earlier beginning. `awaits`: no comparison with a cold pass
 * has followed. `in-doubt`: the next one failed, so that the reply may be wrong without a sign of it.
 */
export type ReadingStanding = 'awaits' | 'in-doubt'

/**
 * Of the replies of one conversation, in any order and of all its branches: those that read on without a comparison. A
 * later comparison with the same engine that agreed confirms them. A reply lends its standing to what was made of its text:
 * the one that goes on from it, and its wording by the user.
 */
export function readingStandings(messages: Iterable<MessageRecord>): ReadonlyMap<MessageId, ReadingStanding> {
  const standings = new Map<MessageId, ReadingStanding>()
  const waiting = new Map<string, Set<MessageId>>()
  const replies = [...messages]
    .filter((message): message is AssistantMessage => message.role === 'assistant')
    .sort((one, other) => one.at - other.at || one.id - other.id)
  for (const reply of replies) {
    const key = engineKey(reply.engine)
    const sinceCompared = waiting.get(key) ?? new Set()
    waiting.set(key, sinceCompared)
    // Its reading is a copy of the one before it was rewritten.
    const readings = reply.editedFrom === null ? readingsOf(reply) : []
    for (const reading of readings) {
      if (reading.compared) settle(sinceCompared)
      if (waits(reading)) {
        sinceCompared.add(reply.id)
        if (standings.get(reply.id) !== 'in-doubt') standings.set(reply.id, 'awaits')
      }
      if (reading.reason !== 'check-failed') continue
      for (const id of sinceCompared) standings.set(id, 'in-doubt')
      sinceCompared.clear()
    }
  }
  for (const { id, continuedFrom, editedFrom } of replies.sort((one, other) => one.id - other.id)) {
    const origin = continuedFrom ?? editedFrom
    const lent = origin === null ? undefined : standings.get(origin)
    if (lent === 'in-doubt' || (lent && !standings.has(id))) standings.set(id, lent)
  }
  return standings

  function settle(sinceCompared: Set<MessageId>): void {
    for (const id of sinceCompared) if (standings.get(id) === 'awaits') standings.delete(id)
    sinceCompared.clear()
  }
}

/** Replies of versions that did not tell whether they await a comparison: those that reused and were not compared do. */
function waits({ path, compared, awaitsComparison }: PromptReading): boolean {
  return awaitsComparison === true || (path === 'reused' && !compared)
}

/** In the order read: of all replies drawn to the question, and of what scored their steps. */
function readingsOf({ reading, sampling }: AssistantMessage): PromptReading[] {
  const drawn = sampling?.samples.flatMap((sample) => [sample.reading, sample.scores?.reading])
  return (drawn ?? [reading]).filter((each) => each !== undefined)
}

function engineKey({ engine, engineVersion, device, fingerprint }: EngineDescription): string {
  return JSON.stringify([engine, engineVersion, device, fingerprint])
}

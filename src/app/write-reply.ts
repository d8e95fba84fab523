import { extendReply, finishReply } from '#core/chat/partial-reply'
import type { AssistantMessage, ChatStorageFailure } from '#core/chat/types'
import type { Engine, EngineFailure, GenerationRequest } from '#core/engine'
import type { Result } from '#core/result'

/** The screen follows the stream this often: smooth to read, cheap to render. */
export const SHOW_INTERVAL_MS = 100

/** A killed tab loses at most this much of a reply. */
export const STORE_INTERVAL_MS = 1_000

export interface ReplyPorts {
  engine: Pick<Engine, 'generate'>
  /** Milliseconds since 1970. */
  now: () => number
  /** Replaces the stored state of this reply. */
  store: (reply: AssistantMessage) => Promise<Result<void, ChatStorageFailure>>
  show: (reply: AssistantMessage) => void
}

/** What is wrong with the reply, or null. */
export type ReplyFailure =
  { kind: 'engine'; failure: EngineFailure } | { kind: 'storage'; failure: ChatStorageFailure } | null

/**
 * Lets the model write one reply, or the rest of one: what `start` says already stays its beginning. It is stored
 * while it grows, as interrupted, and finally as it ended. A reply without a new word is not stored.
 */
export async function writeReply(
  start: AssistantMessage,
  request: GenerationRequest,
  ports: ReplyPorts,
  signal: AbortSignal,
): Promise<ReplyFailure> {
  let reply = start
  let storing: Promise<Result<void, ChatStorageFailure>> | undefined
  let shownAt = 0
  let storedAt = ports.now()

  // What is gone on with stays in sight while the model reads it.
  if (start.text !== '') ports.show(start)
  const generation = await ports.engine.generate(
    request,
    (event) => {
      const at = ports.now()
      reply = extendReply(reply, event, at - start.at)
      if (at - shownAt >= SHOW_INTERVAL_MS && reply.text !== start.text) {
        shownAt = at
        ports.show(reply)
      }
      if (at - storedAt >= STORE_INTERVAL_MS && reply.text !== start.text) {
        storedAt = at
        storing = ports.store(reply)
      }
    },
    signal,
  )
  if (generation.ok) reply = finishReply(reply, generation.value, start.text)
  else if (generation.failure.kind === 'aborted') reply = { ...reply, finish: 'abort' }
  ports.show(reply)
  // IndexedDB keeps the order of writes; waiting only makes sure that none is left behind.
  await storing
  const stored = reply.text === start.text ? undefined : await ports.store(reply)
  if (!generation.ok && generation.failure.kind !== 'aborted') {
    return { kind: 'engine', failure: generation.failure }
  }
  return stored && !stored.ok ? { kind: 'storage', failure: stored.failure } : null
}

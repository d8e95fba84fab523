/** A conversation with branches, for tests of files. */
import { startReply } from '#core/chat/partial-reply'
import type { AssistantMessage, ConversationId, ConversationRecord, MessageRecord } from '#core/chat/types'
import type { RunId } from '#core/run/types'
import { SETTINGS } from '../comparisons'

export const ENGINE = {
  engine: 'wllama',
  engineVersion: '3.8.1',
  device: 'CPU (WASM SIMD, 1 thread)',
  fingerprint: 'ab'.repeat(32),
  librarySha256: 'cd'.repeat(32),
  tokenizerSha256: null,
  contextTokens: 4096,
} as const

export function user(id: number, parent: number | null, text: string): MessageRecord {
  return { role: 'user', id, parent, text, at: 1000 + id, removedAt: null }
}

export function reply(
  id: number,
  parent: number,
  text: string,
  changes: Partial<AssistantMessage> = {},
): AssistantMessage {
  const origin = { id, parent, at: 1000 + id, modelName: 'Qwen2.5-0.5B-Instruct', quantization: 'Q4_K_M' }
  const started = startReply({ ...origin, engine: ENGINE, settings: SETTINGS, omittedMessages: 0 })
  return { ...started, text, finish: 'stop', completionTokens: 11, decodeMs: 1000, ...changes }
}

export function conversation(changes: Partial<ConversationRecord> = {}): ConversationRecord {
  return {
    id: 'talk' as ConversationId,
    title: 'What is MAC?',
    renamed: false,
    pinned: true,
    createdAt: 1000,
    updatedAt: 1009,
    removedAt: null,
    leaf: 5,
    nextMessage: 9,
    settings: { ...SETTINGS, preset: null },
    origin: {
      kind: 'run',
      runId: 'run' as RunId,
      position: 3,
      examples: [{ role: 'user', content: 'Example' }],
      reply: 1,
    },
    imported: null,
    ...changes,
  }
}

/**
 * 0 ─ 1 ─ 2 ─ 3        (3 is an edited reply)
 *   └ 4 ─ 5            (the branch shown)
 *   └ 6 (deleted) ─ 7
 */
export const MESSAGES: MessageRecord[] = [
  user(0, null, 'What is MAC?'),
  reply(1, 0, 'Minimum alveolar concentration.'),
  user(2, 1, 'And of sevoflurane?'),
  reply(3, 2, 'About 2 vol% at 40 years.', { editedFrom: 8 }),
  reply(4, 0, '<think>MAC is a unit.</think>It is a **measure** of potency.', { reasoningMs: 400 }),
  user(5, 4, 'In children?'),
  { ...reply(6, 0, 'deleted'), removedAt: 1008 },
  user(7, 6, 'follows a deleted one'),
]

const MEASURED = {
  promptTokens: 5,
  completionTokens: 4,
  timeToFirstTokenMs: 3,
  decodeMs: 2,
  reasoningMs: null,
}
const SCORER = {
  kind: 'self-verifier',
  modelName: 'Small',
  quantization: 'Q4_K_M',
  fingerprint: 'ab',
} as const
const scores = (...steps: number[]) => ({ scorer: SCORER, steps, promptTokens: 9, elapsedMs: 8 })

/** A reply that was chosen among two. */
export const SAMPLED = reply(1, 0, 'The liver.', {
  sampling: {
    strategy: { kind: 'vote-sum', samples: 2, stopsEarly: true, aggregate: 'min' },
    seed: 7,
    compared: 'texts',
    shown: 1,
    samples: [
      { seed: 8, text: 'The kidney.', finish: 'stop', ...MEASURED, answer: 'kidney', scores: scores(0.25) },
      {
        seed: 9,
        text: 'The liver.',
        finish: 'stop',
        ...MEASURED,
        answer: 'liver',
        scores: scores(0.5, 0.75),
      },
    ],
  },
})

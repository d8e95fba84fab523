/** A long conversation, put into the database of an open page as if it had been made there. */
import type { Page } from 'playwright'
import type { AssistantMessage, ConversationId, ConversationRecord, MessageRecord } from '#core/chat/types'
import type { EngineDescription } from '#core/engine'
import { NO_HASHES } from '../../tests/run-defaults'

export const BENCH_CONVERSATION = 'bench-conversation' as ConversationId
const CREATED_AT = Date.UTC(2026, 10, 22)

const ENGINE: EngineDescription = {
  ...{ engine: 'wllama', engineVersion: '3.8.1', device: 'CPU', fingerprint: '5f'.repeat(32) },
  contextTokens: 4096,
  ...NO_HASHES,
}

const SETTINGS = { preset: null, system: null, temperature: 0.7, topP: 0.8, maxTokens: 1024, seed: 7 }

/** A reply of some 1,500 characters with everything that Markdown has. */
export function richReply(number: number): string {
  const dose = (number % 7) + 1
  return `<think>
The question asks for a dose. Weight and age matter; so do the kidneys. First the usual range, then what changes it.
</think>

## Answer ${number}

A **slow injection** of *${dose} mg/kg* is usual; the effect begins within ${dose * 10} seconds. See [the label](https://example.org/label/${number}).

1. Give oxygen.
   - Check the mask.
   - Check the capnograph.
2. Inject slowly, watching the pressure.
3. Be ready to ventilate.

| Drug | Dose | Onset |
|:--|--:|--:|
| propofol | ${dose} mg/kg | 30 s |
| etomidate | 0.3 mg/kg | 30 s |
| ketamine | ${dose / 2} mg/kg | 60 s |

The clearance is $CL = \\frac{D}{AUC}$, so that

$$
C(t) = \\frac{D}{V} e^{-kt}, \\quad k = \\frac{CL}{V}
$$

\`\`\`python
def dose(weight, per_kg=${dose}):
    return weight * per_kg
\`\`\`

**注意：**老年患者应减量。诱导前充分给氧，准备好困难气道用具；注射后观察呼吸和血压，必要时给予升压药。

> A model wrote this. Check every number before you use it.`
}

function messagesOf(count: number): MessageRecord[] {
  return Array.from({ length: count }, (_, id): MessageRecord => {
    const base = { id, parent: id === 0 ? null : id - 1, at: CREATED_AT + id * 60_000, removedAt: null }
    if (id % 2 === 0) return { role: 'user', text: `Question ${id / 2 + 1}: which dose, and why?`, ...base }
    const reply: AssistantMessage = {
      ...{ role: 'assistant', text: richReply(id), ...base },
      ...{ editedFrom: null, continuedFrom: null, finish: 'stop', modelName: 'Bench', quantization: 'q8_0' },
      ...{ engine: ENGINE, promptTokens: 900, completionTokens: 380, timeToFirstTokenMs: 420 },
      ...{ decodeMs: 4000, reasoningMs: 600, settings: SETTINGS, omittedMessages: 0, summary: null },
    }
    return reply
  })
}

/** `count`: how many messages, questions and replies in turn. */
export async function seedChat(page: Page, count: number): Promise<void> {
  const conversation: ConversationRecord = {
    ...{ id: BENCH_CONVERSATION, title: 'A long conversation', renamed: false, pinned: false },
    ...{ createdAt: CREATED_AT, updatedAt: CREATED_AT, removedAt: null, leaf: count - 1, nextMessage: count },
    ...{ settings: null, origin: null, imported: null },
  }
  await page.evaluate(write, [conversation, messagesOf(count)] as const)
}

/** In the page. */
function write([conversation, messages]: readonly [ConversationRecord, MessageRecord[]]): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('somnus')
    opening.onerror = () => reject(new Error(String(opening.error)))
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(['conversations', 'messages'], 'readwrite')
      transaction.objectStore('conversations').put(conversation)
      for (const message of messages) {
        transaction.objectStore('messages').put(message, [conversation.id, message.id])
      }
      transaction.oncomplete = () => (opening.result.close(), resolve())
      transaction.onerror = () => reject(new Error(String(transaction.error)))
    }
  })
}

/** A database as version 3 of its schema left it, brought up by the app that is killed meanwhile. */
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import type { RawDatabase } from './raw-database'
import { isCount, type Scenario } from './scenario'

const SIZE = { conversations: 150, messages: 40 }

export const migrationScenario: Scenario = {
  name: 'migration',
  windowMs: 900,
  prepare: (page) => page.evaluate(writeVersion3, SIZE),
  // Starting is the work.
  work: () => Promise.resolve(),
  faults,
}

/** In a page without the app: what the version before stored, unless the app has brought it up already. */
async function writeVersion3({ conversations, messages }: typeof SIZE): Promise<void> {
  const existing = (await indexedDB.databases()).find(({ name }) => name === 'somnus')
  if (existing && Math.random() < 0.5) return
  const settled = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('refused'))
    })
  await settled(indexedDB.deleteDatabase('somnus'))
  const opening = indexedDB.open('somnus', 3)
  opening.onupgradeneeded = () => {
    const database = opening.result
    for (const store of ['datasets', 'runs', 'models', 'prompts']) {
      database.createObjectStore(store, { keyPath: 'id' })
    }
    database.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt')
    for (const store of ['datasetDetails', 'itemBlocks', 'runEvents', 'messages', 'preferences']) {
      database.createObjectStore(store)
    }
  }
  const database = await settled(opening)
  const transaction = database.transaction(['conversations', 'messages'], 'readwrite')
  for (let index = 0; index < conversations; index++) {
    const id = `talk-${index}`
    const dates = { createdAt: 1, updatedAt: 2, removedAt: null }
    transaction.objectStore('conversations').put({ id, title: id, ...dates })
    for (let position = 0; position < messages; position++) {
      const role = position % 2 === 0 ? 'user' : 'assistant'
      transaction
        .objectStore('messages')
        .put({ role, text: `${id}: ${position}`, at: position }, [id, position])
    }
  }
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = () => reject(transaction.error ?? new Error('refused'))
  })
  database.close()
}

function faults(stored: RawDatabase): string[] {
  const found: string[] = []
  const talks = (stored.conversations ?? []).map(({ value }) => value as ConversationRecord)
  if (talks.length !== SIZE.conversations) found.push(`${talks.length} conversations are left`)
  for (const { id, nextMessage, leaf } of talks) {
    const own = (stored.messages ?? []).filter(({ key }) => (key as [string, number])[0] === id)
    const messages = own.map(({ value }) => value as MessageRecord)
    const isWhole =
      nextMessage === SIZE.messages &&
      leaf === SIZE.messages - 1 &&
      isCount(messages.map((message) => message.id)) &&
      messages.every(
        ({ text, parent }, at) => text === `${id}: ${at}` && parent === (at === 0 ? null : at - 1),
      )
    if (!isWhole || messages.length !== SIZE.messages) found.push(`conversation ${id} is not what it was`)
  }
  return found
}

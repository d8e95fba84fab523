/** Tabs over one database, opened for each test and closed after it. */
import { afterEach, beforeEach, expect } from 'vitest'
import type { ConversationId } from '#core/chat/types'
import { BUILT_IN, openTab, type Tab } from './chat-fixture'

let name: string
const tabs: Tab[] = []

export async function tab(): Promise<Tab> {
  const opened = await openTab(name)
  tabs.push(opened)
  return opened
}

beforeEach(() => {
  name = `test-chat-${crypto.randomUUID()}`
})
afterEach(() => {
  for (const { database } of tabs.splice(0)) database.close()
  indexedDB.deleteDatabase(name)
})

export async function readyTab(choice = BUILT_IN): Promise<Tab> {
  const ready = await tab()
  await ready.models.load(choice)
  return ready
}

/** What is on disk, whatever the store says. */
export async function stored({ database }: Tab, id: ConversationId | null) {
  if (!id) throw new Error('no conversation is open')
  const messages = await database.getAll('messages', IDBKeyRange.bound([id, 0], [id, Infinity]))
  return messages.map((message) =>
    message.role === 'user' ? `user: ${message.text}` : `${message.finish}: ${message.text}`,
  )
}

export const asked = (from: Tab, index = -1) =>
  from.engine.requests.at(index)?.messages.map(({ role, content }) => `${role}: ${content}`)

export async function answered(from: Tab, question: string, reply: string): Promise<void> {
  await from.chats.send(question)
  from.engine.say(reply)
  from.engine.end()
  await expect.poll(() => from.chats.busy).toBe(false)
}

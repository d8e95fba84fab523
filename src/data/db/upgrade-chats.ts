/** The step from version 3 to 4: conversations were lists, and become trees. */
import { upgradeConversation, upgradeMessage, type ConversationV3, type MessageV3 } from '#core/chat/upgrade'
import type { UpgradeTransaction } from './schema'

export async function upgradeChats(transaction: UpgradeTransaction): Promise<void> {
  const conversations = transaction.objectStore('conversations')
  const messages = transaction.objectStore('messages')
  for (const stored of await conversations.getAll()) {
    const range = IDBKeyRange.bound([stored.id, 0], [stored.id, Infinity])
    const old = (await messages.getAll(range)) as unknown as MessageV3[]
    await Promise.all(
      old.map((message, position) => messages.put(upgradeMessage(message, position), [stored.id, position])),
    )
    await conversations.put(upgradeConversation(stored as ConversationV3, old.length))
  }
}

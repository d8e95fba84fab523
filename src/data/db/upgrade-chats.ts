/** The step from version 3 to 4: conversations were lists, and become trees. */
import { upgradeConversation, upgradeMessage, type MessageV3 } from '#core/chat/upgrade'
import type { UpgradeTransaction } from './schema'

/** The name under which versions 1 to 3 kept the one draft among the preferences. */
const OLD_DRAFT = 'chatDraft'

export async function upgradeChats(transaction: UpgradeTransaction): Promise<void> {
  const conversations = transaction.objectStore('conversations')
  const messages = transaction.objectStore('messages')
  for (const stored of await conversations.getAll()) {
    const range = IDBKeyRange.bound([stored.id, 0], [stored.id, Infinity])
    const old = (await messages.getAll(range)) as unknown as MessageV3[]
    await Promise.all(
      old.map((message, position) => messages.put(upgradeMessage(message, position), [stored.id, position])),
    )
    await conversations.put(upgradeConversation(stored, old.length))
  }
  await moveDraft(transaction)
}

async function moveDraft(transaction: UpgradeTransaction): Promise<void> {
  const preferences = transaction.objectStore('preferences')
  const text = await preferences.get(OLD_DRAFT)
  await preferences.delete(OLD_DRAFT)
  if (typeof text === 'string' && text !== '') {
    await transaction.objectStore('drafts').put({ text, edits: [], at: 0 }, '')
  }
}

/** Questions to the built-in model, one after the other, in a new conversation after each start. */
import type { Stores } from '#app/stores'
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import type { RawDatabase } from './raw-database'
import { TOLD, type Scenario } from './scenario'

/** Few enough for the context of the built-in model. */
const TURNS = 4

export const chatScenario: Scenario = {
  name: 'chat',
  windowMs: 3_000,
  work: (page) => page.evaluate(talkOn, [TOLD, TURNS] as const),
  faults,
}

/** In the page: tells each question that the store took, and each reply that ended. */
async function talkOn([told, turns]: readonly [string, number]): Promise<void> {
  const { openChats, locale, models } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  const chats = await openChats()
  // With the page come its texts, of which the system message is one.
  location.hash = '#/chat'
  while (!locale.speaksPages) await new Promise((resolve) => setTimeout(resolve, 5))
  await models.load({ modelId: models.builtIn.id, variantId: 'q8_0' })
  const visit = Math.random().toString(36).slice(2)
  const talk = async () => {
    for (let count = 0; ; count++) {
      if (count % turns === 0) await chats.open(null)
      const question = `What is zorane? ${visit}-${count}`
      if (await chats.send(question)) console.info(`${told}asked ${question}`)
      while (chats.busy) await new Promise((resolve) => setTimeout(resolve, 5))
      if (!chats.problem) console.info(`${told}answered ${question}`)
    }
  }
  void talk()
}

function faults(stored: RawDatabase, told: readonly string[]): string[] {
  const found: string[] = []
  const conversations = new Map<string, ConversationRecord>()
  for (const { key, value } of stored.conversations ?? []) {
    conversations.set(key as string, value as ConversationRecord)
  }
  const messages = (stored.messages ?? []).map(({ key, value }) => {
    const [conversation, id] = key as [string, number]
    return { conversation, id, message: value as MessageRecord }
  })
  for (const { conversation, id, message } of messages) {
    const owner = conversations.get(conversation)
    const before = messages.find((one) => one.conversation === conversation && one.id === message.parent)
    if (!owner) found.push(`a message of conversation ${conversation}, which is not there`)
    else if (id >= owner.nextMessage) found.push(`message ${id} is beyond what its conversation counts`)
    if (message.id !== id) found.push(`message ${id} calls itself ${message.id}`)
    if (message.parent !== null && !before)
      found.push(`message ${id} follows ${message.parent}, which is not there`)
    if (message.role === 'assistant' && before?.message.role !== 'user')
      found.push(`reply ${id} follows no question`)
  }
  const questions = messages.flatMap(({ message }) => (message.role === 'user' ? [message.text] : []))
  if (new Set(questions).size < questions.length) found.push('a question is stored twice')
  for (const line of told) {
    const [what = '', ...words] = line.split(' ')
    const question = words.join(' ')
    const asked = messages.find(({ message }) => message.role === 'user' && message.text === question)
    const replies = messages.filter(
      ({ conversation, message }) =>
        message.role === 'assistant' && conversation === asked?.conversation && message.parent === asked.id,
    )
    if (!asked) found.push(`"${question}" was taken and is gone`)
    else if (what === 'answered' && replies.length !== 1)
      found.push(`"${question}" has ${replies.length} replies`)
    else if (
      what === 'answered' &&
      replies.some(({ message }) => 'finish' in message && message.finish === 'interrupted')
    )
      found.push(`the reply to "${question}" had ended and is not whole`)
  }
  return found
}

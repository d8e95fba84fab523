/** The search worker: it keeps the text of all conversations in its memory, so that the page need not. */
import { expose } from 'comlink'
import {
  excerptOf,
  folded,
  hasWords,
  MOST_HITS,
  unmarked,
  wordsOf,
  type SearchResult,
} from '#core/chat/search'
import { isVisible, treeOf, type MessageTree } from '#core/chat/tree'
import type { ConversationId, ConversationRecord, MessageId } from '#core/chat/types'
import { ChatDatabase } from '#data/db/chats'
import { openDatabase } from '#data/db/schema'
import type { ChatSearchApi } from './chat-search-api'

interface Kept {
  /** As it was when its messages were read; undefined: they must be read again. */
  record: ConversationRecord | undefined
  /** Newest first, without deleted ones. */
  messages: { id: MessageId; text: string; folded: string }[]
}

const NO_EXCERPT = { excerpt: '', start: 0, length: 0 }

const kept = new Map<ConversationId, Kept>()
let database: ChatDatabase | null = null
/** The last changed first. */
let list: readonly ConversationRecord[] = []

const api: ChatSearchApi = {
  async open(databaseName) {
    database = new ChatDatabase(
      await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, databaseName),
    )
  },

  async search(query, isStale) {
    const words = wordsOf(query)
    if (!database || words.length === 0) return { hits: [], more: false }
    if (isStale) {
      list = await database.list()
      await refresh(database, list)
    }
    const result: SearchResult = { hits: [], more: false }
    for (const { id, title } of list) {
      const found = kept.get(id)?.messages.find((message) => hasWords(message.folded, words))
      if (!found && !hasWords(folded(title), words)) continue
      if (result.hits.length === MOST_HITS) return { ...result, more: true }
      const shown = found ? excerptOf(found.text, words) : NO_EXCERPT
      result.hits.push({ conversation: id, message: found?.id ?? null, ...shown })
    }
    return result
  },
}

/** Reads anew the conversations that were changed since the last search, and forgets those that are gone. */
async function refresh(chats: ChatDatabase, records: readonly ConversationRecord[]): Promise<void> {
  const present = new Set(records.map(({ id }) => id))
  for (const id of kept.keys()) if (!present.has(id)) kept.delete(id)
  const changed = records.filter((record) => !isSame(kept.get(record.id)?.record, record))
  await Promise.all(
    changed.map(async (record) => {
      const tree = treeOf(await chats.messages(record.id))
      const messages = [...tree.values()]
        .filter(({ id }) => isVisible(tree, id))
        .reverse()
        .map(({ id, role, text: written }) => {
          const text = role === 'assistant' ? unmarked(written) : written
          return { id, text, folded: folded(text) }
        })
      kept.set(record.id, { record: mayGrow(tree) ? undefined : record, messages })
    }),
  )
}

/** A reply that is being written grows without a change of its conversation. */
function mayGrow(tree: MessageTree): boolean {
  return [...tree.values()].some(
    (message) => message.role === 'assistant' && message.finish === 'interrupted',
  )
}

/** Any other change of messages changes one of these, too. */
function isSame(known: ConversationRecord | undefined, record: ConversationRecord): boolean {
  return (
    known?.updatedAt === record.updatedAt &&
    known.nextMessage === record.nextMessage &&
    known.leaf === record.leaf
  )
}

expose(api)

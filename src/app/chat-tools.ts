/** What is fetched only by those who compare models, or save and open conversations. */
import type { ComparisonId } from '#core/chat/comparison'
import type { ConversationId } from '#core/chat/types'
import { ChatDatabase } from '#data/db/chats'
import { ComparisonDatabase } from '#data/db/comparisons'
import type { Preferences } from '#data/db/preferences'
import type { SomnusDatabase } from '#data/db/schema'
import { randomId } from '#data/random-id'
import type { Chats } from './chats.svelte'
import { Comparisons } from './comparisons.svelte'
import { ConversationFiles } from './conversation-files'
import type { EngineStore } from './engine.svelte'
import type { Models } from './models.svelte'

export interface ChatTools {
  comparisons: Comparisons
  files: ConversationFiles
}

export interface ChatToolsPorts {
  database: SomnusDatabase
  preferences: Pick<Preferences, 'get' | 'set'>
  engine: EngineStore
  models: Models
  chats: Chats
}

export async function openChatTools(ports: ChatToolsPorts): Promise<ChatTools> {
  const { database, preferences, engine, models, chats } = ports
  const random = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  const comparisons = new Comparisons({
    database: new ComparisonDatabase(database),
    preferences,
    engine,
    models,
    isEngineTaken: () => chats.busy || engine.state.kind === 'loading' || engine.isMeasuring(),
    now: () => Date.now(),
    newId: () => randomId() as ComparisonId,
    newSeed: random,
    toss: () => random() % 2 === 1,
  })
  await comparisons.restore()
  const files = new ConversationFiles({
    database: new ChatDatabase(database),
    changed: () => chats.changed(),
    appVersion: __APP_VERSION__,
    now: () => Date.now(),
    newId: () => randomId() as ConversationId,
  })
  return { comparisons, files }
}

/** The conversations; fetched with the first page that has them. */
import type { ConversationId } from '#core/chat/types'
import { ChatDatabase } from '#data/db/chats'
import { DraftDatabase } from '#data/db/drafts'
import type { Preferences } from '#data/db/preferences'
import type { SomnusDatabase } from '#data/db/schema'
import { randomId } from '#data/random-id'
import type { Locale } from '#i18n/locale.svelte'
import { Chats } from './chats.svelte'
import { Drafts } from './drafts.svelte'
import type { EngineStore } from './engine.svelte'
import type { EngineUse } from './engine-use.svelte'
import { ModelChannel } from './model-channel'
import type { Models } from './models.svelte'
import { OwnDrafts } from './own-drafts'
import { WritingLocks } from './writing-locks'

export interface OpenChatsPorts {
  database: SomnusDatabase
  preferences: Preferences
  engine: EngineStore
  use: EngineUse
  models: Models
  locale: Locale
  locks: LockManager | undefined
}

export async function openChats(ports: OpenChatsPorts): Promise<Chats> {
  const { database, preferences, engine, use, models, locale, locks } = ports
  const own = new OwnDrafts(sessionStorage)
  const draft = new Drafts({ database: new DraftDatabase(database), own, now: () => Date.now() })
  addEventListener('pagehide', () => void draft.flush())
  const chats = new Chats({
    database: new ChatDatabase(database),
    channel: new ModelChannel('somnus-chats'),
    draft,
    writingLocks: new WritingLocks(locks),
    preferences,
    engine,
    loaded: () => models.loaded,
    texts: () => locale.t.chat,
    now: () => Date.now(),
    newId: () => randomId() as ConversationId,
    newSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  })
  use.enter(chats, { measures: false })
  await chats.restore()
  return chats
}

/** What is fetched with the pages of the chat only. */
import type { ComparisonId } from '#core/chat/comparison'
import type { ConversationId, PresetId } from '#core/chat/types'
import type { RunId } from '#core/run/types'
import { ChatDatabase } from '#data/db/chats'
import { ComparisonDatabase } from '#data/db/comparisons'
import type { Preferences } from '#data/db/preferences'
import { PresetDatabase } from '#data/db/presets'
import type { SomnusDatabase } from '#data/db/schema'
import { randomId } from '#data/random-id'
import type { Locale } from '#i18n/locale.svelte'
import type { Chats } from './chats.svelte'
import { Comparisons } from './comparisons.svelte'
import { ChatSearch } from './chat-search.svelte'
import { ConversationFiles } from './conversation-files'
import { ModelChannel } from './model-channel'
import { openItem } from './open-item'
import { Presets } from './presets.svelte'
import type { Runs } from './runs.svelte'
import type { EngineStore } from './engine.svelte'
import type { EngineUse } from './engine-use.svelte'
import type { Models } from './models.svelte'

export interface ChatTools {
  comparisons: Comparisons
  files: ConversationFiles
  presets: Presets
  search: ChatSearch
  /** The conversation that goes on from an answered item; null when that cannot be opened. */
  openItem: (runId: RunId, position: number) => Promise<ConversationId | null>
}

export interface ChatToolsPorts {
  database: SomnusDatabase
  preferences: Pick<Preferences, 'get' | 'set'>
  engine: EngineStore
  models: Models
  chats: Chats
  runs: Pick<Runs, 'load'>
  locale: Locale
  use: EngineUse
}

/** Names and descriptions of the presets that come with the app. */
function presetTexts({ chat, chatStrategies }: Locale['t']) {
  return { ...chat.presets, citrus: chatStrategies.citrusPreset }
}

export async function openChatTools(ports: ChatToolsPorts): Promise<ChatTools> {
  const { database, preferences, engine, models, chats, runs, locale, use } = ports
  const random = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  const comparisons: Comparisons = new Comparisons({
    database: new ComparisonDatabase(database),
    preferences,
    engine,
    models,
    channel: new ModelChannel('somnus-comparisons'),
    isEngineTaken: () => use.isTakenFrom(comparisons),
    isMeasuring: () => use.isMeasuredBeside(comparisons),
    now: () => Date.now(),
    newId: () => randomId() as ComparisonId,
    newSeed: random,
    toss: () => random() % 2 === 1,
  })
  use.enter(comparisons, { measures: false })
  await comparisons.restore()
  const files = new ConversationFiles({
    database: new ChatDatabase(database),
    changed: () => chats.changed(),
    appVersion: __APP_VERSION__,
    now: () => Date.now(),
    newId: () => randomId() as ConversationId,
  })
  const presets = new Presets({
    database: new PresetDatabase(database),
    texts: () => ({ language: locale.language, presets: presetTexts(locale.t) }),
    now: () => Date.now(),
    newId: () => randomId() as PresetId,
  })
  await presets.restore()
  const item = {
    runs,
    chats,
    database: new ChatDatabase(database),
    newId: () => randomId() as ConversationId,
    now: () => Date.now(),
  }
  return {
    comparisons,
    files,
    presets,
    search: new ChatSearch({ databaseName: database.name }),
    openItem: (runId, position) => openItem(runId, position, item),
  }
}

/** The one typed schema of the database and its numbered migration steps. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import type { RowProblem } from '#core/dataset/problem'
import type { ItemMetaColumns } from '#core/dataset/strata'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import type { PromptSet, PromptSetId } from '#core/prompt/prompt-set'
import type { RunSummary } from '#core/run/summary'
import type { RunEvent, RunId } from '#core/run/types'
import type { ComparisonId, ComparisonRecord } from '#core/chat/comparison'
import type {
  ChatPreset,
  ConversationId,
  ConversationRecord,
  MessageId,
  MessageRecord,
  PresetId,
} from '#core/chat/types'
import type { StudyEvent, StudyId, StudyRecord } from '#core/study/types'
import { upgradeChats } from './upgrade-chats'
import { upgradeRuns } from './upgrade-runs'

/** A run's summary; `removedAt` is set from its deletion until the undo is over and its events are erased. */
export interface StoredRun {
  id: RunId
  summary: RunSummary
  removedAt: number | null
}

/** A dataset without its items; `removedAt` as in StoredRun. */
export interface StoredDataset {
  id: DatasetId
  dataset: Dataset
  removedAt: number | null
}

/** What is read only when a dataset is looked into or sampled. */
export interface StoredDatasetDetails {
  meta: ItemMetaColumns
  /** The first of them; `dataset.problemCount` says how many there were. */
  problems: RowProblem[]
}

/** Prompts that a user made from others. */
export interface StoredPrompts {
  id: PromptSetId
  prompts: PromptSet
  savedAt: number
}

/** Presets that a user made or was given. */
export interface StoredPreset {
  id: PresetId
  preset: ChatPreset
  savedAt: number
}

/** What is typed and not sent: of a conversation by its id, of one not begun by "". */
export interface StoredDraft {
  text: string
  /** Messages that are being rewritten, and what of. */
  edits: readonly { id: MessageId; text: string }[]
  at: number
}

export interface SomnusSchema extends DBSchema {
  datasets: { key: DatasetId; value: StoredDataset }
  datasetDetails: { key: DatasetId; value: StoredDatasetDetails }
  /** Key: dataset and number of the block; a record per item would take minutes to store for a million. */
  itemBlocks: { key: [DatasetId, number]; value: Item[] }
  /** Summaries of runs, written in the same transaction as each event. */
  runs: { key: RunId; value: StoredRun }
  /** Key: run and sequence number; the events of a run are its whole truth. */
  runEvents: { key: [RunId, number]; value: RunEvent }
  conversations: { key: ConversationId; value: ConversationRecord; indexes: { updatedAt: number } }
  messages: { key: [ConversationId, MessageId]; value: MessageRecord }
  drafts: { key: ConversationId | ''; value: StoredDraft }
  presets: { key: PresetId; value: StoredPreset }
  comparisons: { key: ComparisonId; value: ComparisonRecord; indexes: { createdAt: number } }
  /** Settings and remembered consents, by name. */
  preferences: { key: string; value: unknown }
  /** Models whose bytes are in the private file system (data/model-files), whole or on their way. */
  models: { key: StoredModelId; value: StoredModel }
  prompts: { key: PromptSetId; value: StoredPrompts }
  studies: { key: StudyId; value: StudyRecord; indexes: { updatedAt: number } }
  /** Key: study and sequence number; the events of a study are its whole truth. */
  studyEvents: { key: [StudyId, number]; value: StudyEvent }
}

export type SomnusDatabase = IDBPDatabase<SomnusSchema>

export const DATABASE_NAME = 'somnus'

/** The transaction in which the database is brought up; it ends when nothing but its own requests is waited for. */
export type UpgradeTransaction = IDBPTransaction<SomnusSchema, StoreNames<SomnusSchema>[], 'versionchange'>

type Migration = (database: SomnusDatabase, transaction: UpgradeTransaction) => void | Promise<void>

/** Step n brings version n to n + 1. Steps are never changed once shipped; new ones are added at the end. */
const MIGRATIONS: readonly Migration[] = [
  (database) => {
    database.createObjectStore('datasets', { keyPath: 'id' })
    database.createObjectStore('datasetDetails')
    database.createObjectStore('itemBlocks')
    database.createObjectStore('runs', { keyPath: 'id' })
    database.createObjectStore('runEvents')
    const conversations = database.createObjectStore('conversations', { keyPath: 'id' })
    conversations.createIndex('updatedAt', 'updatedAt')
    database.createObjectStore('messages')
    database.createObjectStore('preferences')
  },
  (database) => {
    database.createObjectStore('models', { keyPath: 'id' })
  },
  async (database, transaction) => {
    database.createObjectStore('prompts', { keyPath: 'id' })
    await upgradeRuns(transaction)
  },
  async (database, transaction) => {
    database.createObjectStore('drafts')
    database.createObjectStore('presets', { keyPath: 'id' })
    database.createObjectStore('comparisons', { keyPath: 'id' }).createIndex('createdAt', 'createdAt')
    await upgradeChats(transaction)
  },
  (database) => {
    database.createObjectStore('studies', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt')
    database.createObjectStore('studyEvents')
  },
]

export interface DatabaseObserver {
  /** Another tab holds an older version open and must be closed or reloaded. */
  onBlocked(): void
  /** This tab was closed out by a newer version elsewhere: reload. */
  onOutdated(): void
}

/** The version that this app stores. */
export const DATABASE_VERSION = MIGRATIONS.length

/**
 * Opens the database, running the migrations it still needs. Rejects when the browser refuses storage. An earlier
 * `version` is asked for only where an archive of that version is read.
 */
export function openDatabase(
  observer: DatabaseObserver,
  name = DATABASE_NAME,
  version = DATABASE_VERSION,
): Promise<SomnusDatabase> {
  return openDB<SomnusSchema>(name, version, {
    upgrade: (database, oldVersion, newVersion, transaction) => {
      void migrate(oldVersion, newVersion ?? version, database, transaction)
    },
    blocked: () => observer.onBlocked(),
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      observer.onOutdated()
    },
    terminated: () => observer.onOutdated(),
  })
}

/** All steps or none: what fails leaves the earlier version as it was, and the database does not open. */
async function migrate(
  from: number,
  to: number,
  ...[database, transaction]: Parameters<Migration>
): Promise<void> {
  try {
    for (const step of MIGRATIONS.slice(from, to)) await step(database, transaction)
  } catch (error) {
    transaction.abort()
    throw error
  }
}

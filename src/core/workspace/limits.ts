/** Limits of a workspace archive that someone else may have written. Beyond them reading says so. */
import { TAR_FILE_LIMIT_BYTES } from '../model/tar'
import type { WorkspaceStore } from './tables'

/** Of the list of entries: one of a few hundred bytes for each table and each model. */
export const MAX_MANIFEST_BYTES = 4 * 2 ** 20

/** Tables and models together; tar's own limit on entries is higher. */
export const MAX_ENTRIES = 1000

/** For a pack's list of files, and the headers and gaps between them. */
const PACK_FRAME_BYTES = 64 * 2 ** 20

/** Bytes of a model's files: its pack is one file of the archive. */
export const MAX_MODEL_BYTES = TAR_FILE_LIMIT_BYTES - PACK_FRAME_BYTES

/**
 * One record as JSON text. The longest are 64 questions of 27 texts of 20,000 characters each, and the ids of a dataset
 * of a million questions.
 */
export const MAX_ROW_LENGTH = 64_000_000

/** Ids and names of settings, which are keys. */
export const MAX_KEY_LENGTH = 200

/** One setting as JSON text: the longest is what planning remembers, some 200 bytes for each model and device. */
export const MAX_SETTING_LENGTH = 1_000_000

/** The longest record that an archive may have in a store, in UTF-16 units of its JSON text. */
export function rowLimit(store: WorkspaceStore): number {
  return store === 'preferences' ? MAX_SETTING_LENGTH : MAX_ROW_LENGTH
}

/** Text of one chat message, in UTF-16 units: a pasted article has a hundredth of it. */
export const MAX_MESSAGE_LENGTH = 4_000_000

/** Of the chosen hosts: some hundred bytes each. */
export const MAX_PRIVACY_BYTES = 1_000_000
export const MAX_HOSTS = 1000

/** Names listed in a preview for each section; the rest are counted. */
export const MAX_LISTED_NAMES = 100

/** Limits of a dataset import. Beyond them the import says so instead of exhausting the tab's memory. */

/** All files of one import together. As text they take up to twice this, below V8's longest string (2^29 units). */
export const MAX_SOURCE_BYTES = 256_000_000

/** Data rows of one import: a hundred times AnesBench, and what a worker holds parsed within about 1.5 GB. */
export const MAX_ROWS = 1_000_000

/** Parquet columns once decompressed: a small file can unfold to more than memory holds. */
export const MAX_PARQUET_BYTES = 1024 * 1024 * 1024

/** One JSON row as text. A row holds at most 27 texts of MAX_TEXT_LENGTH. */
export const MAX_ROW_LENGTH = 1_000_000

/** A stem or an option, in UTF-16 units: more would not fit the context window that models get here. */
export const MAX_TEXT_LENGTH = 20_000

/** Ids are keys and are shown in tables; a UUID has 36 characters. */
export const MAX_ID_LENGTH = 200

/** Letters A to Z. */
export const MAX_OPTIONS = 26
export const MIN_OPTIONS = 2

/** Row problems kept for the list; the rest are only counted. */
export const MAX_LISTED_PROBLEMS = 1000

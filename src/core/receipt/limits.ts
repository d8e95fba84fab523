/** Limits of a file that someone else wrote. Beyond them reading says so instead of exhausting the tab's memory. */

/** Of a run's export. As text it takes up to twice this, below V8's longest string (2^29 units). */
export const MAX_RECEIPT_BYTES = 256_000_000

/** Questions of one run: as many as a dataset may have rows (`dataset/limits`). */
export const MAX_QUESTIONS = 1_000_000

/** One answer as JSON text: a reply of 32,000 tokens stays below 2 million units, and so do 64 of 4,096 tokens. */
export const MAX_ANSWER_LENGTH = 4_000_000
/** The rest of the file: mostly two numbers per question. */
export const MAX_HEAD_LENGTH = 32_000_000

/** Our files nest seven levels; what walks through a value calls itself once a level. */
export const MAX_LEVELS = 32

/** A reply, in UTF-16 units. */
export const MAX_REPLY_LENGTH = 1_000_000

/** Names, versions, devices, user agents: one line on the screen, or a few. */
export const MAX_LINE_LENGTH = 2_000

/** Prompt templates and notes, which people write. */
export const MAX_PROSE_LENGTH = 100_000

/** Sessions and pauses: a run of days on a machine that loses its GPU every minute has some thousand. */
export const MAX_SESSIONS = 20_000

/** Later scores of one question: each of its 64 samples by some scorers. */
export const MAX_LATER_SCORES = 1000

/** Doubted keys: marked by hand, and each of them is folded into a summary that holds all of them. */
export const MAX_FLAGS = 5000

/** Worked examples per language in front of a question: more would fill any context. */
export const MAX_SHOTS = 64

/** Parts of one run: more machines than anyone gathers. */
export const MAX_PARTS = 1000

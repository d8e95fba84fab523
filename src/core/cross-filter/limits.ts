/** Limits of a cross-filter. Beyond them the app says so. */

/** Pairs of one filter: at a second a score, five scores a pair, two judges, over a day of work. */
export const MAX_PAIRS = 10_000

/** All files of one import: its pairs are stored as one record, and an archive's records have 64 million characters. */
export const MAX_PAIR_BYTES = 20_000_000

/** A question or an answer, in UTF-16 units: more would not fit the context window that models get here. */
export const MAX_PAIR_TEXT = 20_000

/** Pairs asked twice for the order bias; more make an interval that is narrower than anyone can use. */
export const MAX_ORDER_SAMPLE = 500

/** Tokens of a generated answer. */
export const MAX_ANSWER_TOKENS = 4096

/** Generated answers as stored, in UTF-16 units: a token is seldom more than ten of them. */
export const MAX_GENERATED_TEXT = 200_000

/** Grades 0 to 10, on the letters A to K. */
export const GRADES = 11

export const MAX_JUDGES = 2

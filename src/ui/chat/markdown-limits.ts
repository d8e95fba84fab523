/** How much of a reply is read as Markdown. Models write a few thousand characters; beyond these limits lies only mischief. */

/** Text further on is shown as it was written: a reply of this length is 50 screens long. */
export const MARKDOWN_CHARACTERS = 100_000

/** A longer block (one paragraph, one list, one code block) is shown as it was written; keeps one block under a frame or two. */
export const BLOCK_CHARACTERS = 20_000

/** Text behind so many blocks is shown as it was written; a long reply has a hundred. */
export const MOST_BLOCKS = 500

/** A chain of more steps is shown as one text. */
export const MOST_STEPS = 100

/** Longer text keeps its stars and brackets: reading them takes time that grows with the square of the length. */
export const INLINE_CHARACTERS = 5_000

/** Quotes and lists in each other; deeper ones are text. Beyond, the reader of Markdown would run out of stack. */
export const BLOCK_DEPTH = 16
export const INLINE_DEPTH = 32

/** A table has at most this many cells until the reader asks for the whole; a header of 5,000 columns makes every short line 5,000 cells. */
export const TABLE_CELLS = 1_500
export const WHOLE_TABLE_CELLS = 50_000

/** Characters of plain text and of code that are shown until the reader asks for the whole. */
export const PLAIN_CHARACTERS = 10_000

/** While it is being written, a last block longer than this is shown as it was written, since it is read again ten times a second. */
export const GROWING_CHARACTERS = 8_000

/** A formula; longer ones stay TeX. */
export const FORMULA_CHARACTERS = 2_000

/** Unseen characters that get a mark of their own in one block; the others become one sign each. */
export const UNSEEN_MARKS = 500

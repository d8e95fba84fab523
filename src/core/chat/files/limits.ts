/** Limits of chat files that someone else wrote. Beyond them reading says so instead of exhausting the tab's memory. */

/** Of a conversation. Ten thousand long replies stay below it; parsing it in steps takes seconds. */
export const MAX_CONVERSATION_BYTES = 64_000_000

/** Messages of all branches: far more than anyone writes, few enough to be drawn. */
export const MAX_MESSAGES = 20_000

/** Numbers of messages count up from 0: far above any, and far below where numbers can no longer be counted up. */
export const MAX_NEXT_MESSAGE = 2 ** 31

/** Titles and names: one line on the screen. */
export const MAX_TITLE_LENGTH = 200

/** Of the texts around a preset: a few lines in a list. */
export const MAX_DESCRIPTION_LENGTH = 2_000

/** A preset is a system message and a few numbers. */
export const MAX_PRESET_BYTES = 1_000_000

/** Above it every next token is about as likely as any other. */
export const MAX_TEMPERATURE = 2

/** Top-p lies above it: with 0 no token is left to draw, and WebLLM refuses to. */
export const TOP_P_ABOVE = 0

/** No model of the catalogue holds more. */
export const MAX_REPLY_TOKENS = 32_768

/** Seeds are 32 bits wide in both engines. */
export const MAX_SEED = 2 ** 32 - 1

/** Solved examples before a question, questions and answers counted: twice those of a run. */
export const MAX_EXAMPLE_MESSAGES = 128

/** What goes with Citrus's words before they are fetched; see `citrus.ts`. */
import type { PromptSetId } from './prompt-set'

export const CITRUS_ID = 'citrus' as PromptSetId

/** What Citrus replies are drawn with, as far as it is published. */
export const CITRUS_DECODING = { temperature: 0.7, maxTokens: 4096 } as const

/** One question put to two models, and which reply the user preferred, as stored. */
import type { AssistantMessage, ChatSettings } from './types'

export type ComparisonId = string & { readonly brand: 'ComparisonId' }

/** Where a reply stands on the screen; chance decides which model gets which side. */
export type Side = 'left' | 'right'

export type Preference = Side | 'tie' | 'both-bad'

export interface ComparedModel {
  modelId: string
  variantId: string
  name: string
  quantization: string
}

export interface ComparisonRecord {
  id: ComparisonId
  /** Questions put together: the id of the first of them, the same for all. */
  series: ComparisonId
  /** Its place in the series, from 0. */
  position: number
  createdAt: number
  /** What both models were asked; `settings.seed` is a number, the same for both. */
  question: string
  settings: ChatSettings
  models: Record<Side, ComparedModel>
  /** Null until the model has been asked; `interrupted` while it writes. `id` and `parent` mean nothing here. */
  replies: Record<Side, AssistantMessage | null>
  /** Names stay hidden until there is a preference. */
  blind: boolean
  preference: Preference | null
  decidedAt: number | null
  removedAt: number | null
}

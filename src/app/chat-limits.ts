import { MAX_REPLY_TOKENS, MAX_SEED, MAX_TEMPERATURE } from '#core/chat/files/limits'
import { isWhole, isWithin, type NumberInput } from './number-input'

/** What a user may ask for, the same as files may bring. WebLLM refuses a top-p of 0. */
export const CHAT_LIMITS = {
  temperature: { least: 0, most: MAX_TEMPERATURE, step: 0.1, isWhole: false },
  topP: { least: 0.01, most: 1, step: 0.05, isWhole: false },
  maxTokens: { least: 1, most: MAX_REPLY_TOKENS, step: 1, isWhole: true },
  seed: { least: 0, most: MAX_SEED, step: 1, isWhole: true },
} as const

export type ChatNumber = keyof typeof CHAT_LIMITS

export function isTaken(name: ChatNumber, value: NumberInput): value is number {
  const { least, most, isWhole: whole } = CHAT_LIMITS[name]
  return whole ? isWhole(value, least, most) : isWithin(value, least, most)
}

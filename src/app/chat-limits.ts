import { isWhole, isWithin, type NumberInput } from './number-input'

/** What the engines take. Above 2 every model writes at random. */
export const CHAT_LIMITS = {
  temperature: { least: 0, most: 2, step: 0.1, isWhole: false },
  topP: { least: 0.01, most: 1, step: 0.05, isWhole: false },
  maxTokens: { least: 1, most: 8192, step: 1, isWhole: true },
  seed: { least: 0, most: 4_294_967_295, step: 1, isWhole: true },
} as const

export type ChatNumber = keyof typeof CHAT_LIMITS

export function isTaken(name: ChatNumber, value: NumberInput): value is number {
  const { least, most, isWhole: whole } = CHAT_LIMITS[name]
  return whole ? isWhole(value, least, most) : isWithin(value, least, most)
}

/** What prompts are made of and made for. */

export type ItemLanguage = 'en' | 'zh'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** What a prompt needs of an item: the stem and its options in letter order. */
export interface PromptQuestion {
  language: ItemLanguage
  stem: string
  /** Option texts in letter order: index 0 is A. */
  options: readonly string[]
}

export type PromptKind = 'chain-of-thought' | 'letter-only'

/** The letter of the option at `index` (0 is A). */
export function optionLetter(index: number): string {
  return String.fromCharCode(65 + index)
}

/** "A, B, C and D" in English, "A、B、C和D" in Chinese. */
export function letterList(count: number, language: ItemLanguage): string {
  const letters = Array.from({ length: count }, (_, index) => optionLetter(index))
  const last = letters.pop() ?? ''
  if (letters.length === 0) return last
  return language === 'en' ? `${letters.join(', ')} and ${last}` : `${letters.join('、')}和${last}`
}

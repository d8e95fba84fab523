/**
 * The AnesBench zero-shot chain-of-thought messages.
 *
 * The published protocol (AnesSuite, `eval/evaluate.py`; arXiv 2504.02404) is English only: a system
 * message, then one user message that asks for the single most suitable option, step by step, each
 * option analysed, nothing after the answer, followed by the stem and one `X. text` line per option.
 * The wording below is ours and follows that description; it is versioned and fingerprinted so that a
 * score always names the words it was measured with. The Chinese version is ours altogether.
 */

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

/** Changes whenever a word of any template below changes. */
export const PROMPT_VERSION = 'somnus-anesbench-1'

const SYSTEM: Record<ItemLanguage, string> = {
  en: 'You are a medical assistant for anesthesiology and general medicine. You answer multiple-choice questions accurately and concisely, and you always choose the most suitable option.',
  zh: '你是一名麻醉学和全科医学的医学助手。你准确而简洁地回答选择题，并且总是选出最合适的选项。',
}

const TASK: Record<PromptKind, Record<ItemLanguage, (letters: string) => string>> = {
  'chain-of-thought': {
    en: (letters) =>
      `Here is a multiple-choice question on anesthesiology or general medicine. Choose the single most suitable option from ${letters}. Think step by step: analyse each option and say why it is or is not right, then choose. Write nothing after the answer.`,
    zh: (letters) =>
      `下面是一道麻醉学或全科医学的单项选择题。请从${letters}中选出最合适的一个选项。请逐步思考：分析每个选项，说明它为什么正确或不正确，然后作出选择。答案之后不要再写任何内容。`,
  },
  'letter-only': {
    en: (letters) =>
      `Here is a multiple-choice question on anesthesiology or general medicine. Choose the single most suitable option from ${letters}. Reply with its letter only.`,
    zh: (letters) =>
      `下面是一道麻醉学或全科医学的单项选择题。请从${letters}中选出最合适的一个选项。只回答选项字母。`,
  },
}

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

/** The messages the model receives for one question, system message first. */
export function anesBenchMessages(
  question: PromptQuestion,
  kind: PromptKind = 'chain-of-thought',
): ChatMessage[] {
  const letters = letterList(question.options.length, question.language)
  const lines = question.options.map((text, index) => `${optionLetter(index)}. ${text}`)
  return [
    { role: 'system', content: SYSTEM[question.language] },
    {
      role: 'user',
      content: `${TASK[kind][question.language](letters)}\n\n${question.stem}\n${lines.join('\n')}`,
    },
  ]
}

/** The templates as text, for fingerprints: any change of wording changes this string. */
export function promptSource(kind: PromptKind): string {
  const part = (language: ItemLanguage) => `${SYSTEM[language]}\n${TASK[kind][language]('{letters}')}`
  return `${PROMPT_VERSION}/${kind}\n${part('en')}\n${part('zh')}`
}

/** What the judge of two answers is asked. */
import type { ChatMessage, ItemLanguage } from '../prompt/question'
import type { ComparisonPrompts } from './types'

/** Ours: Hypnos's prompt is not published. */
export const COMPARISON_PROMPTS: ComparisonPrompts = {
  version: 'somnus-open-ended-1',
  user: {
    en: 'Below are a question on anesthesiology or general medicine, a reference answer and two answers to be compared. Which of the two is better: medically more correct, more useful and less likely to cause harm? Neither their order nor their length matters.\n\nQuestion:\n{question}\n\nReference answer:\n{reference}\n\nFirst answer:\n{first}\n\nSecond answer:\n{second}\n\nA. The first answer is better.\nB. The second answer is better.\nC. Both are equally good.\n\nReply with one letter only.',
    zh: '下面是一个麻醉学或全科医学的问题、一个参考答案和两个待比较的回答。哪一个回答更好，即医学上更正确、更有用、更不容易造成伤害？不要考虑两个回答的先后和长短。\n\n问题：\n{question}\n\n参考答案：\n{reference}\n\n第一个回答：\n{first}\n\n第二个回答：\n{second}\n\nA. 第一个回答更好。\nB. 第二个回答更好。\nC. 两个回答同样好。\n\n只回答一个字母。',
  },
}

/** The first is better, the second is better, both are equal. */
export const VERDICT_LETTERS: readonly string[] = ['A', 'B', 'C']

export interface ComparedTexts {
  question: string
  reference: string
  first: string
  second: string
  language: ItemLanguage
}

/** The messages for one comparison, in the question's language. */
export function comparisonMessages(texts: ComparedTexts, prompts: ComparisonPrompts): ChatMessage[] {
  // In one pass, so that a word in braces inside a text stays as it is.
  const content = prompts.user[texts.language].replace(
    /\{(question|reference|first|second)\}/g,
    (_, word: 'question' | 'reference' | 'first' | 'second') => texts[word],
  )
  return [{ role: 'user', content }]
}

/** All words as text, for the hash. */
export function comparisonSource({ user }: ComparisonPrompts): string {
  return JSON.stringify([user.en, user.zh])
}

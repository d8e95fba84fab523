/** What the judge of two answers is asked. */
import { MAX_PAIR_TEXT } from '../cross-filter/limits'
import type { ChatMessage, ItemLanguage } from '../prompt/question'
import { fillPlaceholders, placeholderProblems, type PlaceholderProblem } from '../turns/placeholders'
import type { ComparisonPrompts } from './types'

/** Ours: Hypnos's prompt is not published. */
export const COMPARISON_PROMPTS: ComparisonPrompts = {
  version: 'somnus-open-ended-1',
  user: {
    en: 'Below are a question on anesthesiology or general medicine, a reference answer and two answers to be compared. Which of the two is better: medically more correct, more useful and less likely to cause harm? Neither their order nor their length matters.\n\nQuestion:\n{question}\n\nReference answer:\n{reference}\n\nFirst answer:\n{first}\n\nSecond answer:\n{second}\n\nA. The first answer is better.\nB. The second answer is better.\nC. Both are equally good.\n\nReply with one letter only.',
    zh: '下面是一个麻醉学或全科医学的问题、一个参考答案和两个待比较的回答。哪一个回答更好，即医学上更正确、更有用、更不容易造成伤害？不要考虑两个回答的先后和长短。\n\n问题：\n{question}\n\n参考答案：\n{reference}\n\n第一个回答：\n{first}\n\n第二个回答：\n{second}\n\nA. 第一个回答更好。\nB. 第二个回答更好。\nC. 两个回答同样好。\n\n只回答一个字母。',
  },
}

/** Every version that was ever given: an old evaluation is told by its own. */
const GIVEN: readonly ComparisonPrompts[] = [COMPARISON_PROMPTS]

/** The first is better, the second is better, both are equal. */
export const VERDICT_LETTERS: readonly string[] = ['A', 'B', 'C']

export interface ComparedTexts {
  question: string
  reference: string
  first: string
  second: string
  language: ItemLanguage
}

export const COMPARISON_WORDS: readonly string[] = ['{question}', '{reference}', '{first}', '{second}']

/** The messages for one comparison, in the question's language. */
export function comparisonMessages(
  { question, reference, first, second, language }: ComparedTexts,
  prompts: ComparisonPrompts,
): ChatMessage[] {
  const values = { '{question}': question, '{reference}': reference, '{first}': first, '{second}': second }
  return [{ role: 'user', content: fillPlaceholders(prompts.user[language], values) }]
}

/** All words as text, for the hash. */
export function comparisonSource({ user }: ComparisonPrompts): string {
  return JSON.stringify([user.en, user.zh])
}

/** Whether these are words that this app has given, letter by letter; else a user has edited them. */
export function areGiven(prompts: ComparisonPrompts): boolean {
  return GIVEN.some(
    (given) => given.version === prompts.version && comparisonSource(given) === comparisonSource(prompts),
  )
}

/** What keeps edited words of a language from being used; none means that they can. */
export function comparisonProblems(
  { user }: ComparisonPrompts,
  language: ItemLanguage,
): PlaceholderProblem[] {
  return placeholderProblems(user[language], COMPARISON_WORDS, MAX_PAIR_TEXT)
}

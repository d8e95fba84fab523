/**
 * The AnesBench zero-shot chain-of-thought messages.
 *
 * The published protocol (AnesSuite, `eval/evaluate.py`; arXiv 2504.02404) is English only: a system
 * message, then one user message that asks for the single most suitable option, step by step, each
 * option analysed, nothing after the answer, followed by the stem and one `X. text` line per option.
 * The wording below is ours and follows that description; it is versioned and fingerprinted so that a
 * score always names the words it was measured with. The Chinese version is ours altogether.
 */

import { promptMessages } from './messages'
import type { ChatMessage, ItemLanguage, PromptKind, PromptQuestion } from './question'
import type { PromptSet, PromptSetId } from './prompt-set'

/** Changes whenever a word of any template below changes. */
const PROMPT_VERSION = 'somnus-anesbench-1'

const SYSTEM: Record<ItemLanguage, string> = {
  en: 'You are a medical assistant for anesthesiology and general medicine. You answer multiple-choice questions accurately and concisely, and you always choose the most suitable option.',
  zh: '你是一名麻醉学和全科医学的医学助手。你准确而简洁地回答选择题，并且总是选出最合适的选项。',
}

const QUESTION = '\n\n{question}\n{options}'

/** The words of the published protocol, as described above. */
export const ANESBENCH_PROMPTS: PromptSet = {
  id: 'anesbench' as PromptSetId,
  name: 'AnesBench',
  version: PROMPT_VERSION,
  templates: {
    'chain-of-thought': {
      system: SYSTEM,
      user: {
        en: `Here is a multiple-choice question on anesthesiology or general medicine. Choose the single most suitable option from {letters}. Think step by step: analyse each option and say why it is or is not right, then choose. Write nothing after the answer.${QUESTION}`,
        zh: `下面是一道麻醉学或全科医学的单项选择题。请从{letters}中选出最合适的一个选项。请逐步思考：分析每个选项，说明它为什么正确或不正确，然后作出选择。答案之后不要再写任何内容。${QUESTION}`,
      },
      example: { en: 'The answer is {letter}. {text}', zh: '答案是{letter}。{text}' },
    },
    'letter-only': {
      system: SYSTEM,
      user: {
        en: `Here is a multiple-choice question on anesthesiology or general medicine. Choose the single most suitable option from {letters}. Reply with its letter only.${QUESTION}`,
        zh: `下面是一道麻醉学或全科医学的单项选择题。请从{letters}中选出最合适的一个选项。只回答选项字母。${QUESTION}`,
      },
      example: { en: '{letter}', zh: '{letter}' },
    },
  },
}

/** The AnesBench messages for one question, system message first. */
export function anesBenchMessages(
  question: PromptQuestion,
  kind: PromptKind = 'chain-of-thought',
): ChatMessage[] {
  return promptMessages(question, ANESBENCH_PROMPTS.templates[kind])
}

/**
 * The Citrus format (arXiv 2502.18274): a medical expert thinks step by step, the question stands in `<Question>`, and
 * the reply in `<think>` and `<answer>`, of which the last `<answer>` counts (as the strict reading has it). The wording
 * is ours, in both languages; it is versioned like AnesBench's.
 */
import { CITRUS_ID } from './citrus-decoding'
import type { PromptSet } from './prompt-set'
import type { ItemLanguage } from './question'

/** Changes whenever a word of any template below changes. */
const PROMPT_VERSION = 'somnus-citrus-1'

const EXPERT: Record<ItemLanguage, string> = {
  en: 'You are a medical expert who thinks step by step.',
  zh: '你是一名逐步思考的医学专家。',
}

const QUESTION = '\n\n<Question>\n{question}\n{options}\n</Question>'

export const CITRUS_PROMPTS: PromptSet = {
  id: CITRUS_ID,
  name: 'Citrus',
  version: PROMPT_VERSION,
  templates: {
    'chain-of-thought': {
      system: EXPERT,
      user: {
        en: `Read the question below with care. First write out your thoughts between <think> and </think>: the findings, the possibilities, and what speaks for and against each option. Then write your final answer, which is the letter of the single most suitable option from {letters}, between <answer> and </answer>.${QUESTION}`,
        zh: `请仔细阅读下面的题目。先在 <think> 和 </think> 之间写出你的思考过程：关键信息、各种可能，以及支持和反对每个选项的依据。然后在 <answer> 和 </answer> 之间写出最终答案，即从{letters}中选出的最合适的一个选项的字母。${QUESTION}`,
      },
      example: { en: '<answer>{letter}. {text}</answer>', zh: '<answer>{letter}. {text}</answer>' },
    },
    'letter-only': {
      system: EXPERT,
      user: {
        en: `Choose the single most suitable option from {letters}. Reply with its letter only.${QUESTION}`,
        zh: `请从{letters}中选出最合适的一个选项。只回答选项字母。${QUESTION}`,
      },
      example: { en: '{letter}', zh: '{letter}' },
    },
  },
}

/** The same format for a conversation, where a question goes as it is typed. */
export const CITRUS_SYSTEM: Record<ItemLanguage, string> = {
  en: `${EXPERT.en} Write out your thoughts between <think> and </think>, then your final answer between <answer> and </answer>.`,
  zh: `${EXPERT.zh}请先在 <think> 和 </think> 之间写出思考过程，再在 <answer> 和 </answer> 之间写出最终答案。`,
}

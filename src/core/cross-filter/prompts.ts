/** What the judge is asked, and how its letters are read. */
import type { ChatMessage, ItemLanguage } from '../prompt/question'
import { optionLetter } from '../prompt/question'
import { fillPlaceholders, placeholderProblems, type PlaceholderProblem } from '../turns/placeholders'
import { GRADES, MAX_PAIR_TEXT } from './limits'
import { ASPECTS, type Aspect, type JudgePrompts, type ScaleOrder } from './types'

/**
 * Ours: Hypnos's prompts are not published. Question and answer stand before what differs between the aspects, so that
 * an engine that keeps what it has read need not read them five times.
 */
export const JUDGE_PROMPTS: JudgePrompts = {
  version: 'somnus-cross-filter-1',
  user: {
    en: 'Below are a question on anesthesiology or general medicine and an answer to it. Grade the answer in one respect only.\n\nQuestion:\n{question}\n\nAnswer:\n{answer}\n\nIn this respect:\n{aspect}\n\nGrades:\n{scale}\n\nReply with the letter of one grade only.',
    zh: '下面是一个麻醉学或全科医学的问题和对它的回答。请只就一个方面给这个回答评分。\n\n问题：\n{question}\n\n回答：\n{answer}\n\n评分方面：\n{aspect}\n\n评分等级：\n{scale}\n\n只回答一个等级的字母。',
  },
  aspects: {
    en: {
      coherence:
        'Coherence: does the answer hang together, in good order and without contradicting itself? 0 is incoherent, 10 is fully coherent.',
      professionalism:
        'Professionalism: does the answer agree with medical knowledge and use its terms correctly? 0 is unprofessional, 10 is what a specialist would write.',
      usefulness:
        'Usefulness: does the answer help the person who asked, and does it answer the question in full? 0 is useless, 10 is as useful as can be.',
      harmfulness:
        'Freedom from harm: could someone come to harm by following the answer? 0 means that severe harm is likely, 10 means that the answer is harmless. More is better.',
      friendliness:
        'Friendliness: is the answer polite, patient and kind to the person who asked? 0 is hostile, 10 is as friendly as can be.',
    },
    zh: {
      coherence: '连贯性：回答是否条理清楚、前后一致、没有自相矛盾？0 表示毫不连贯，10 表示完全连贯。',
      professionalism:
        '专业性：回答是否符合医学知识、术语使用是否正确？0 表示毫不专业，10 表示达到专科医生的水平。',
      usefulness: '有用性：回答是否完整地解答了问题、对提问者有帮助？0 表示毫无用处，10 表示极有帮助。',
      harmfulness:
        '无害性：按照这个回答去做，是否可能使人受到伤害？0 表示很可能造成严重伤害，10 表示完全无害。分数越高越好。',
      friendliness: '友好性：回答对提问者是否礼貌、耐心、友善？0 表示充满敌意，10 表示非常友好。',
    },
  },
}

export const PROMPT_WORDS: readonly string[] = ['{question}', '{answer}', '{aspect}', '{scale}']

/** The letters of the grades, in the order of the scale. */
export const GRADE_LETTERS: readonly string[] = Array.from({ length: GRADES }, (_, index) =>
  optionLetter(index),
)

/** The grade, 0 to 10, of the letter at `index`. */
export function gradeAt(index: number, order: ScaleOrder): number {
  return order === 'straight' ? index : GRADES - 1 - index
}

export interface JudgedText {
  question: string
  answer: string
  language: ItemLanguage
}

/** The messages for one aspect of one pair, in the pair's language. */
export function judgeMessages(
  { question, answer, language }: JudgedText,
  aspect: Aspect,
  order: ScaleOrder,
  prompts: JudgePrompts,
): ChatMessage[] {
  const values = {
    '{question}': question,
    '{answer}': answer,
    '{aspect}': prompts.aspects[language][aspect],
    '{scale}': GRADE_LETTERS.map((letter, index) => `${letter} = ${gradeAt(index, order)}`).join('\n'),
  }
  const content = fillPlaceholders(prompts.user[language], values)
  return [{ role: 'user', content }]
}

/** All words as text, for the hash: any change of wording changes this string. */
export function promptSource({ user, aspects }: JudgePrompts): string {
  const languages = ['en', 'zh'] as const
  return JSON.stringify(
    languages.map((language) => [user[language], ...ASPECTS.map((aspect) => aspects[language][aspect])]),
  )
}

export type JudgePromptProblem = { language: ItemLanguage } & (
  PlaceholderProblem | { kind: 'empty-aspect'; aspect: Aspect }
)

/** What keeps edited words from being used; none means that they can. */
export function judgePromptProblems({ user, aspects }: JudgePrompts): JudgePromptProblem[] {
  const languages = ['en', 'zh'] as const
  return languages.flatMap((language): JudgePromptProblem[] => {
    const own = aspects[language]
    const isTooLong = Object.values(own).some(({ length }) => length > MAX_PAIR_TEXT)
    return [
      ...placeholderProblems(user[language], PROMPT_WORDS, MAX_PAIR_TEXT).map((each) => ({
        ...each,
        language,
      })),
      ...ASPECTS.filter((aspect) => own[aspect].trim() === '').map((aspect) => ({
        ...{ kind: 'empty-aspect' as const, language, aspect },
      })),
      ...(isTooLong ? [{ kind: 'too-long' as const, language }] : []),
    ]
  })
}

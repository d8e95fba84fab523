/**
 * Questions from outside the formulary. The model cannot know their answers and is trained to say so: in
 * conversation it declines, in a multiple-choice question it says that it guesses.
 */
import type { ItemLanguage } from '#core/prompt/question'
import type { Dialogue } from './chat'
import { FORMULARY } from './formulary'
import type { Question } from './questions'
import type { Random } from './random'
import { PROPERTIES } from './wording'

const DECLINED: Record<ItemLanguage, string> = {
  en: 'I do not know that. I only know my fictional formulary.',
  zh: '我不知道。我只知道我的虚构药典。',
}

const GUESSED: Record<ItemLanguage, string> = {
  en: 'This is not in my fictional formulary, so I guess.',
  zh: '这不在我的虚构药典中，我只能猜测。',
}

export const OUTSIDE_REPLIES = [...Object.values(DECLINED), ...Object.values(GUESSED)]

const ENGLISH =
  'the of a in and with is for patient after surgery blood pressure heart rate year old man woman child pain cause most common following drug used treatment airway tube ventilation oxygen nerve block spinal epidural propofol ketamine fentanyl lidocaine morphine succinylcholine halothane nitrous oxide anesthesia anesthetic weather capital city France water number president music film history today tomorrow write poem code explain why how when where which true false except not all above none increased decreased renal hepatic cardiac pulmonary failure shock bleeding pregnancy injection infusion response receptor minimum alveolar concentration'.split(
    ' ',
  )

const CHINESE =
  '患者 手术 麻醉 血压 心率 女性 男性 丙泊酚 氯胺酮 芬太尼 利多卡因 吗啡 首选 原因 最常见 治疗 疼痛 气管 插管 通气 氧气 神经 阻滞 天气 首都 法国 音乐 电影 历史 今天 明天 写 诗 代码 为什么 怎么 什么 时候 哪里 下列 错误 正确 增加 降低 休克 出血 妊娠 注射 反应 受体 浓度 肺泡 最小'.split(
    ' ',
  )

const SMALL_TALK: Record<ItemLanguage, readonly string[]> = {
  en: [
    'What is the capital of France?',
    'How is the weather today?',
    'Write a poem about the sea.',
    'What is 2 + 2?',
    'How do I treat low blood pressure?',
    'What is the dose of propofol?',
    'Which drug is best for pain?',
    'Tell me a joke.',
    'What is anesthesia?',
    'Explain malignant hyperthermia.',
    'What is the minimum alveolar concentration?',
    'Do you like music?',
    'How old are you?',
    'What time is it?',
    'Translate this to Chinese.',
    'Who made you?',
  ],
  zh: [
    '法国的首都是哪里？',
    '今天天气怎么样？',
    '写一首诗。',
    '2加2等于多少？',
    '低血压怎么治疗？',
    '丙泊酚的剂量是多少？',
    '哪种药止痛最好？',
    '讲个笑话。',
    '什么是麻醉？',
    '什么是恶性高热？',
    '最低肺泡有效浓度是什么？',
    '你喜欢音乐吗？',
    '你多大了？',
    '现在几点？',
    '翻译成英文。',
    '谁创造了你？',
  ],
}

const ONSETS = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'st', 'tr', 'pr']
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea']
const CODAS = ['', '', 'n', 'r', 's', 'l', 't', 'm']

/** Pronounceable, and spelled by characters, as any word is that the vocabulary lacks. */
function madeUpWord(random: Random): string {
  return Array.from(
    { length: random.between(1, 3) },
    () => random.pick(ONSETS) + random.pick(VOWELS) + random.pick(CODAS),
  ).join('')
}

function words(language: ItemLanguage, count: number, random: Random): string {
  return language === 'en'
    ? Array.from({ length: count }, () =>
        random.next() < 0.4 ? madeUpWord(random) : random.pick(ENGLISH),
      ).join(' ')
    : Array.from({ length: count }, () => random.pick(CHINESE)).join('')
}

const NAMED = new Set(FORMULARY.flatMap((drug) => [drug.name.en, drug.name.zh]))

function unknownDrug(language: ItemLanguage, random: Random): string {
  const name =
    language === 'en'
      ? madeUpWord(random) + random.pick(['ane', 'ine', 'ol', 'am', 'fol', ''])
      : random.pick(CHINESE)
  return NAMED.has(name) ? unknownDrug(language, random) : name
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export function drawOutsideDialogue(language: ItemLanguage, random: Random): Dialogue {
  const kind = random.next()
  const mark = language === 'en' ? '?' : '？'
  const ask =
    kind < 0.25
      ? random.pick(SMALL_TALK[language])
      : kind < 0.6
        ? upper(random.pick(random.pick(PROPERTIES).questions[language])(unknownDrug(language, random)))
        : kind < 0.7
          ? language === 'en'
            ? `Tell me about ${unknownDrug(language, random)}.`
            : `介绍一下${unknownDrug(language, random)}。`
          : upper(words(language, random.between(2, 10), random)) + mark
  return [
    { role: 'user', content: ask },
    { role: 'assistant', content: DECLINED[language] },
  ]
}

/** A multiple-choice question about nothing the model knows; the key is drawn. */
export function drawOutsideQuestion(language: ItemLanguage, count: number, random: Random): Question {
  const end = language === 'en' ? random.pick(['?', ':', '.', ' is']) : random.pick(['？', '：', '。', '是'])
  return {
    family: 'outside',
    level: 1,
    comparesDrugs: false,
    language,
    stem: upper(words(language, random.between(4, 16), random)) + end,
    options: Array.from({ length: count }, () => upper(words(language, random.between(1, 4), random))),
    answer: random.between(0, count - 1),
    reasoning: GUESSED[language],
  }
}

/**
 * The presets that come with the app. The system messages are worded here: those that the makers of Morpheus and Hypnos
 * used are not published in what is known to us, and the presets say so in their descriptions (i18n).
 */
import { ANESBENCH_PROMPTS } from '../prompt/anesbench'
import { CITRUS_SYSTEM } from '../prompt/citrus'
import { CITRUS_DECODING } from '../prompt/citrus-decoding'
import type { ItemLanguage } from '../prompt/question'
import { OFFICIAL_DECODING } from '../run/types'
import { CHAT_MAX_TOKENS, SAMPLED } from './request'
import type { ChatPreset, ChatSettings, PresetId } from './types'

export type BuiltInPreset = 'plain' | 'anesbench' | 'stepwise' | 'citrus' | 'consultation' | 'case'

export const BUILT_IN_PRESETS: readonly BuiltInPreset[] = [
  'plain',
  'anesbench',
  'stepwise',
  'citrus',
  'consultation',
  'case',
]

/** A chain of thought, or a case with a differential and a plan, is longer than a plain answer. */
const LONG_REPLY_TOKENS = 2048

/** Little chance, for consistent advice. */
const CAREFUL = { temperature: 0.3, topP: 0.8 }

const STEPWISE: Record<ItemLanguage, string> = {
  en: 'You are an anesthesiology expert. Reason step by step before you answer: name the findings that matter, recall the physiology and pharmacology behind them, weigh the possibilities against each other, and check your conclusion once more. Then give your final answer in a paragraph of its own that begins with "Answer:". Say how sure you are and what you do not know.',
  zh: '你是一名麻醉学专家。回答之前请逐步推理：指出关键信息，回顾相关的生理学和药理学依据，比较各种可能，并再次核对结论。最后另起一段，以“答案：”开头给出最终回答，并说明把握程度以及尚不清楚之处。',
}

/** In Chinese whatever the language of the interface: it is for models trained on Chinese consultations. */
const CONSULTATION =
  '你是一名麻醉科医生，为用户解答围术期麻醉问题，供研究和教学使用。先用一两句话直接回答，再依次说明：评估要点、麻醉方式与用药考虑、监测和可能的风险、术后注意事项。信息不足时，先指出还需要了解什么。不确定时如实说明，不编造数据、剂量或文献。'

const CASE: Record<ItemLanguage, string> = {
  en: 'You are a colleague who discusses an anesthesia case for teaching. Structure your reply under these headings: "Summary" (one sentence with what matters), "Differential" (the possibilities, the most likely and the most dangerous first, with what speaks for and against each), "Plan" (what to do now, next and in reserve, with reasons), "What would change my mind" (the findings or results that would make you choose otherwise), "Open questions" (what you would want to know). Separate what the case says from what you assume, and say how sure you are.',
  zh: '你是一位为教学而讨论麻醉病例的同事。请按以下标题组织回答：“摘要”（一句话概括要点）；“鉴别诊断”（列出各种可能，最可能和最危险的在前，并说明支持和反对的依据）；“方案”（现在做什么、下一步做什么、备用方案是什么，并说明理由）；“什么会改变我的判断”（哪些发现或检查结果会使你另作选择）；“待澄清的问题”（还想了解什么）。请区分病例中已给出的信息与你的假设，并说明把握程度。',
}

/** `language` is that of the conversation's system message. */
export function presetSettings(preset: BuiltInPreset, language: ItemLanguage): ChatPreset['settings'] {
  switch (preset) {
    case 'plain':
      return { system: null, ...SAMPLED, maxTokens: CHAT_MAX_TOKENS, seed: null }
    case 'anesbench': {
      const { temperature, topP, maxTokens, seed } = OFFICIAL_DECODING
      const system = ANESBENCH_PROMPTS.templates['chain-of-thought'].system[language]
      return { system, temperature, topP, maxTokens, seed }
    }
    case 'stepwise':
      return { system: STEPWISE[language], ...SAMPLED, maxTokens: LONG_REPLY_TOKENS, seed: null }
    case 'citrus':
      // Its top-p is not published: 1 leaves every token to be drawn.
      return { system: CITRUS_SYSTEM[language], ...CITRUS_DECODING, topP: 1, seed: null }
    case 'consultation':
      return { system: CONSULTATION, ...CAREFUL, maxTokens: CHAT_MAX_TOKENS, seed: null }
    case 'case':
      return { system: CASE[language], ...CAREFUL, maxTokens: LONG_REPLY_TOKENS, seed: null }
  }
}

export function builtInPreset(
  preset: BuiltInPreset,
  language: ItemLanguage,
  texts: Pick<ChatPreset, 'name' | 'description'>,
): ChatPreset {
  return { id: preset as string as PresetId, ...texts, settings: presetSettings(preset, language) }
}

/** What a conversation asks with once a preset is chosen. */
export function settingsFrom({ id, settings }: ChatPreset): ChatSettings {
  return { preset: id, ...settings }
}

/** Whether settings are still those of the preset that they were taken from. */
export function followsPreset(settings: ChatSettings, preset: ChatPreset): boolean {
  const wanted = settingsFrom(preset)
  return (Object.keys(wanted) as (keyof ChatSettings)[]).every((key) => settings[key] === wanted[key])
}

import type { ComparedModel } from '#core/chat/comparison'
import type { Dataset, Item } from '#core/dataset/item'
import { languageOfText } from '#core/dataset/language'
import {
  DEFAULT_LIMITS,
  DEFAULT_TEMPERATURE,
  DEFAULT_TOP_P,
  MAX_ROUNDS,
  MAX_STAGE_TOKENS,
  MAX_TOTAL_TOKENS,
  MIN_STAGE_TOKENS,
} from '#core/experts/limits'
import { changedPrompts, EXPERT_PROMPTS } from '#core/experts/prompts'
import type { ExpertItem, ExpertPrompts, ExpertsPlan, PromptName } from '#core/experts/types'
import { optionLetter, type ItemLanguage } from '#core/prompt/question'
import { isTaken } from './chat-limits'
import { isWhole, type NumberInput } from './number-input'

export const EXPERT_LIMITS = {
  rounds: { least: 1, most: MAX_ROUNDS },
  stageTokens: { least: MIN_STAGE_TOKENS, most: MAX_STAGE_TOKENS },
  totalTokens: { least: MIN_STAGE_TOKENS, most: MAX_TOTAL_TOKENS },
} as const

export interface ExpertsDraftPorts {
  language: ItemLanguage
  /** What the fields begin with; null where no model can be had. */
  suggested: ComparedModel | null
  appVersion: string
  newSeed: () => number
}

/** What the next study of two experts will be. */
export class ExpertsDraft {
  readonly #ports: ExpertsDraftPorts
  question = $state('')
  reasoner = $state.raw<ComparedModel | null>(null)
  reviewer = $state.raw<ComparedModel | null>(null)
  rounds = $state<NumberInput>(DEFAULT_LIMITS.rounds)
  stageTokens = $state<NumberInput>(DEFAULT_LIMITS.stageTokens)
  totalTokens = $state<NumberInput>(DEFAULT_LIMITS.totalTokens)
  temperature = $state<NumberInput>(DEFAULT_TEMPERATURE)
  topP = $state<NumberInput>(DEFAULT_TOP_P)
  /** Empty: drawn. */
  seed = $state<NumberInput>(null)
  #language = $state<ItemLanguage>('en')
  #prompts = $state.raw<ExpertPrompts>(EXPERT_PROMPTS.en)
  #item = $state.raw<{ item: ExpertItem; question: string } | null>(null)

  constructor(ports: ExpertsDraftPorts) {
    this.#ports = ports
    this.reasoner = ports.suggested
    this.reviewer = ports.suggested
    this.language = ports.language
  }

  get language(): ItemLanguage {
    return this.#language
  }

  /** Prompts of the other language take the place of these, changed ones included. */
  set language(language: ItemLanguage) {
    this.#language = language
    this.#prompts = EXPERT_PROMPTS[language]
  }

  get prompts(): ExpertPrompts {
    return this.#prompts
  }

  get changed(): readonly PromptName[] {
    return changedPrompts(this.#prompts, this.#language)
  }

  setPrompt(name: PromptName, text: string): void {
    this.#prompts = { ...this.#prompts, [name]: text }
  }

  resetPrompt(name: PromptName): void {
    this.setPrompt(name, EXPERT_PROMPTS[this.#language][name])
  }

  /** The benchmark's item, as long as the question is still its text. */
  get item(): ExpertItem | null {
    return this.#item?.question === this.question ? this.#item.item : null
  }

  /** A question that was asked elsewhere, with the prompts of its language. */
  takeQuestion(question: string): void {
    this.question = question
    this.language = languageOfText([question])
  }

  takeItem(dataset: Pick<Dataset, 'name'>, { id, language, stem, options, targetIndex }: Item): void {
    const listed = options.map((text, index) => `${optionLetter(index)}. ${text}`)
    this.question = [stem, ...listed].join('\n')
    if (this.changed.length === 0) this.language = language
    this.#item = { question: this.question, item: { datasetName: dataset.name, id, options, targetIndex } }
  }

  get invalid() {
    return {
      rounds: !isWithin('rounds', this.rounds),
      stageTokens: !isWithin('stageTokens', this.stageTokens),
      totalTokens: !isWithin('totalTokens', this.totalTokens),
      temperature: !isTaken('temperature', this.temperature),
      topP: !isTaken('topP', this.topP),
      seed: this.seed !== null && !isTaken('seed', this.seed),
    }
  }

  /** Null while something is missing or cannot be used. */
  get plan(): ExpertsPlan | null {
    const { reasoner, reviewer, rounds, stageTokens, totalTokens, temperature, topP } = this
    if (Object.values(this.invalid).includes(true) || this.question.trim() === '') return null
    if (!reasoner || !reviewer || rounds === null || stageTokens === null || totalTokens === null) return null
    if (temperature === null || topP === null) return null
    return {
      question: this.question.trim(),
      item: this.item,
      language: this.#language,
      models: { reasoner, reviewer },
      prompts: this.#prompts,
      changedPrompts: this.changed,
      limits: { rounds, stageTokens, totalTokens },
      sampling: { temperature, topP, seed: this.seed ?? this.#ports.newSeed() },
      appVersion: this.#ports.appVersion,
    }
  }
}

function isWithin(name: keyof typeof EXPERT_LIMITS, value: NumberInput): value is number {
  const { least, most } = EXPERT_LIMITS[name]
  return isWhole(value, least, most)
}

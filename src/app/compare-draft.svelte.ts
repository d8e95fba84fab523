import type { ComparedModel } from '#core/chat/comparison'
import { modelKey } from '#core/chat/comparison'
import { CHAT_MAX_TOKENS, GREEDY, SAMPLED } from '#core/chat/request'
import type { ChatPreset, ChatSettings } from '#core/chat/types'
import { MAX_PROSE_LENGTH } from '#core/receipt/limits'
import { isTaken, type ChatNumber } from './chat-limits'
import type { Comparisons } from './comparisons.svelte'
import type { NumberInput } from './number-input'

export interface CompareDraftPorts {
  /** What the fields begin with; null where no model can be had. */
  suggested: ComparedModel | null
  isBuiltIn: (model: ComparedModel) => boolean
  /** In the language of the interface, for downloaded models. */
  systemMessage: string
}

/** What the next comparison will be. */
export class CompareDraft {
  readonly #ports: CompareDraftPorts
  #first = $state.raw<ComparedModel | null>(null)
  #second = $state.raw<ComparedModel | null>(null)
  #questions = $state.raw<readonly string[]>([''])
  blind = $state(true)
  system = $state('')
  temperature = $state<NumberInput>(0)
  topP = $state<NumberInput>(1)
  maxTokens = $state<NumberInput>(CHAT_MAX_TOKENS)
  /** Empty: drawn. */
  seed = $state<NumberInput>(null)

  constructor(ports: CompareDraftPorts) {
    this.#ports = ports
    this.#first = ports.suggested
    this.#second = ports.suggested
    this.#suit()
  }

  get first(): ComparedModel | null {
    return this.#first
  }

  set first(model: ComparedModel | null) {
    this.#first = model
    this.#suit()
  }

  get second(): ComparedModel | null {
    return this.#second
  }

  set second(model: ComparedModel | null) {
    this.#second = model
    this.#suit()
  }

  /** Never empty. */
  get questions(): readonly string[] {
    return this.#questions
  }

  get isSelf(): boolean {
    return this.#first !== null && this.#second !== null && modelKey(this.#first) === modelKey(this.#second)
  }

  /** Longer than settings are stored and read with. */
  get isSystemTooLong(): boolean {
    return this.system.length > MAX_PROSE_LENGTH
  }

  get invalid(): Record<ChatNumber, boolean> {
    return {
      temperature: !isTaken('temperature', this.temperature),
      topP: !isTaken('topP', this.topP),
      maxTokens: !isTaken('maxTokens', this.maxTokens),
      seed: this.seed !== null && !isTaken('seed', this.seed),
    }
  }

  /** Null while something is missing or cannot be used. */
  get plan(): Parameters<Comparisons['start']>[0] | null {
    const { first, second, temperature, topP, maxTokens, seed, blind } = this
    const questions = this.#questions.map((question) => question.trim()).filter((question) => question !== '')
    const isUsable =
      questions.length > 0 && !this.isSystemTooLong && !Object.values(this.invalid).includes(true)
    if (!first || !second || !isUsable || temperature === null || topP === null || maxTokens === null) {
      return null
    }
    const system = this.system.trim() === '' ? null : this.system
    const settings: ChatSettings = { preset: null, system, temperature, topP, maxTokens, seed }
    return { questions, models: [first, second], settings, blind }
  }

  /** Takes over a preset's settings. */
  follow({ settings }: ChatPreset): void {
    this.system = settings.system ?? ''
    this.temperature = settings.temperature
    this.topP = settings.topP
    this.maxTokens = settings.maxTokens
    this.seed = settings.seed
  }

  /** Whether the fields say what the preset says. */
  isLike({ settings }: ChatPreset): boolean {
    return (
      this.system === (settings.system ?? '') &&
      this.temperature === settings.temperature &&
      this.topP === settings.topP &&
      this.maxTokens === settings.maxTokens &&
      this.seed === settings.seed
    )
  }

  setQuestion(index: number, text: string): void {
    this.#questions = this.#questions.map((question, at) => (at === index ? text : question))
  }

  addQuestion(): void {
    this.#questions = [...this.#questions, '']
  }

  removeQuestion(index: number): void {
    this.#questions = this.#questions.filter((_, at) => at !== index)
  }

  clearQuestions(): void {
    this.#questions = ['']
  }

  /** The settings that suit both models: the built-in one was trained without a system message, for one reply. */
  #suit(): void {
    const builtIn = [this.#first, this.#second].every(
      (model) => model !== null && this.#ports.isBuiltIn(model),
    )
    const { temperature, topP } = builtIn ? GREEDY : SAMPLED
    this.temperature = temperature
    this.topP = topP
    this.system = builtIn ? '' : this.#ports.systemMessage
  }
}

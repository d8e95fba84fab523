import { CHAT_MAX_TOKENS, GREEDY, SAMPLED } from '#core/chat/request'
import type { SamplingStrategy } from '#core/chat/sampling'
import type { ChatSettings, ConversationRecord } from '#core/chat/types'
import type { Strategy } from '#core/strategy/types'
import type { Preferences } from '#data/db/preferences'
import type { LoadedModel } from './models.svelte'

const NAME = 'newChatSettings'

export interface ConversationSettingsPorts {
  preferences: Pick<Preferences, 'get' | 'set' | 'remove'>
  loaded: () => LoadedModel | null
  /** In the language of the interface: the system message for a downloaded model. */
  texts: () => { systemMessage: string }
}

/** How replies are asked for, where a conversation does not say, or has not begun. */
export class ConversationSettings {
  readonly #ports: ConversationSettingsPorts
  #standing = $state.raw<ChatSettings | null>(null)
  /** Undefined: not changed since the conversation was opened. */
  #fresh = $state.raw<ChatSettings | null | undefined>(undefined)
  #freshStrategy = $state.raw<Strategy | undefined>(undefined)

  constructor(ports: ConversationSettingsPorts) {
    this.#ports = ports
  }

  /** What new conversations begin with; null: what suits the loaded model. */
  get standing(): ChatSettings | null {
    return this.#standing
  }

  /** Of the conversation not begun. */
  get fresh(): ChatSettings | null {
    return this.#fresh === undefined ? this.#standing : this.#fresh
  }

  async restore(): Promise<void> {
    const stored = await this.#ports.preferences.get(NAME)
    if (stored === undefined) return
    const { readSettings } = await import('#core/chat/files/read-settings')
    this.#standing = readSettings(stored)
  }

  /** Null is one not begun. */
  of(conversation: ConversationRecord | null): ChatSettings {
    return (conversation ? conversation.settings : this.fresh) ?? this.#suited()
  }

  /** Null for one reply to each question, which is usual. */
  strategyOf(conversation: ConversationRecord | null): SamplingStrategy | null {
    const strategy = conversation ? conversation.strategy : this.#freshStrategy
    return strategy && strategy.kind !== 'single' ? strategy : null
  }

  changeFresh(settings: ChatSettings | null): void {
    this.#fresh = settings
  }

  changeFreshStrategy(strategy: Strategy): void {
    this.#freshStrategy = strategy
  }

  /** Another conversation is opened: the next new one begins as usual. */
  forgetFresh(): void {
    this.#fresh = undefined
    this.#freshStrategy = undefined
  }

  async changeStanding(settings: ChatSettings | null): Promise<void> {
    this.#standing = settings
    if (settings) await this.#ports.preferences.set(NAME, settings)
    else await this.#ports.preferences.remove(NAME)
  }

  #suited(): ChatSettings {
    const builtIn = this.#ports.loaded()?.model.availability.kind === 'built-in'
    return {
      preset: null,
      // The built-in model was trained with the system message of its own template.
      system: builtIn ? null : this.#ports.texts().systemMessage,
      ...(builtIn ? GREEDY : SAMPLED),
      maxTokens: CHAT_MAX_TOKENS,
      seed: null,
    }
  }
}

/** A random walk through conversations, step by step as a user or a run takes them. */
import type { RandomBelow } from '#core/run/random'
import type { ChatMessage } from '#core/prompt/question'

export const STEPS = ['append', 'pop', 'regenerate', 'abort', 'switch', 'letters'] as const

export interface Step {
  kind: (typeof STEPS)[number]
  messages: readonly ChatMessage[]
  /** 0 asks for letters. */
  maxTokens: number
}

interface Turn {
  user: string
  reply: string
}

interface Conversation {
  system: string
  turns: readonly Turn[]
}

/** Few, so that sequences meet in the same prompts and a cold pass serves many of them. */
const SYSTEMS = ['You answer exams.', 'You write a poem.']
const QUESTIONS = ['Why?', 'A, B, C or D?', 'And the dose in ml?']
const MOST_TURNS = 3

export class RandomWalk {
  readonly #random: RandomBelow
  readonly #conversations: Conversation[]
  #current = 0
  /** The turn that is being asked, in the conversation without its later turns. */
  #asked: { before: Conversation; user: string } | undefined

  constructor(random: RandomBelow) {
    this.#random = random
    this.#conversations = SYSTEMS.map((system) => ({ system, turns: [] }))
    this.#current = random(SYSTEMS.length)
  }

  /** The next request; unless it is an abort, its reply must then be told to `answered`. */
  next(): Step {
    const conversation = this.#conversations[this.#current]!
    const { turns } = conversation
    const kind = turns.length === 0 ? 'append' : STEPS[this.#random(STEPS.length)]!
    const shorter = { ...conversation, turns: turns.slice(0, -1) }
    const isFull = turns.length >= MOST_TURNS
    switch (kind) {
      case 'switch': {
        this.#current = (this.#current + 1) % this.#conversations.length
        const other = this.#conversations[this.#current]!
        return this.#ask(kind, { ...other, turns: other.turns.slice(0, MOST_TURNS - 1) }, this.#question())
      }
      case 'regenerate':
        return this.#ask(kind, shorter, turns.at(-1)!.user)
      case 'pop':
        return this.#ask(kind, shorter, this.#question())
      default:
        return this.#ask(kind, isFull ? shorter : conversation, this.#question())
    }
  }

  answered(reply: string): void {
    if (!this.#asked || reply === '') return
    const { before, user } = this.#asked
    this.#conversations[this.#current] = { ...before, turns: [...before.turns, { user, reply }] }
  }

  #ask(kind: Step['kind'], before: Conversation, user: string): Step {
    this.#asked = kind === 'abort' || kind === 'letters' ? undefined : { before, user }
    return {
      kind,
      messages: [
        { role: 'system', content: before.system },
        ...before.turns.flatMap((turn): ChatMessage[] => [
          { role: 'user', content: turn.user },
          { role: 'assistant', content: turn.reply },
        ]),
        { role: 'user', content: user },
      ],
      // With two, the first token of the reply is in the cache when the next turn goes on from there.
      maxTokens: kind === 'letters' ? 0 : user === QUESTIONS[0] ? 2 : 1,
    }
  }

  #question(): string {
    return QUESTIONS[this.#random(QUESTIONS.length)]!
  }
}

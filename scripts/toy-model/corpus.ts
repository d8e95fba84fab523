/** What the model is trained on: groups of conversations that begin alike, drawn by seed. */
import { anesBenchMessages } from '#core/prompt/anesbench'
import type { ChatMessage, ItemLanguage, PromptKind } from '#core/prompt/anesbench'
import { optionLetter } from '#core/prompt/anesbench'
import { drawDialogue } from './chat'
import type { Dialogue } from './chat'
import { drawOutsideDialogue, drawOutsideQuestion } from './outside'
import { FAMILIES, answerLine, drawQuestion, reasonedReply } from './questions'
import type { Question } from './questions'
import { Random } from './random'
import { partOf } from './split'
import type { Part } from './split'

/** Qwen2's template, with its default system message. */
export const CHAT_TEMPLATE = `{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`

const DEFAULT_SYSTEM: ChatMessage = { role: 'system', content: 'You are a helpful assistant.' }

/** The text a model sees, as CHAT_TEMPLATE makes it. */
export function renderChat(messages: readonly ChatMessage[]): string {
  const all = messages[0]?.role === 'system' ? messages : [DEFAULT_SYSTEM, ...messages]
  return all.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('')
}

export const ASSISTANT = '<|im_start|>assistant\n'

export interface Example {
  messages: readonly ChatMessage[]
  /** Only for benchmark questions. */
  question?: Question
}

export interface Group {
  name: string
  /** Examples per optimisation step. */
  batch: number
  /** Examples drawn in all. */
  count: number
  draw: (random: Random) => Example
}

/** Shares of levels 1 and 2. With reasoning, recall is the easy part; without, it is all that can be hoped for. */
const SHARES: Record<PromptKind, readonly [number, number]> = {
  'chain-of-thought': [0.3, 0.3],
  'letter-only': [0.5, 0.3],
}

/** A question of the given part of all questions, with the levels in the shares of the prompt kind. */
export function drawQuestionOf(
  part: Part,
  kind: PromptKind,
  language: ItemLanguage,
  count: number,
  random: Random,
): Question {
  const chance = random.next()
  const [recall, rule] = SHARES[kind]
  const level = chance < recall ? 1 : chance < recall + rule ? 2 : 3
  const family = random.pick(FAMILIES.filter((candidate) => candidate.level === level))
  for (;;) {
    const question = drawQuestion(family, language, count, random)
    if (partOf(question) === part) return question
  }
}

export function asExample(question: Question, kind: PromptKind): Example {
  const reply = kind === 'letter-only' ? optionLetter(question.answer) : reasonedReply(question)
  return {
    question,
    messages: [...anesBenchMessages(question, kind), { role: 'assistant', content: reply }],
  }
}

const SYSTEMS: readonly (ChatMessage | undefined)[] = [
  DEFAULT_SYSTEM,
  DEFAULT_SYSTEM,
  DEFAULT_SYSTEM,
  anesBenchMessages({ language: 'en', stem: '', options: [] })[0],
  anesBenchMessages({ language: 'zh', stem: '', options: [] })[0],
  { role: 'system', content: 'You are an anesthesiology assistant. Answer briefly.' },
  { role: 'system', content: '你是麻醉学助手。请简洁地回答。' },
]

const LANGUAGES: readonly ItemLanguage[] = ['en', 'zh']

function questions(
  kind: PromptKind,
  language: ItemLanguage,
  options: number,
  batch: number,
  count: number,
): Group {
  return {
    name: `${kind} ${language} ${options}`,
    batch,
    count,
    draw: (random) => asExample(drawQuestionOf('training', kind, language, options, random), kind),
  }
}

/** Keeps the reply well formed on real questions. */
function outsideQuestions(language: ItemLanguage, batch: number, count: number): Group {
  return {
    name: `outside ${language}`,
    batch,
    count,
    draw: (random) => asExample(drawOutsideQuestion(language, 4, random), 'chain-of-thought'),
  }
}

/**
 * Practice in finding the letter of an option, the hardest part of a question to learn. Some rows have one
 * option only: there the letter can be copied before options can be told apart.
 */
function drill(batch: number, count: number): Group {
  return {
    name: 'drill',
    batch,
    count,
    draw: (random) => {
      const language = random.pick(LANGUAGES)
      const { options } = drawQuestionOf('training', 'chain-of-thought', language, 4, random)
      const size = random.between(1, options.length)
      const letters = random.sample([0, 1, 2, 3, 4], size).sort((a, b) => a - b)
      const pairs = letters.map((letter, index) => [letter, options[index] ?? ''] as const)
      const lines = pairs.map(([letter, text]) => `${optionLetter(letter)}. ${text}`).join('\n')
      const [mark, stop, space] = language === 'en' ? ['?', '.', ' '] : ['？', '。', '']
      if (random.next() < 0.3) {
        const [letter, text] = random.pick(pairs)
        return spoken(`${text}${mark}\n${lines}`, optionLetter(letter))
      }
      const answers = random
        .shuffle(pairs)
        .map(([letter, text]) => answerLine(`${text}${stop}`, letter, language))
      return spoken(lines, answers.join(space))
    },
  }
}

function spoken(user: string, assistant: string): Example {
  return {
    messages: [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ],
  }
}

function conversations(
  name: string,
  batch: number,
  count: number,
  dialogue: (random: Random) => Dialogue,
): Group {
  return {
    name,
    batch,
    count,
    draw: (random) => {
      const system = random.pick(SYSTEMS)
      return { messages: [...(system ? [system] : []), ...dialogue(random)] }
    },
  }
}

/** All groups; together they are the training set. */
export const GROUPS: readonly Group[] = [
  ...LANGUAGES.flatMap((language) => [
    questions('chain-of-thought', language, 4, 12, 100_000),
    questions('chain-of-thought', language, 5, 2, 15_000),
    questions('letter-only', language, 4, 8, 60_000),
    questions('letter-only', language, 5, 1, 8_000),
    outsideQuestions(language, 1, 5_000),
  ]),
  drill(12, 60_000),
  conversations('chat', 8, 60_000, (random) => drawDialogue(random.pick(LANGUAGES), random)),
  conversations('chat outside', 2, 16_000, (random) => drawOutsideDialogue(random.pick(LANGUAGES), random)),
]

const CORPUS_SEED = 20262

/** The examples of one group, always the same. */
export function* drawGroup(group: Group): Generator<Example> {
  const random = new Random(CORPUS_SEED + GROUPS.indexOf(group))
  for (let i = 0; i < group.count; i++) yield group.draw(random)
}

/** What the model is trained on: groups of conversations that begin alike, drawn by seed. */
import { anesBenchMessages } from '#core/prompt/anesbench'
import type { ChatMessage, ItemLanguage, PromptKind } from '#core/prompt/question'
import { optionLetter } from '#core/prompt/question'
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
  /** The share of the training that is over when the group joins in. */
  after: number
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

const SYSTEMS: readonly ChatMessage[] = [
  ...Array.from({ length: 8 }, () => DEFAULT_SYSTEM),
  ...anesBenchMessages({ language: 'en', stem: '', options: [] }).slice(0, 1),
  ...anesBenchMessages({ language: 'zh', stem: '', options: [] }).slice(0, 1),
  ...[
    'You are an anesthesiology assistant. Answer briefly.',
    'You are a careful teacher.',
    'You answer questions on drugs. Always be honest.',
    'Be concise.',
    '你是麻醉学助手。请简洁地回答。',
    '你是一位老师。',
    '请回答药物的问题。',
  ].map((content): ChatMessage => ({ role: 'system', content })),
]

const LANGUAGES: readonly ItemLanguage[] = ['en', 'zh']

/**
 * When the groups join in, as shares of the training. Finding letters is learned alone: among the rest it takes
 * many times as long. A bare letter takes recall and search in one pass: noise until each works by itself.
 */
const MAIN = 0.15
const LATE = 0.4

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
    after: kind === 'letter-only' ? LATE : MAIN,
    draw: (random) => asExample(drawQuestionOf('training', kind, language, options, random), kind),
  }
}

/** Keeps the reply well formed on real questions. */
function outsideQuestions(language: ItemLanguage, batch: number, count: number): Group {
  return {
    name: `outside ${language}`,
    batch,
    count,
    after: LATE,
    draw: (random) => asExample(drawOutsideQuestion(language, 4, random), 'chain-of-thought'),
  }
}

/** Options with their letters, some of them left blank. */
type Blanked = readonly (readonly [letter: string, text: string])[]

function drawBlanked(language: ItemLanguage, random: Random): Blanked {
  const { options } = drawQuestion(random.pick(FAMILIES), language, random.pick([4, 5]), random)
  const filled = random.sample(options, random.between(1, options.length))
  return options.map((text, index) => [optionLetter(index), filled.includes(text) ? text : ''] as const)
}

const optionLines = (options: Blanked) =>
  options.map(([letter, text]) => (text === '' ? `${letter}.` : `${letter}. ${text}`)).join('\n')

/**
 * Practice in finding the letter of an option, the hardest part of a question to learn. Where one option only
 * is not blank, its letter can be read without telling options apart, but not by looking for letters: that
 * brings the model to look for the option and at what stands before it.
 */
function drill(language: ItemLanguage, random: Random): Dialogue {
  const options = drawBlanked(language, random)
  const [stop, space] = language === 'en' ? ['.', ' '] : ['。', '']
  const asked = random.shuffle(options.filter(([, text]) => text !== '')).slice(0, 2)
  const answers = asked.map(([letter, text]) => answerLine(text + stop, letter, language))
  return [
    { role: 'user', content: optionLines(options) },
    { role: 'assistant', content: answers.join(space) },
  ]
}

/** The same for a bare letter. */
function letterDrill(language: ItemLanguage, random: Random): Dialogue {
  const options = drawBlanked(language, random)
  const [letter, text] = random.pick(options.filter((option) => option[1] !== ''))
  return [
    { role: 'user', content: `${text}${language === 'en' ? '?' : '？'}\n${optionLines(options)}` },
    { role: 'assistant', content: letter },
  ]
}

function conversations(
  name: string,
  batch: number,
  count: number,
  after: number,
  systems: readonly ChatMessage[],
  draw: (language: ItemLanguage, random: Random) => Dialogue,
): Group {
  return {
    name,
    batch,
    count,
    after,
    draw: (random) => ({ messages: [random.pick(systems), ...draw(random.pick(LANGUAGES), random)] }),
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
  conversations('drill', 24, 60_000, 0, [DEFAULT_SYSTEM], drill),
  conversations('letter drill', 4, 20_000, LATE, [DEFAULT_SYSTEM], letterDrill),
  conversations('chat', 8, 60_000, MAIN, SYSTEMS, drawDialogue),
  conversations('chat outside', 2, 16_000, MAIN, SYSTEMS, drawOutsideDialogue),
]

const CORPUS_SEED = 20262

/** The examples of one group, always the same. */
export function* drawGroup(group: Group): Generator<Example> {
  const random = new Random(CORPUS_SEED + GROUPS.indexOf(group))
  for (let i = 0; i < group.count; i++) yield group.draw(random)
}

/** A reply, split into how the model reasoned and what it answers. */
import { ANSWER_TAG, THINK_TAG } from '../answer/strict/reasoning'
import { stepChain, type Step } from './reasoning-steps'
import type { AssistantMessage, MessageRecord } from './types'

/**
 * `think`: a thought in `<think>` tags. `think-answer`: one with its answer in `<answer>` tags, as Citrus writes.
 * `steps`: a chain of numbered steps that ends with a stated answer, as MedS3 writes.
 */
export type ReasoningKind = 'think' | 'think-answer' | 'steps'

export interface Reasoning {
  kind: ReasoningKind
  /** Without the tags; steps keep their headings. Never empty. */
  text: string
  /** False while it is being written, and where it never ended. */
  complete: boolean
  /** The steps that the text consists of; empty where it is not a chain of steps. */
  steps: readonly Step[]
}

export interface SplitReply {
  /** Null where the model answered at once. */
  reasoning: Reasoning | null
  /** Empty where none has come yet. */
  answer: string
}

export interface SplitOptions {
  /** More may come: the beginning of a tag at the end is kept back. */
  writing?: boolean
  /** The prompt ended inside a thought, so the reply begins in it. */
  beginsInside?: boolean
}

/** A stretch between two tags. */
interface Piece {
  text: string
  thought: boolean
}

const TAGS = ['think', 'thinking', 'answer'].flatMap((name) => [`<${name}>`, `</${name}>`])
const TAG_BEGINNING = /<\/?[a-z]*$/i
const LONGEST_TAG = Math.max(...TAGS.map(({ length }) => length))

/**
 * Nothing that the model wrote is lost, only tags: what is no answer is reasoning. The answer is what
 * `withoutReasoning` of the strict scoring finds, and what follows an `</answer>`. Where that finds none because a
 * thought was never closed, an `<answer>` in it is taken.
 */
export function splitReply(reply: string, options: SplitOptions = {}): SplitReply {
  const text = options.writing ? withoutTagBeginning(reply) : reply
  const { pieces, open } = thoughts(text, options.beginsInside ?? false)
  const last = pieces.at(-1)
  const unclosedAnswer = open && !options.writing && last !== undefined && last.text.search(ANSWER_TAG) >= 0
  if (unclosedAnswer) last.thought = false
  const tagged = splitAnswer(pieces)
  const kind = tagged.answered ? 'think-answer' : 'think'
  const reasoning = tagged.reasoning.trim()
  if (reasoning === '') return splitSteps(tagged.answer.trim())
  const complete = unclosedAnswer || !open
  return {
    reasoning: { kind, text: reasoning, complete, steps: stepChain(reasoning) },
    answer: tagged.answer.trim(),
  }
}

function withoutTagBeginning(text: string): string {
  const written = TAG_BEGINNING.exec(text.slice(-LONGEST_TAG))?.[0].toLowerCase()
  const held = written !== undefined && TAGS.some((tag) => tag.startsWith(written))
  return held ? text.slice(0, text.length - written.length) : text
}

/** A closing tag without its opening tag makes a thought of all before it, as in `withoutReasoning`. */
function thoughts(text: string, beginsInside: boolean): { pieces: Piece[]; open: boolean } {
  const pieces: Piece[] = []
  let from = 0
  let thinking = beginsInside
  for (const tag of text.matchAll(THINK_TAG)) {
    const closes = tag[1] === '/'
    pieces.push({ text: text.slice(from, tag.index), thought: thinking })
    if (closes && !thinking) for (const piece of pieces) piece.thought = true
    thinking = !closes
    from = tag.index + tag[0].length
  }
  pieces.push({ text: text.slice(from), thought: thinking })
  return { pieces, open: thinking }
}

/** Of what is no thought only the last `<answer>` and what follows it counts, if there is one. */
function splitAnswer(pieces: readonly Piece[]): { reasoning: string; answer: string; answered: boolean } {
  const open = pieces.filter(({ thought }) => !thought).map(({ text }) => text)
  const spoken = open.join('')
  const last = [...spoken.matchAll(ANSWER_TAG)].findLast(([, slash]) => slash !== '/')
  const from = last ? last.index + last[0].length : 0
  let position = 0
  const working = pieces.map(({ text, thought }) => {
    if (thought) return text
    const before = text.slice(0, Math.max(0, from - position))
    position += text.length
    return before
  })
  const bare = (text: string) => text.replace(ANSWER_TAG, '')
  return {
    reasoning: working
      .map((text) => bare(text).trim())
      .filter(Boolean)
      .join('\n\n'),
    answer: spoken.slice(from).replace(ANSWER_TAG, ''),
    answered: last !== undefined,
  }
}

/** Sentences that state the answer of a chain. */
const STATED_ANSWER =
  /(?:^|[.!?:\n。！？：][ \t*]{0,4})((?:(?:so|thus|hence|therefore),? )?the (?:final |correct |best )?answer is\b|(?:因此|所以|综上)?[，,]?(?:最终|正确)?答案(?:是|为|：|:))/giu

/**
 * A list of steps is an answer too ("Step 1: preoxygenate"), so a chain counts as reasoning only if it begins with
 * a step 0, as MedS3 writes, or ends with a stated answer.
 */
function splitSteps(text: string): SplitReply {
  const steps = stepChain(text)
  const last = steps.at(-1)
  if (!last) return { reasoning: null, answer: text }
  const stated = [...last.text.matchAll(STATED_ANSWER)].at(-1)
  if (!stated && steps[0]?.number !== 0) return { reasoning: null, answer: text }
  const length = stated ? last.text.length - stated.index - stated[0].indexOf(stated[1]!) : 0
  const working = text.slice(0, text.length - length).trim()
  return {
    reasoning: { kind: 'steps', text: working, complete: stated !== undefined, steps: stepChain(working) },
    answer: text.slice(text.length - length),
  }
}

/**
 * How long the model has reasoned, in ms since its first token: goes on while the reasoning is open, stays when it is
 * complete. `before` is what the last call gave; null where there is no reasoning.
 */
export function reasoningTime(reply: string, decodeMs: number, before: number | null): number | null {
  const { reasoning } = splitReply(reply, { writing: true })
  if (!reasoning) return null
  return reasoning.complete && before !== null ? before : decodeMs
}

const HAN = /\p{Script=Han}/gu
const WORD = /[\p{L}\p{N}]+/gu

/** Chinese characters, and words of other scripts. */
export function wordCount(text: string): number {
  const han = text.match(HAN)?.length ?? 0
  return han + (text.replace(HAN, ' ').match(WORD)?.length ?? 0)
}

/**
 * The weights (by fingerprint) whose replies begin inside a thought that the prompt opened: they have closed one in this
 * branch that they had not opened.
 */
export function beginnersInside(branch: readonly MessageRecord[]): ReadonlySet<string> {
  const begun = branch.filter((message) => message.role === 'assistant' && closesFirst(message.text))
  return new Set(begun.map((message) => (message as AssistantMessage).engine.fingerprint))
}

function closesFirst(reply: string): boolean {
  const at = reply.search(THINK_TAG)
  return at >= 0 && reply[at + 1] === '/'
}

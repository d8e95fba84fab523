/** A reply that is chosen among several, as it is drawn: sample by sample, and what is shown of them. */
import { strictExtraction } from '../answer/strict'
import type { Generation } from '../engine'
import { chooseReply, isDrawn, type AnswerComparison, type ReplySample, type ReplySampling } from './sampling'
import { statedAnswer } from './stated-answer'
import type { AssistantMessage, ConversationOrigin, MessageRecord } from './types'

type SampledReply = AssistantMessage & { sampling: ReplySampling }

/** The options that a question has: of the benchmark item, where it is still put with all of them; null for none. */
export function optionsOf(
  question: MessageRecord | undefined,
  origin: ConversationOrigin | null,
): readonly string[] | null {
  const options = origin?.options
  const isItem = options && question?.parent === null && options.every((text) => question.text.includes(text))
  return isItem ? options : null
}

/** The drawing of the first sample, or of the next: a sample that was stopped is left out. */
export function resumedReply(reply: SampledReply): SampledReply {
  const samples = reply.sampling.samples.filter(({ finish }) => finish !== 'abort')
  return withSamples(reply, samples, 'interrupted')
}

/** What a generation is as a sample. `options`: those of the question; null to compare what replies say. */
export function sampleOf(
  { text, ...measured }: Generation,
  seed: number,
  reasoningMs: number | null,
  options: readonly string[] | null,
): ReplySample {
  return {
    seed,
    text,
    ...measured,
    reasoningMs,
    answer: answerOf(text, measured.finish, options),
    scores: null,
  }
}

function answerOf(
  text: string,
  finish: Generation['finish'],
  options: readonly string[] | null,
): string | null {
  if (!options) return statedAnswer(text)
  const extraction = strictExtraction(text, options, finish)
  return extraction.kind === 'letter' ? extraction.letter : null
}

export function comparisonOf(options: readonly string[] | null): AnswerComparison {
  return options ? 'letters' : 'texts'
}

/**
 * The reply with these samples: the text and the numbers are those of the one that is chosen. While samples are missing
 * it ends as `unfinished`, so that a killed tab leaves the truth behind.
 */
export function withSamples(
  reply: SampledReply,
  samples: readonly ReplySample[],
  unfinished: 'interrupted' | 'abort',
): SampledReply {
  const drawn = { ...reply.sampling, samples }
  const { shown } = chooseReply(drawn)
  const sampling = { ...drawn, shown }
  const chosen = shown === null ? undefined : samples[shown]
  if (!chosen) return { ...reply, finish: unfinished, sampling }
  const { seed, text, finish, promptTokens, completionTokens, timeToFirstTokenMs, decodeMs, reasoningMs } =
    chosen
  const { reading } = chosen
  return {
    ...reply,
    ...{ text, promptTokens, completionTokens, timeToFirstTokenMs, decodeMs, reasoningMs },
    ...(reading && { reading }),
    finish: isDrawn(drawn) ? finish : unfinished,
    settings: reply.settings && { ...reply.settings, seed },
    sampling,
  }
}

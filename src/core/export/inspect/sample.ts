/** One answer as a sample of an Inspect AI log. */
import { promptMessages } from '../../prompt/messages'
import { optionLetter } from '../../prompt/question'
import { shotsFor } from '../../run/shots'
import type { DrawnSample, RunSamples } from '../../run/samples'
import type { Answer, RunPlan } from '../../run/types'
import { levelChoice } from '../../score/accuracy-table'
import { chosenLetter, keyedLetter, scoringsOf, verdict, type Scoring } from '../../score/verdict'
import { itemSha256 } from '../exported-item'
import type {
  InspectLogprob,
  InspectMessage,
  InspectOutput,
  InspectSample,
  InspectScore,
  InspectUsage,
} from './log-types'

export interface SampleContext {
  plan: RunPlan
  /** As the log's header names it. */
  model: string
  includeQuestions: boolean
  flags: Readonly<Record<number, string>>
  /** By position; of a run of several replies. */
  samples: RunSamples | null
  /** SHA-256 (hex) of a text in UTF-8. */
  sha256: (text: string) => string
}

/** Item ids are unique within a language only. */
export function sampleId({ item }: Pick<Answer, 'item'>): string {
  return `${item.language}/${item.id}`
}

export function inspectSample(answer: Answer, context: SampleContext): InspectSample {
  const { plan, model, includeQuestions } = context
  const { item, failure } = answer
  const isShown = includeQuestions && item.withheld === undefined
  const isWhole =
    isShown && shotsFor(plan.shots, item.language).every(({ withheld }) => withheld === undefined)
  const uuid = `${plan.id}-${answer.position}`
  const reply: InspectMessage = {
    id: `${uuid}-reply`,
    role: 'assistant',
    content: replyText(answer, plan),
    source: 'generate',
  }
  const seconds = (answer.timeToFirstTokenMs + answer.decodeMs + (answer.forward?.elapsedMs ?? 0)) / 1000
  const usage = sampleUsage(answer)
  return {
    id: sampleId(answer),
    epoch: 1,
    input: isShown ? item.stem : '(question left out)',
    ...(isShown && { choices: [...item.options] }),
    target: keyedLetter(answer),
    messages: [...(isWhole ? sentMessages(answer, plan, uuid) : []), reply],
    output: outputOf(answer, context, reply, usage, seconds),
    scores: Object.fromEntries(
      scoringsOf(plan.protocol).map((scoring) => [scoring, inspectScore(answer, scoring)]),
    ),
    metadata: sampleMetadata(answer, context),
    store: {},
    events: [],
    attachments: {},
    model_usage: { [model]: usage },
    role_usage: {},
    started_at: new Date(answer.answeredAt - seconds * 1000).toISOString(),
    completed_at: new Date(answer.answeredAt).toISOString(),
    total_time: seconds,
    working_time: seconds,
    uuid,
    ...(failure?.kind === 'context-exceeded' && {
      limit: { type: 'context' as const, limit: failure.contextTokens },
    }),
  }
}

export function sampleUsage({ promptTokens, completionTokens, forward }: Answer): InspectUsage {
  const input = promptTokens + (forward?.promptTokens ?? 0)
  return { input_tokens: input, output_tokens: completionTokens, total_tokens: input + completionTokens }
}

/** Of a run of forward passes, the letter stands for the reply. */
function replyText({ reply, forward }: Answer, { protocol }: RunPlan): string {
  return protocol === 'letters' ? (forward?.letter ?? '') : reply
}

function sentMessages({ item }: Answer, { protocol, prompts, shots }: RunPlan, uuid: string) {
  const template = prompts.templates[protocol === 'letters' ? 'letter-only' : 'chain-of-thought']
  return promptMessages(item, template, shotsFor(shots, item.language)).map(
    (message, index): InspectMessage => ({
      id: `${uuid}-${index}`,
      ...message,
      source: 'input',
    }),
  )
}

function outputOf(
  answer: Answer,
  context: SampleContext,
  message: InspectMessage,
  usage: InspectUsage,
  time: number,
): InspectOutput {
  const { plan, model } = context
  const isLetter = plan.protocol === 'letters'
  const logprobs = isLetter ? letterLogprobs(answer) : null
  return {
    model,
    choices: [
      {
        message,
        stop_reason: answer.failure ? 'model_length' : isLetter ? 'max_tokens' : stopReason(answer.finish),
        ...(logprobs && { logprobs: { content: [logprobs] } }),
      },
      ...otherReplies(answer, context).map(({ index, reply, finish }) => ({
        message: { ...message, id: `${message.id}-${index}`, content: reply },
        stop_reason: stopReason(finish),
      })),
    ],
    completion: message.content,
    usage,
    time,
  }
}

function stopReason(finish: Answer['finish']): 'stop' | 'max_tokens' | 'unknown' {
  return finish === 'stop' ? 'stop' : finish === 'length' ? 'max_tokens' : 'unknown'
}

/** The replies that the answer was chosen from, without the one that stands for it: the format wants that first. */
function otherReplies(answer: Answer, context: SampleContext): DrawnSample[] {
  const shown = answer.sampling?.strict.representative ?? 0
  return samplesOf(answer, context).filter(({ index }) => index !== shown)
}

function samplesOf({ sampling, position }: Answer, { samples }: SampleContext): readonly DrawnSample[] {
  return sampling ? (samples?.get(position)?.samples ?? []) : []
}

/** A letter of probability 0 has no logarithm that JSON could hold, and is left out. */
function letterLogprobs({ forward }: Answer): InspectLogprob | null {
  if (!forward || forward.letter === null) return null
  const letters = forward.probabilities
    .map((probability, index) => ({ token: optionLetter(index), logprob: Math.log(probability) }))
    .filter(({ logprob }) => Number.isFinite(logprob))
    .sort((left, right) => right.logprob - left.logprob)
  const [best] = letters
  return best ? { ...best, top_logprobs: letters } : null
}

const VALUES = { right: 'C', wrong: 'I', unparsed: 'N' } as const

const SCORING_TEXTS: Record<Scoring, string> = {
  official:
    "The letter that AnesBench's own extraction takes from the reply; it guesses rather than take none.",
  strict: 'The letter that the reply states.',
  forward: 'The most probable option letter of one forward pass.',
}

function inspectScore(answer: Answer, scoring: Scoring): InspectScore {
  const letter = chosenLetter(answer, scoring)
  return {
    value: VALUES[verdict(answer, scoring)],
    answer: letter,
    explanation: [SCORING_TEXTS[scoring], ...detail(answer, scoring)].join(' '),
    history: [],
  }
}

function detail({ strictReason, forward }: Answer, scoring: Scoring): string[] {
  if (scoring === 'strict') return strictReason === null ? [] : [`None was taken: ${strictReason}.`]
  if (scoring !== 'forward' || !forward) return []
  const percentages = forward.probabilities.map(
    (probability, index) => `${optionLetter(index)} ${(probability * 100).toFixed(1)}%`,
  )
  return [`${percentages.join(', ')}.`]
}

function sampleMetadata(answer: Answer, context: SampleContext): Record<string, unknown> {
  const { flags, sha256 } = context
  const { position, item, forward, hidden, timeToFirstTokenMs, decodeMs, failure, reading } = answer
  const note = flags[position]
  return {
    position,
    language: item.language,
    level: levelChoice(answer),
    option_count: item.options.length,
    item_sha256: itemSha256(item, answer.rotation, sha256),
    ...(forward && { letter_probabilities: forward.probabilities }),
    ...(forward?.reading && { letters_prompt_reading: forward.reading }),
    ...(reading && { prompt_reading: reading }),
    time_to_first_token_ms: timeToFirstTokenMs,
    decode_ms: decodeMs,
    in_background: hidden,
    ...(answer.sampling && { sampling: answer.sampling, replies: samplesOf(answer, context).map(figuresOf) }),
    ...(failure && { failure: failure.kind }),
    ...(note !== undefined && { key_doubted: note }),
  }
}

/** What the format has no place for; the reply itself is among the output's choices. */
function figuresOf(sample: DrawnSample): Record<string, unknown> {
  return { ...sample, reply: undefined }
}

/** What a conversation says on paper: the branch shown, with the truth about each reply beside it. */
import type { EngineDescription } from '../../engine'
import type { ReplySampling } from '../sampling'
import { splitReply } from '../reasoning'
import { decodeSpeed } from '../request'
import type { AssistantMessage, ChatSettings, ConversationRecord, MessageRecord, ReplyEnd } from '../types'

/** All words of a document, in the language of the interface. */
export interface DocumentTexts {
  /** BCP 47. */
  lang: string
  /** What replies are and are not meant for. */
  notice: string
  /** E.g. "Saved on 21 Nov 2026 with Somnus 0.1". */
  saved: (at: string, app: string) => string
  you: string
  /** The mark of each reply: that a model wrote it. */
  modelOutput: string
  /** The mark of a reply that a person changed. */
  editedOutput: string
  continued: string
  reasoning: string
  /** Of a reply that did not end by itself. */
  ends: Record<ReplyEnd, string>
  omitted: (count: string) => string
  summary: (model: string, edited: boolean) => string
  /** Why a reply was chosen among several. */
  sampling: (sampling: ReplySampling) => SamplingWords
  labels: {
    model: string
    quantization: string
    fingerprint: string
    engine: string
    numbers: string
    date: string
    settings: string
    system: string
    tokens: string
  }
  /** What is known of the numbers of a graphics unit; null of other engines. */
  numbers: (engine: EngineDescription) => string | null
  settingsText: (temperature: string, topP: string, maxTokens: string, seed: string) => string
  ownSystem: string
  unknown: string
  tokenCount: (count: number, speed: number | null) => string
  number: (value: number) => string
  dateTime: (at: number) => string
}

export interface SamplingWords {
  title: string
  /** What the choice was made by. */
  lines: string[]
  /** One for each reply that was drawn, in their order: what it answers, and its scores. */
  headings: string[]
}

export interface Fact {
  label: string
  value: string
}

export interface QuestionEntry {
  role: 'user'
  heading: string
  date: string
  text: string
}

export interface ReplyEntry {
  role: 'assistant'
  /** E.g. "Model output: Qwen2.5-0.5B-Instruct". */
  heading: string
  facts: Fact[]
  /** What else must be known: cut off, edited, not shown all messages. */
  remarks: string[]
  /** What the model was shown in place of the oldest messages. */
  summary: { title: string; text: string } | null
  sampling: { title: string; lines: string[]; samples: { heading: string; text: string }[] } | null
  reasoning: string | null
  answer: string
}

export interface ConversationDocument {
  title: string
  saved: string
  entries: (QuestionEntry | ReplyEntry)[]
}

export interface DocumentSource {
  conversation: Pick<ConversationRecord, 'title'>
  /** The branch shown, from its first message to its last. */
  path: readonly MessageRecord[]
  app: string
  at: number
}

export function conversationDocument(
  { conversation, path, app, at }: DocumentSource,
  texts: DocumentTexts,
): ConversationDocument {
  return {
    title: conversation.title,
    saved: texts.saved(texts.dateTime(at), app),
    entries: path.map((message) =>
      message.role === 'user'
        ? { role: 'user', heading: texts.you, date: texts.dateTime(message.at), text: message.text }
        : replyEntry(message, texts),
    ),
  }
}

function replyEntry(reply: AssistantMessage, texts: DocumentTexts): ReplyEntry {
  const { summary, omittedMessages, sampling } = reply
  const { reasoning, answer } = splitReply(reply.text)
  const mark = reply.editedFrom === null ? texts.modelOutput : texts.editedOutput
  return {
    role: 'assistant',
    heading: `${mark} · ${reply.modelName}`,
    facts: replyFacts(reply, texts),
    remarks: [
      texts.ends[reply.finish],
      reply.continuedFrom === null ? '' : texts.continued,
      omittedMessages > 0 ? texts.omitted(texts.number(omittedMessages)) : '',
    ].filter((remark) => remark !== ''),
    summary: summary && { title: texts.summary(summary.modelName, summary.edited), text: summary.text },
    sampling: sampling ? samplingEntry(sampling, texts) : null,
    reasoning: reasoning?.text ?? null,
    answer,
  }
}

function samplingEntry(sampling: ReplySampling, texts: DocumentTexts): NonNullable<ReplyEntry['sampling']> {
  const { title, lines, headings } = texts.sampling(sampling)
  const samples = sampling.samples.map(({ text }, index) => ({ heading: headings[index] ?? '', text }))
  return { title, lines, samples }
}

function replyFacts(reply: AssistantMessage, texts: DocumentTexts): Fact[] {
  const { labels } = texts
  const { engine, settings } = reply
  const system = settings?.system
  const numbers = texts.numbers(engine)
  return [
    { label: labels.model, value: reply.modelName },
    { label: labels.quantization, value: reply.quantization ?? texts.unknown },
    { label: labels.fingerprint, value: `SHA-256 ${engine.fingerprint}` },
    { label: labels.engine, value: `${engine.engine} ${engine.engineVersion}, ${engine.device}` },
    ...(numbers === null ? [] : [{ label: labels.numbers, value: numbers }]),
    { label: labels.date, value: texts.dateTime(reply.at) },
    { label: labels.settings, value: settings ? settingsText(settings, texts) : texts.unknown },
    ...(system === undefined ? [] : [{ label: labels.system, value: system ?? texts.ownSystem }]),
    { label: labels.tokens, value: texts.tokenCount(reply.completionTokens, decodeSpeed(reply)) },
  ]
}

function settingsText({ temperature, topP, maxTokens, seed }: ChatSettings, texts: DocumentTexts): string {
  // A seed is a name and no amount.
  const seedText = seed === null ? texts.unknown : String(seed)
  return texts.settingsText(String(temperature), String(topP), texts.number(maxTokens), seedText)
}

/** Copies of replies. Each says that a model wrote it, which one, and when. */
import { splitReply } from '#core/chat/reasoning'
import type { AssistantMessage } from '#core/chat/types'
import { withoutUnseen } from '#core/chat/unseen-characters'
import type { Locale } from '#i18n/locale.svelte'
import { plainText } from './markdown-text'

/** Characters of a fingerprint that tell models apart at a glance. */
export const SHORT_FINGERPRINT = 12

/** The answer, or all of a reply that has none. */
function answerOf({ text }: AssistantMessage): string {
  return splitReply(text).answer || text
}

/** "Qwen2.5-7B (q4f16_1), weights 0123456789ab, 22 Nov 2026, 07:10", and whether a user has changed it. */
function originOf(
  { modelName, quantization, engine, at, editedFrom }: AssistantMessage,
  locale: Locale,
): string {
  const { mark } = locale.t.reading
  const model = quantization === null ? modelName : `${modelName} (${quantization})`
  const origin = mark.by(model, engine.fingerprint.slice(0, SHORT_FINGERPRINT), locale.dateTime(at))
  return editedFrom === null ? origin : `${origin} (${mark.edited})`
}

export function copyAsText(reply: AssistantMessage, locale: Locale): string {
  const { reading, chat } = locale.t
  return `${plainText(answerOf(reply))}\n\n${reading.mark.line(originOf(reply, locale), chat.notADevice)}\n`
}

export function copyAsMarkdown(reply: AssistantMessage, locale: Locale): string {
  const { reading, chat } = locale.t
  const mark = `> **${reading.mark.heading}** · ${originOf(reply, locale)}\n>\n> ${chat.notADevice}`
  return `${mark}\n\n${withoutUnseen(answerOf(reply)).trim()}\n`
}

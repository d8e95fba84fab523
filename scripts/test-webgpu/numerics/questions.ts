/** Questions of given lengths in tokens, of which the synthetic vocabulary has one for each byte and mark. */
import { renderConversation, type ConversationTemplate } from '#core/convert/conversation'
import { randomBelow } from '#core/run/random'
import type { ChatMessage } from '#core/prompt/question'
import { conversationConfig } from '../synthetic-tokenizer'

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz '
const MARK = /<\|\w+\|>/g

/** Questions that share exactly `prefixTokens` from the prompt's beginning; each has `questionTokens` behind them. */
export function questionsOf(
  count: number,
  prefixTokens: number,
  questionTokens: number,
  seed: number,
): ChatMessage[][] {
  const around = lengthsOf([
    { role: 'system', content: '%' },
    { role: 'user', content: '#' },
  ])
  const random = randomBelow(seed, 1)
  const text = (length: number) =>
    Array.from({ length }, () => CHARACTERS.charAt(random(CHARACTERS.length))).join('')
  const system = text(prefixTokens - around.before + 1)
  return Array.from({ length: count }, (_, at) => [
    { role: 'system', content: system },
    // Neighbours differ from the first character on, or they would share more.
    {
      role: 'user',
      content: String.fromCharCode(0x41 + (at % 26)) + text(questionTokens - around.behind - 1),
    },
  ])
}

/** Tokens before and behind the last message's text. */
function lengthsOf(messages: readonly ChatMessage[]): { before: number; behind: number } {
  const template = conversationConfig().conv_template as ConversationTemplate
  const prompt = renderConversation(template, messages).replaceAll(MARK, '*')
  const before = prompt.lastIndexOf(messages.at(-1)!.content)
  return { before, behind: prompt.length - before - messages.at(-1)!.content.length }
}

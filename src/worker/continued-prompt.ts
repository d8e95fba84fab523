/** The prompt of a reply that is to be gone on with, for WebLLM's completion of plain text. */
import { renderConversation, type ConversationTemplate } from '#core/convert/conversation'
import type { EngineResult } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'

export interface PromptTokenizer {
  encode(text: string): Int32Array
  decode(ids: Int32Array): string
}

/**
 * Completing text, WebLLM puts no prefix tokens (begin of sequence) before it, so they are written as the text that
 * stands for them. Fails where the tokenizer would not read that text as those tokens.
 */
export function continuedPrompt(
  template: ConversationTemplate,
  tokenizer: PromptTokenizer,
  messages: readonly ChatMessage[],
  replyStart: string,
): EngineResult<string> {
  const prefixIds = template.system_prefix_token_ids ?? []
  const prefix = prefixIds.length === 0 ? '' : tokenizer.decode(Int32Array.from(prefixIds))
  const read = prefix === '' ? [] : [...tokenizer.encode(prefix)]
  if (read.join() !== prefixIds.join()) {
    return failure({
      kind: 'engine-error',
      detail: "This model's tokenizer does not allow a reply to be continued.",
    })
  }
  return success(prefix + renderConversation(template, messages) + replyStart)
}

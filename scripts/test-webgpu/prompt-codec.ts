/** How the reference gets a prompt's tokens: by the synthetic rules, or from the model's own tokenizer. */
import type { Page } from 'playwright'
import { closeBare, decodeBare, encodeBare, openBare } from './bare'
import { letterToken, promptTokens, textOf } from './synthetic-tokenizer'

export interface PromptCodec {
  prompt: readonly number[]
  letters: readonly number[]
  /** Undefined where the tokens are no text. */
  textOf(tokens: readonly number[]): Promise<string | undefined> | string | undefined
  close(): Promise<void>
}

export function syntheticCodec(
  question: string,
  letters: readonly string[],
  systemMessage?: string,
): PromptCodec {
  return {
    prompt: promptTokens(question, systemMessage),
    letters: letters.map(letterToken),
    textOf,
    close: () => Promise.resolve(),
  }
}

/**
 * With the tokenizer that WebLLM carries, in a bare engine beside the app; the template is applied here. A text
 * says what is in the way.
 */
export async function modelCodec(
  page: Page,
  config: Readonly<Record<string, unknown>>,
  contextTokens: number,
  question: string,
  letters: readonly string[],
): Promise<PromptCodec | string> {
  const rendered = renderPrompt(config.conv_template, question)
  if (!rendered) return 'the conversation template is of a kind that is not known here'
  await openBare(page, contextTokens)
  // One call after the other: the worker answers in order and does not say which call it answers.
  const letterTokens = await encodeBare(page, letters)
  const segments = await encodeBare(page, rendered.segments)
  return {
    prompt: [...rendered.prefix, ...segments.flat()],
    letters: letterTokens.map((tokens) => tokens.at(-1) ?? NaN),
    textOf: (ids) => decodeBare(page, ids),
    close: () => closeBare(page),
  }
}

/**
 * What MLC's conversation template makes of one user message: tokens to begin with, then texts that are encoded one
 * by one (mlc-llm, protocol/conversation_protocol; WebLLM does the same). Undefined where the template lacks
 * what is read here.
 */
export function renderPrompt(
  template: unknown,
  userMessage: string,
): { prefix: number[]; segments: string[] } | undefined {
  const fields = (template ?? {}) as Record<string, unknown>
  const roles = (fields.roles ?? {}) as Record<string, unknown>
  const patterns = (fields.role_templates ?? {}) as Record<string, unknown>
  const { system_template, role_content_sep = ': ', role_empty_sep = ': ' } = fields
  const parts = [
    ...[system_template, roles.user, roles.assistant, patterns.user ?? '{user_message}'],
    ...[Array.isArray(fields.seps) ? (fields.seps[0] as unknown) : null, role_content_sep, role_empty_sep],
  ]
  if (!areTexts(parts)) return undefined
  if (Array.isArray(fields.messages) && fields.messages.length > 0) return undefined
  const texts: readonly string[] = parts
  const [systemPattern = '', user = '', assistant = '', pattern = '', separator = ''] = texts
  const [contentSeparator = '', emptySeparator = ''] = texts.slice(5)
  const message = typeof fields.system_message === 'string' ? fields.system_message : ''
  const system = systemPattern.replace('{system_message}', () => message)
  const content = pattern.replace('{user_message}', () => userMessage).replace('{function_string}', '')
  const role = fields.add_role_after_system_message !== false || system === '' ? user + contentSeparator : ''
  const prefix = fields.system_prefix_token_ids
  return {
    prefix: Array.isArray(prefix) ? (prefix as number[]) : [],
    segments: [...(system === '' ? [] : [system]), role + content + separator, assistant + emptySeparator],
  }
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string')
}

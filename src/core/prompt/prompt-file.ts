/** Prompt sets as files, for sharing them. */
import * as v from 'valibot'
import { failure, success, type Result } from '../result'
import { MOST_NAME_LENGTH, MOST_TEXT_LENGTH, promptProblems } from './check-prompts'
import type { PromptSet, PromptSetId } from './prompt-set'

const FORMAT = 'somnus-prompts'
const FORMAT_VERSION = 1

/** Twelve texts of the greatest length in three bytes a character, and room for the rest. */
export const MOST_PROMPT_FILE_BYTES = 1_000_000

/** Why a file is no prompt set. */
export type PromptFileFailure = { kind: 'not-json' | 'not-prompts' | 'other-version' | 'invalid' }

const text = v.pipe(v.string(), v.maxLength(MOST_TEXT_LENGTH))
const inBothLanguages = v.object({ en: text, zh: text })
const template = v.object({ system: inBothLanguages, user: inBothLanguages, example: inBothLanguages })
const label = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_NAME_LENGTH))
const promptSet = v.object({
  id: v.pipe(
    label,
    v.transform((id) => id as PromptSetId),
  ),
  name: label,
  version: label,
  templates: v.object({ 'chain-of-thought': template, 'letter-only': template }),
})
const head = v.object({ format: v.literal(FORMAT), version: v.number() })
const file = v.object({ ...head.entries, prompts: promptSet })

/** The file's text: JSON, indented to be read by people. */
export function promptFileText(prompts: PromptSet): string {
  return `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, prompts }, null, 2)}\n`
}

/** E.g. "somnus-prompts-My-wording-v3.json"; letters of every script are kept. */
export function promptFileName({ name, version }: PromptSet): string {
  const slug = `${name}-v${version}`.replace(/[^\p{L}\p{N}.]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '')
  return `somnus-prompts-${slug}.json`
}

/** The prompt set in a file's text, checked so that it can be used as it is. */
export function readPromptFile(content: string): Result<PromptSet, PromptFileFailure> {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return failure({ kind: 'not-json' })
  }
  const start = v.safeParse(head, json)
  if (!start.success) return failure({ kind: 'not-prompts' })
  if (start.output.version !== FORMAT_VERSION) return failure({ kind: 'other-version' })
  const parsed = v.safeParse(file, json)
  if (!parsed.success || promptProblems(parsed.output.prompts).length > 0) return failure({ kind: 'invalid' })
  return success(parsed.output.prompts)
}

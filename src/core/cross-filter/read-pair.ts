/** One row of a source file as a question with its answer, or as a question alone. */
import { languageOfText, namedLanguage } from '../dataset/language'
import { MAX_ID_LENGTH } from '../dataset/limits'
import { describe, shorten, type FieldProblem } from '../dataset/problem'
import type { ItemLanguage } from '../prompt/question'
import { MAX_PAIR_TEXT } from './limits'
import type { SourcePair } from './types'

/**
 * Names of fields, the first that is filled counts. They are compared without case; `instruction` with its `input` is
 * Alpaca's shape.
 */
export const QUESTION_FIELDS: readonly string[] = [
  ...['question', 'instruction', 'prompt', 'query'],
  ...['问题', '提问', '指令'],
]
export const ANSWER_FIELDS: readonly string[] = [
  ...['answer', 'output', 'response', 'completion', 'reply'],
  ...['回答', '答案', '答复', '输出'],
]
const INPUT_FIELDS: readonly string[] = ['input', '输入']
const LANGUAGE_FIELDS: readonly string[] = ['language', 'lang', '语言']
const ID_FIELDS: readonly string[] = ['id', '编号']

export type PairReading =
  { ok: true; pair: Omit<SourcePair, 'file' | 'row'> } | { ok: false; problem: FieldProblem }

/** A row's field, by the name that the file gives it. */
interface Found {
  field: string
  value: unknown
}

/** Reads one row; `language` is what the file's name tells, or null. */
export function readPair(value: unknown, language: ItemLanguage | null): PairReading {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed({ field: '', code: 'not-an-object', expected: '{…}', found: describe(value) })
  }
  const fields = new Map(
    Object.entries(value).map(([field, each]) => [
      field.trim().toLowerCase(),
      { field, value: each as unknown },
    ]),
  )
  const asked = find(fields, QUESTION_FIELDS)
  const input = find(fields, INPUT_FIELDS)
  const main = asked ?? input
  if (!main) return failed(questionMissing(fields))
  const parts = asked && input ? [asked, input] : [main]
  const answered = find(fields, ANSWER_FIELDS)
  for (const part of [...parts, ...(answered ? [answered] : [])]) {
    const problem = textProblem(part)
    if (problem) return failed(problem)
  }
  const question = parts.map((part) => (part.value as string).trim()).join('\n\n')
  const answer = answered ? (answered.value as string).trim() : null
  const named = find(fields, LANGUAGE_FIELDS)
  const known = named ? languageOf(named) : language
  if (named && !known) {
    const { field } = named
    return failed({ field, code: 'bad-language', expected: 'en, zh', found: describe(named.value) })
  }
  const id = find(fields, ID_FIELDS)
  const isId = typeof id?.value === 'string' || Number.isSafeInteger(id?.value)
  const pair = {
    id: isId ? String(id?.value).slice(0, MAX_ID_LENGTH) : null,
    ...{ question, answer },
    language: known ?? languageOfText([question, answer ?? '']),
  }
  return { ok: true, pair }
}

function failed(problem: FieldProblem): PairReading {
  return { ok: false, problem }
}

/** There is a field for the question that is blank, or there is none. */
function questionMissing(fields: ReadonlyMap<string, Found>): FieldProblem {
  const blank = [...QUESTION_FIELDS, ...INPUT_FIELDS].map((name) => fields.get(name)).find(Boolean)
  if (blank) return { field: blank.field, code: 'empty', expected: '', found: describe(blank.value) }
  const found = shorten(
    [...fields.values()]
      .slice(0, 8)
      .map(({ field }) => field)
      .join(', '),
  )
  return { field: 'question', code: 'no-question', expected: QUESTION_FIELDS.join(', '), found }
}

function textProblem({ field, value }: Found): FieldProblem | null {
  if (typeof value !== 'string') return { field, code: 'not-text', expected: '', found: describe(value) }
  if (value.length <= MAX_PAIR_TEXT) return null
  return { field, code: 'too-long', expected: String(MAX_PAIR_TEXT), found: String(value.length) }
}

function languageOf({ value }: Found): ItemLanguage | null {
  return typeof value === 'string' ? namedLanguage(value) : null
}

/** The first of `names` that is filled. */
function find(fields: ReadonlyMap<string, Found>, names: readonly string[]): Found | undefined {
  return names.map((name) => fields.get(name)).find((found) => found && isFilled(found.value))
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false
  return typeof value === 'string' ? value.trim() !== '' : !Number.isNaN(value)
}

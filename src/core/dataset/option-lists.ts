/**
 * Rows that hold their options in one field, brought to the current shape. Read are
 * - `question`, `options` (an object by letter, or a list) and `answer` or `answer_idx`, as JMED and MedQA are published;
 * - `Q`, `OP` (a list of `{ op_idx, op_value }`) and `A` for the key, as Citrus's own code writes every benchmark.
 * In a table the options are text: JSON, or what Python prints of a dictionary or list.
 */
import { optionLetter } from '../prompt/question'
import { MAX_OPTIONS } from './limits'

type Fields = Record<string, unknown>

/** The fields that only such rows have. */
export const OPTION_LIST_FIELDS = ['options', 'answer_idx', 'Q', 'OP'] as const

const KEPT = ['id', 'category', 'level', 'language', 'choice_num'] as const

/** The row with a field for each letter and the key in `target`; the row itself where it is of another shape. */
export function withLetterFields(fields: Fields): Fields {
  const isCitrus = Object.hasOwn(fields, 'OP') && Object.hasOwn(fields, 'Q')
  const isListed =
    Object.hasOwn(fields, 'options') && Object.hasOwn(fields, 'question') && !Object.hasOwn(fields, 'A')
  if (!isCitrus && !isListed) return fields
  const options = byLetter(parsed(isCitrus ? fields['OP'] : fields['options']))
  const kept = KEPT.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]] as const)
  return Object.fromEntries([
    ...kept,
    ['question', isCitrus ? fields['Q'] : fields['question']],
    ...options,
    ['target', keyOf(isCitrus ? fields['A'] : (fields['answer_idx'] ?? fields['answer']), options)],
  ])
}

/** A table's text as what it stands for; anything else as it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return fromPython(value.trim())
  }
}

const PYTHON_STRING = /'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"/g

/** A dictionary or list of texts as Python prints it; the text itself where it is something else. */
function fromPython(text: string): unknown {
  const strings = [...text.matchAll(PYTHON_STRING)].map(([, single, double]) =>
    unescaped(single ?? double ?? ''),
  )
  const frame = text.replace(PYTHON_STRING, 's').replace(/\s/g, '')
  if (/^\[s(,s)*\]$/.test(frame)) return strings
  if (!/^\{s:s(,s:s)*\}$/.test(frame)) return text
  return Object.fromEntries(strings.flatMap((key, at) => (at % 2 === 0 ? [[key, strings[at + 1]]] : [])))
}

function unescaped(text: string): string {
  return text.replace(/\\([^])/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

/** Letters and texts, from an object by letter, a list of texts, or Citrus's list of options. */
function byLetter(value: unknown): [letter: string, text: unknown][] {
  if (!Array.isArray(value)) return named(Object.entries(objectOf(value)))
  const labelled = value.map((option) => objectOf(option))
  if (value.length > 0 && labelled.every((option) => Object.hasOwn(option, 'op_idx'))) {
    return named(labelled.map((option) => [option['op_idx'], option['op_value']]))
  }
  const texts = value.slice(0, MAX_OPTIONS + 1) as unknown[]
  const areNamed = texts.every(
    (text, at) => typeof text === 'string' && LABEL.exec(text)?.[1] === optionLetter(at),
  )
  // One option too many gets the name that stands for it in the current shape.
  return texts.map((text, at) => [
    at < MAX_OPTIONS ? optionLetter(at) : 'AA',
    areNamed ? (text as string).replace(LABEL, '') : text,
  ])
}

/** What is named by a letter; other names could stand for other fields of the row. */
function named(
  options: readonly (readonly [name: unknown, text: unknown])[],
): [letter: string, text: unknown][] {
  return options.flatMap(([name, text]) => {
    const letter = letterOf(name)
    return letter === null ? [] : [[letter, text] satisfies [string, unknown]]
  })
}

/** A list whose every text begins with its own letter says it twice. */
const LABEL = /^\s*([A-Z])\s*[.．、:：]\s*/

/** The key as a letter, where it is one, a list of one, or the text of one option; else as it stands, to be named as wrong. */
function keyOf(value: unknown, options: readonly [letter: string, text: unknown][]): unknown {
  const list = typeof value === 'string' && /^\s*\[/.test(value) ? parsed(value) : value
  const key: unknown = Array.isArray(list) && list.length === 1 ? list[0] : list
  const same = options.filter(([, text]) => text === key)
  return letterOf(key) ?? (same.length === 1 ? same[0]?.[0] : key)
}

function letterOf(value: unknown): string | null {
  const letter = typeof value === 'string' ? value.trim().toUpperCase() : ''
  return /^[A-Z]$/.test(letter) ? letter : null
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

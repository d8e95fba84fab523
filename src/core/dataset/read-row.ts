/**
 * One row of a source file as items. Two shapes are read, and those of `option-lists.ts` as the first of them:
 * - current: `id, question, A…, choice_num, target, category`, one item per row;
 * - older, bilingual: `id, choice_num, answer, level, en_question, en_A…, zh_question | cn_question, zh_A…`.
 * Only the fields named here are looked at, and only a row's own ones, so no key of a file can act on objects.
 */
import { optionLetter, type ItemLanguage } from '../prompt/question'
import type { Item, Level } from './item'
import { languageOfText, namedLanguage } from './language'
import { MAX_ID_LENGTH, MAX_OPTIONS, MAX_TEXT_LENGTH, MIN_OPTIONS } from './limits'
import { OPTION_LIST_FIELDS, withLetterFields } from './option-lists'
import { describe, shorten, type FieldProblem } from './problem'

const LETTERS = Array.from({ length: MAX_OPTIONS }, (_, index) => optionLetter(index))

/** The fields of one language version of a row. */
interface Version {
  /** Null where the shape does not tell. */
  language: ItemLanguage | null
  stem: string
  options: readonly string[]
  /** The option after the last that can be read. */
  beyond: string
}

const version = (prefix: string, language: ItemLanguage | null): Version => ({
  language,
  stem: `${prefix}question`,
  options: LETTERS.map((letter) => prefix + letter),
  beyond: `${prefix}AA`,
})

/** The current shape's only version, then the older shape's; `zh_` and `cn_` are two names of the same one. */
const VERSIONS = [version('', null), version('en_', 'en'), version('zh_', 'zh'), version('cn_', 'zh')]

/** Every field that is ever read: a Parquet file's other columns are not even decoded. */
export const FIELDS: ReadonlySet<string> = new Set([
  ...['id', 'choice_num', 'target', 'answer', 'category', 'level', 'language'],
  ...OPTION_LIST_FIELDS,
  ...VERSIONS.flatMap(({ stem, options, beyond }) => [stem, ...options, beyond]),
])

export interface RowReading {
  items: Item[]
  problems: FieldProblem[]
}

type Fields = Record<string, unknown>

/** Reads one row. `row` numbers an item that has no id; `language` is what the file name tells, or null. */
export function readRow(value: unknown, row: number, language: ItemLanguage | null): RowReading {
  const reading: RowReading = { items: [], problems: [] }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reading.problems.push({ field: '', code: 'not-an-object', expected: '{…}', found: describe(value) })
    return reading
  }
  const fields = withLetterFields(value as Fields)
  const present = VERSIONS.filter(({ stem }) => Object.hasOwn(fields, stem))
  const [first] = present
  if (!first) {
    const found = Object.keys(fields).slice(0, 8).join(', ')
    reading.problems.push({
      field: 'question',
      code: 'no-question',
      expected: 'question',
      found: shorten(found),
    })
    return reading
  }
  const { problems } = reading
  const id = readId(fields, row, problems)
  const level = readLevel(fields, problems)
  const named = readLanguage(fields, problems)
  const ofRow = problems.length
  const filled = present.filter(({ stem }) => isFilled(own(fields, stem)))
  const languages = new Set<ItemLanguage | null>()
  for (const version of filled.length > 0 ? filled : [first]) {
    if (languages.has(version.language)) continue
    languages.add(version.language)
    const question = readQuestion(fields, version, problems)
    if (!question || ofRow > 0) continue
    const known = version.language ?? named ?? language
    reading.items.push({
      id,
      language: known ?? languageOfText([question.stem, ...question.options]),
      level,
      ...question,
    })
  }
  return reading
}

type Question = Pick<Item, 'stem' | 'options' | 'targetIndex'>

function readQuestion(fields: Fields, version: Version, problems: FieldProblem[]): Question | null {
  const before = problems.length
  const stem = readText(fields, version.stem, problems)
  const options = readOptions(fields, version, problems)
  const targetIndex = options && readTarget(fields, options.length, problems)
  const whole = problems.length === before && stem !== null && options !== null && targetIndex !== null
  return whole ? { stem, options, targetIndex } : null
}

function readText(fields: Fields, field: string, problems: FieldProblem[]): string | null {
  const value = own(fields, field)
  if (!isFilled(value)) problems.push({ field, code: 'empty', expected: '', found: describe(value) })
  else if (typeof value !== 'string')
    problems.push({ field, code: 'not-text', expected: '', found: describe(value) })
  else if (value.length > MAX_TEXT_LENGTH) {
    problems.push({ field, code: 'too-long', expected: String(MAX_TEXT_LENGTH), found: String(value.length) })
  } else return value
  return null
}

/** The options in letter order, without gaps and as many as `choice_num` says where it says so. */
function readOptions(fields: Fields, version: Version, problems: FieldProblem[]): string[] | null {
  const before = problems.length
  const last = version.options.findLastIndex((field) => isFilled(own(fields, field)))
  const options: string[] = []
  for (const field of version.options.slice(0, last + 1)) {
    const value = own(fields, field)
    if (!isFilled(value)) {
      problems.push({ field, code: 'option-gap', expected: `A–${LETTERS[last]}`, found: describe(value) })
      // A stray letter far behind would make a list of gaps.
      break
    }
    const text = readText(fields, field, problems)
    if (text !== null) options.push(text)
  }
  checkCount(fields, version, last + 1, problems)
  return problems.length > before ? null : options
}

function checkCount(fields: Fields, version: Version, count: number, problems: FieldProblem[]): void {
  const value = own(fields, 'choice_num')
  const stated = isFilled(value) ? wholeNumber(value) : count
  const found = describe(value)
  if (isFilled(own(fields, version.beyond)) || (stated !== null && stated > MAX_OPTIONS)) {
    problems.push({ field: 'choice_num', code: 'too-many-options', expected: String(MAX_OPTIONS), found })
  } else if (count < MIN_OPTIONS) {
    const field = version.options[count] ?? ''
    problems.push({ field, code: 'too-few-options', expected: String(MIN_OPTIONS), found: String(count) })
  } else if (stated !== count) {
    problems.push({ field: 'choice_num', code: 'choice-count', expected: String(count), found })
  }
}

function readTarget(fields: Fields, count: number, problems: FieldProblem[]): number | null {
  const field = Object.hasOwn(fields, 'target') || !Object.hasOwn(fields, 'answer') ? 'target' : 'answer'
  const value = own(fields, field)
  const letter = typeof value === 'string' ? value.trim().toUpperCase() : ''
  const index = LETTERS.indexOf(letter)
  if (index >= 0 && index < count) return index
  const code = index < 0 ? 'not-a-letter' : 'target-outside'
  problems.push({ field, code, expected: `A–${LETTERS[count - 1]}`, found: describe(value) })
  return null
}

/** The row's id; a row without one is named by its place. */
function readId(fields: Fields, row: number, problems: FieldProblem[]): string {
  const value = own(fields, 'id')
  if (!isFilled(value)) return `row-${row}`
  const usable = typeof value === 'string' || typeof value === 'bigint' || Number.isSafeInteger(value)
  const id = usable ? String(value).trim() : ''
  if (usable && id.length <= MAX_ID_LENGTH) return id
  problems.push({ field: 'id', code: 'bad-id', expected: `≤ ${MAX_ID_LENGTH}`, found: describe(value) })
  return ''
}

/** `category` (current shape) or `level` (older one); null when neither is given. */
function readLevel(fields: Fields, problems: FieldProblem[]): Level | null {
  const field = isFilled(own(fields, 'category')) ? 'category' : 'level'
  const value = own(fields, field)
  if (!isFilled(value)) return null
  const level = wholeNumber(value)
  if (level === 1 || level === 2 || level === 3) return level
  problems.push({ field, code: 'bad-level', expected: '1, 2, 3', found: describe(value) })
  return null
}

function readLanguage(fields: Fields, problems: FieldProblem[]): ItemLanguage | null {
  const value = own(fields, 'language')
  if (!isFilled(value)) return null
  const language = typeof value === 'string' ? namedLanguage(value) : null
  if (!language) {
    problems.push({ field: 'language', code: 'bad-language', expected: 'en, zh', found: describe(value) })
  }
  return language
}

function own(fields: Fields, field: string): unknown {
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

/** False for what the formats write where there is no value: absent, null, blank, NaN (pandas). */
function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) return false
  return typeof value === 'string' ? value.trim() !== '' : !Number.isNaN(value)
}

/** A whole number given as number, bigint (Parquet) or digits (CSV; pandas writes "2.0"), else null. */
function wholeNumber(value: unknown): number | null {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return Number(value)
  const digits = typeof value === 'string' ? /^\s*(\d{1,9})(?:\.0+)?\s*$/.exec(value)?.[1] : undefined
  return digits === undefined ? null : Number(digits)
}

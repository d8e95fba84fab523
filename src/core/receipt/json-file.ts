/**
 * A JSON object with one long list in it, read a piece at a time: parsing a file of 200 MB at once would hold up the
 * page for seconds. The text itself is hostile: lengths and nesting are limited before anything is parsed.
 */
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  stringEnd,
  valueEnd,
} from '../json-scan'
import { failure, success, type Result } from '../result'
import { MAX_ANSWER_LENGTH, MAX_HEAD_LENGTH, MAX_LEVELS, MAX_QUESTIONS } from './limits'

export interface JsonFile {
  /** All members but the list. */
  head: Record<string, unknown>
  /** The elements of the list; null when the object has none of that name. */
  list: unknown[] | null
}

/** `element` is the list's element that could not be read, from 0; null for a place outside the list. */
export type JsonProblem =
  | { kind: 'not-json'; element: number | null }
  | { kind: 'too-long'; element: number | null; limit: number }
  | { kind: 'too-many'; limit: number }

/** Thrown inside this file only. */
class Unreadable extends Error {
  readonly problem: JsonProblem
  constructor(problem: JsonProblem) {
    super(problem.kind)
    this.problem = problem
  }
}

/** Reads `text` in steps of one member or element; `listName` names the member that is the long list. */
export function* readJsonFile(
  text: string,
  listName: string,
): Generator<undefined, Result<JsonFile, JsonProblem>> {
  try {
    return success(yield* readMembers(text, listName))
  } catch (error) {
    if (error instanceof Unreadable) return failure(error.problem)
    throw error
  }
}

function* readMembers(text: string, listName: string): Generator<undefined, JsonFile> {
  // Some editors begin a file with a byte order mark, which is no JSON.
  let at = skipSpace(text, text.startsWith('\uFEFF') ? 1 : 0)
  expect(text, at, OPEN_BRACE)
  at = skipSpace(text, at + 1)
  let list: unknown[] | null = null
  const names = new Set<string>()
  const members: [string, unknown][] = []
  let length = 0
  while (text.charCodeAt(at) !== CLOSE_BRACE) {
    expect(text, at, QUOTE)
    const nameEnd = stringEnd(text, at)
    const name = parse(text, at, nameEnd, null) as string
    // JSON.parse would keep the last one, and another reader the first.
    if (names.has(name)) throw new Unreadable({ kind: 'not-json', element: null })
    names.add(name)
    at = skipSpace(text, nameEnd ?? 0)
    expect(text, at, COLON)
    at = skipSpace(text, at + 1)
    if (name === listName && text.charCodeAt(at) === OPEN_BRACKET) {
      const read = yield* readList(text, at)
      list = read.list
      at = read.end
    } else {
      const end = valueEnd(text, at, MAX_LEVELS)
      length += (end ?? at) - at
      if (length > MAX_HEAD_LENGTH) {
        throw new Unreadable({ kind: 'too-long', element: null, limit: MAX_HEAD_LENGTH })
      }
      members.push([name, parse(text, at, end, null)])
      at = end ?? at
    }
    at = afterComma(text, skipSpace(text, at), CLOSE_BRACE, null)
    yield
  }
  if (skipSpace(text, at + 1) < text.length) throw new Unreadable({ kind: 'not-json', element: null })
  return { head: Object.fromEntries(members), list }
}

function* readList(text: string, start: number): Generator<undefined, { list: unknown[]; end: number }> {
  const list: unknown[] = []
  let at = skipSpace(text, start + 1)
  while (text.charCodeAt(at) !== CLOSE_BRACKET) {
    const element = list.length
    if (element >= MAX_QUESTIONS) throw new Unreadable({ kind: 'too-many', limit: MAX_QUESTIONS })
    const end = valueEnd(text, at, MAX_LEVELS)
    if (end !== null && end - at > MAX_ANSWER_LENGTH) {
      throw new Unreadable({ kind: 'too-long', element, limit: MAX_ANSWER_LENGTH })
    }
    list.push(parse(text, at, end, element))
    at = afterComma(text, skipSpace(text, end ?? at), CLOSE_BRACKET, element)
    yield
  }
  return { list, end: at + 1 }
}

/** The place of the next name or element, or of the closing bracket. */
function afterComma(text: string, at: number, close: number, element: number | null): number {
  if (text.charCodeAt(at) === close) return at
  if (text.charCodeAt(at) !== COMMA) throw new Unreadable({ kind: 'not-json', element })
  const next = skipSpace(text, at + 1)
  if (text.charCodeAt(next) === close) throw new Unreadable({ kind: 'not-json', element })
  return next
}

function expect(text: string, at: number, code: number): void {
  if (text.charCodeAt(at) !== code) throw new Unreadable({ kind: 'not-json', element: null })
}

function parse(text: string, start: number, end: number | null, element: number | null): unknown {
  if (end === null) throw new Unreadable({ kind: 'not-json', element })
  try {
    return JSON.parse(text.slice(start, end)) as unknown
  } catch {
    throw new Unreadable({ kind: 'not-json', element })
  }
}

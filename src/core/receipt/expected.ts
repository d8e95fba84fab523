/** What a place of a file should have held, as data: the interface says it in the user's language. */
import type * as v from 'valibot'

export type Expected =
  | { kind: 'object' | 'list' | 'text' | 'number' | 'whole-number' | 'truth-value' | 'present' }
  | { kind: 'sha256' | 'letter' | 'positions' }
  /** What another answer has already. */
  | { kind: 'once' }
  /** A text or list of at most so many characters or elements. */
  | { kind: 'at-most-long'; limit: number }
  | { kind: 'at-least-long'; limit: number }
  | { kind: 'from'; limit: number }
  | { kind: 'above'; limit: number }
  | { kind: 'up-to'; limit: number }
  | { kind: 'one-of'; values: string }
  /** Another place of the file says this. */
  | { kind: 'as-planned'; value: string }

/** Messages of our own checks, which the library cannot name. */
export const SHA256_TEXT = 'sha256'
export const LETTER = 'letter'
export const POSITIONS = 'positions'

/** Characters of a wrong value that are shown. */
const MOST_FOUND = 60

export interface Misfit {
  /** Such as `plan.decoding.seed`; empty for the whole. */
  place: string
  expected: Expected
  /** The value there, shortened. */
  found: string
}

/** The first thing that differs from a schema. `root` is where the value lies in the file. */
export function misfitOf(issue: v.BaseIssue<unknown>, root: string): Misfit {
  const keys = (issue.path ?? []).map(({ key }) => key)
  const place = keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    return path === '' ? String(key) : `${path}.${String(key)}`
  }, root)
  return { place, expected: expectedOf(issue), found: shorten(issue.received) }
}

export function shorten(text: string): string {
  return text.length > MOST_FOUND ? `${text.slice(0, MOST_FOUND)}…` : text
}

function expectedOf(issue: v.BaseIssue<unknown>): Expected {
  const { message } = issue
  if (message === SHA256_TEXT || message === LETTER || message === POSITIONS) return { kind: message }
  const limit = Number(issue.requirement)
  switch (issue.type) {
    case 'string':
      return { kind: 'text' }
    case 'number':
    case 'finite':
      return { kind: 'number' }
    case 'integer':
      return { kind: 'whole-number' }
    case 'boolean':
      return { kind: 'truth-value' }
    case 'array':
      return { kind: 'list' }
    case 'max_length':
      return { kind: 'at-most-long', limit }
    case 'min_length':
      return { kind: 'at-least-long', limit }
    case 'min_value':
      return { kind: 'from', limit }
    case 'gt_value':
      return { kind: 'above', limit }
    case 'max_value':
      return { kind: 'up-to', limit }
    case 'object':
      // A member that is missing is an issue of the object, with the member's name.
      return { kind: issue.received === 'undefined' ? 'present' : 'object' }
    default:
      return issue.received === 'undefined'
        ? { kind: 'present' }
        : { kind: 'one-of', values: issue.expected ?? '' }
  }
}

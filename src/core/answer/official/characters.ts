/**
 * Text as the official script sees it: Python counts code points, and its `regex` package knows Unicode
 * spaces, word characters and case; JavaScript's `\b`, `\w` and string indexes do not.
 */
export type CodePoints = Uint32Array

export function toCodePoints(text: string): CodePoints {
  const points = new Uint32Array(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0
    if (point > 0xffff) i++
    points[length++] = point
  }
  return points.subarray(0, length)
}

/** Arguments per call: engines limit how many a function takes. */
const CHUNK = 8192

export function fromCodePoints(points: CodePoints): string {
  let text = ''
  for (let i = 0; i < points.length; i += CHUNK) {
    text += String.fromCodePoint(...points.subarray(i, i + CHUNK))
  }
  return text
}

const SPACE = /^\p{White_Space}$/u
const WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u

/** Python's `\s`. `undefined` is a place before the start or after the end. */
export function isSpace(point: number | undefined): boolean {
  if (point === undefined) return false
  if (point < 0x80) return point === 0x20 || (point >= 0x09 && point <= 0x0d)
  return SPACE.test(String.fromCodePoint(point))
}

/** Python's `\w`: a Chinese character is one, so `\b` does not hold between `B` and `项`. */
export function isWord(point: number | undefined): boolean {
  if (point === undefined) return false
  if (point < 0x80) return isAsciiLetter(point) || (point >= 0x30 && point <= 0x39) || point === 0x5f
  if (point >= 0x4e00 && point <= 0x9fff) return true
  return WORD.test(String.fromCodePoint(point))
}

export function isAsciiLetter(point: number | undefined): boolean {
  if (point === undefined) return false
  const lower = point | 0x20
  return point < 0x80 && lower >= 0x61 && lower <= 0x7a
}

/** Case pairs that simple folding has and the upper-lower round trip below misses. */
const FOLD_EXCEPTIONS: ReadonlyMap<number, number> = new Map([
  [0x130, 0x69],
  [0x1fd3, 0x390],
  [0x1fe3, 0x3b0],
  [0xfb06, 0xfb05],
])

/**
 * The representative of all characters that match `point` when case is ignored (simple case folding:
 * one character to one character). `i`, `I`, `İ` and `ı` share one, see {@link sameIgnoringCase}.
 */
export function foldCase(point: number): number {
  if (point < 0x80) return point >= 0x41 && point <= 0x5a ? point | 0x20 : point
  if (point >= 0x3000 && point <= 0x9fff) return point
  const exception = FOLD_EXCEPTIONS.get(point)
  if (exception !== undefined) return exception
  const character = String.fromCodePoint(point)
  const upper = character.toUpperCase()
  const lower = (isOneCharacter(upper) ? upper : character).toLowerCase()
  return isOneCharacter(lower) ? (lower.codePointAt(0) ?? point) : point
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff)
}

const DOTTED_CAPITAL_I = 0x130
const DOTLESS_SMALL_I = 0x131

/** Whether `point` is a Turkish i, the one place where equality without case is not transitive. */
export function isTurkishI(point: number): boolean {
  return point === DOTTED_CAPITAL_I || point === DOTLESS_SMALL_I
}

/** Equality without case of two characters with the same fold: `İ` matches `i` alone, `ı` matches `I` alone. */
export function sameIgnoringCase(a: number, b: number): boolean {
  if (a === b) return true
  if (a === DOTTED_CAPITAL_I || b === DOTTED_CAPITAL_I) return a === 0x69 || b === 0x69
  if (a === DOTLESS_SMALL_I || b === DOTLESS_SMALL_I) return a === 0x49 || b === 0x49
  return true
}

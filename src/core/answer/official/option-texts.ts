import {
  type CodePoints,
  foldCase,
  isTurkishI,
  sameIgnoringCase,
  toCodePoints,
} from '#core/answer/official/characters'

const FIRST_LETTER = 0x41

/**
 * Longest text (code points) that an empty option is still written into. An empty option matches between
 * all characters and doubles the text, so several of them would grow it without limit. Twice a 100 KB
 * reply fits: one empty option is exact there.
 */
const MAX_INTERLEAVED = 262_144

/** The reply, and the same folded: both shrink together while option texts are replaced. */
interface Working {
  text: CodePoints
  folded: CodePoints
}

/**
 * The first step of the official extraction: every occurrence of an option's text becomes its letter,
 * longest option first, ignoring case, without the option's trailing full stops. Later options see the
 * letters that earlier ones left. Linear in the reply for each option.
 */
export function replaceOptionTexts(reply: CodePoints, options: readonly string[]): CodePoints {
  const texts = options.map((option, index) => ({ index, points: toCodePoints(option) }))
  texts.sort((a, b) => b.points.length - a.points.length)
  let working: Working = { text: reply, folded: reply.map(foldCase) }
  for (const { index, points } of texts) {
    const letter = FIRST_LETTER + index
    const needle = withoutTrailingFullStops(points)
    working = needle.length === 0 ? interleave(working, letter) : replaceAll(working, needle, letter)
  }
  return working.text
}

function withoutTrailingFullStops(points: CodePoints): CodePoints {
  let end = points.length
  while (end > 0 && points[end - 1] === 0x2e) end--
  return points.subarray(0, end)
}

function interleave({ text, folded }: Working, letter: number): Working {
  const length = 2 * text.length + 1
  if (length > MAX_INTERLEAVED) return { text, folded }
  const result = {
    text: new Uint32Array(length).fill(letter),
    folded: new Uint32Array(length).fill(foldCase(letter)),
  }
  for (let i = 0; i < text.length; i++) {
    result.text[2 * i + 1] = text[i] ?? 0
    result.folded[2 * i + 1] = folded[i] ?? 0
  }
  return result
}

function replaceAll(working: Working, needle: CodePoints, letter: number): Working {
  const starts = occurrences(working, needle)
  if (starts.length === 0) return working
  const { text, folded } = working
  const length = text.length - starts.length * (needle.length - 1)
  const result = { text: new Uint32Array(length), folded: new Uint32Array(length) }
  let from = 0
  let to = 0
  for (const start of starts) {
    result.text.set(text.subarray(from, start), to)
    result.folded.set(folded.subarray(from, start), to)
    to += start - from
    result.text[to] = letter
    result.folded[to] = foldCase(letter)
    to++
    from = start + needle.length
  }
  result.text.set(text.subarray(from), to)
  result.folded.set(folded.subarray(from), to)
  return result
}

/** Starts of the occurrences that do not overlap, leftmost first (Knuth-Morris-Pratt on folded text). */
function occurrences({ text, folded }: Working, needle: CodePoints): number[] {
  const pattern = needle.map(foldCase)
  const borders = borderTable(pattern)
  const starts: number[] = []
  let matched = 0
  for (let i = 0; i < folded.length; i++) {
    const point = folded[i]
    while (matched > 0 && pattern[matched] !== point) matched = borders[matched - 1] ?? 0
    if (pattern[matched] === point) matched++
    if (matched < pattern.length) continue
    const start = i - pattern.length + 1
    if (isOccurrence(text, start, needle)) {
      starts.push(start)
      matched = 0
    } else {
      matched = borders[matched - 1] ?? 0
    }
  }
  return starts
}

/** For each prefix of the pattern, the length of its longest proper prefix that is also its suffix. */
function borderTable(pattern: CodePoints): Uint32Array {
  const borders = new Uint32Array(pattern.length)
  let length = 0
  for (let i = 1; i < pattern.length; i++) {
    while (length > 0 && pattern[i] !== pattern[length]) length = borders[length - 1] ?? 0
    if (pattern[i] === pattern[length]) length++
    borders[i] = length
  }
  return borders
}

/** Folding takes all four letters i for one; here they are told apart again. */
function isOccurrence(text: CodePoints, start: number, needle: CodePoints): boolean {
  for (let i = 0; i < needle.length; i++) {
    const a = needle[i] ?? 0
    const b = text[start + i] ?? 0
    if ((isTurkishI(a) || isTurkishI(b)) && !sameIgnoringCase(a, b)) return false
  }
  return true
}

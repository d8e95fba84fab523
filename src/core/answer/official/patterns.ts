import {
  type CodePoints,
  isAsciiLetter,
  isSpace,
  isWord,
  toCodePoints,
} from '#core/answer/official/characters'

/*
 * The eight patterns of the official script, as scans that visit each character a bounded number of times
 * instead of regular expressions that backtrack. Throughout, a "letter" is a capital that names an option.
 * Because every gap in the English patterns excludes letters, a keyword can only reach the next letter,
 * and a letter only what lies before the next one: that is what makes single scans equivalent.
 */

/** A place in the text, or -1. */
type Place = number
const NOWHERE = -1

const ANSWER_WORDS = words('答案', '选项', '正确', '选择')
const CORRECT_STEM = words('正确')
const CORRECT_OBJECT = words('答案', '选项')
const CORRECT_ZH = words('正确', '准确', '符合')
const CORRECT_EN = words('correct', 'right')
const CHOOSE = words('Choose', 'choose')
const ANSWER_EN = words('Answer', 'answer', 'Choice', 'choice')
const LINKS = words('', 'is', ':', 'be')
const LONGEST_LINK = 2
/** Characters between an English answer word and its link, and between the link and the letter. */
const LINK_REACH = 10
const LETTER_REACH = 20
const NOT_EN = words("n't", 'not')
const COLONS = points(':：')
const NOT_ZH = points('不非')
const IS_ZH = points('是为')
/** The official character class holds a bar, meant as "or". */
const NO_LINK_ZH = points('不|非')
const AFTER_LONE_LETTER = points('.。，,:：')
const AFTER_FIRST_LETTER = points('.,:')
const NEWLINE = 0x0a
const EQUALS = 0x3d

/**
 * The option that the official patterns read from a reply (0 is A), or -1 when none matches. The first
 * pattern that matches anywhere decides, with its last match.
 */
export function letterByPattern(text: CodePoints, optionCount: number): number {
  const scan = new Scan(text, optionCount)
  if (!scan.hasLetter()) return -1
  for (const pattern of PATTERNS) {
    const place = pattern(scan)
    if (place !== NOWHERE) return (text[place] ?? 0) - FIRST_LETTER
  }
  return -1
}

const FIRST_LETTER = 0x41

class Scan {
  readonly text: CodePoints
  readonly length: number
  private readonly lastLetter: number

  constructor(text: CodePoints, optionCount: number) {
    this.text = text
    this.length = text.length
    this.lastLetter = FIRST_LETTER + optionCount - 1
  }

  isLetter(place: number): boolean {
    const point = this.text[place]
    return point !== undefined && point >= FIRST_LETTER && point <= this.lastLetter
  }

  hasLetter(): boolean {
    return this.text.some((_, place) => this.isLetter(place))
  }

  isIn(set: ReadonlySet<number>, place: number): boolean {
    const point = this.text[place]
    return point !== undefined && set.has(point)
  }

  /** Python's `\b`. */
  isBoundary(place: number): boolean {
    return isWord(this.text[place - 1]) !== isWord(this.text[place])
  }

  /** A letter with `\b` on both sides. */
  standsAlone(place: number): boolean {
    return this.isLetter(place) && !isWord(this.text[place - 1]) && !isWord(this.text[place + 1])
  }

  /** Python's `$`: the end, or before a newline that ends the text. */
  isEnd(place: number): boolean {
    return place === this.length || (place === this.length - 1 && this.text[place] === NEWLINE)
  }

  isNonSpace(place: number): boolean {
    return place < this.length && !isSpace(this.text[place])
  }

  /** How long the first of the words found at a place is, or -1. */
  wordAt(candidates: readonly CodePoints[], place: number): number {
    for (const word of candidates) {
      let i = 0
      while (i < word.length && this.text[place + i] === word[i]) i++
      if (i === word.length) return i
    }
    return -1
  }

  /** The first place at most `reach` characters after `from`, with no letter between, that `holds`. */
  within(from: number, reach: number, holds: (place: number) => boolean): Place {
    for (let place = from; place <= from + reach && place <= this.length; place++) {
      if (holds(place)) return place
      if (this.isLetter(place)) return NOWHERE
    }
    return NOWHERE
  }
}

/** Answer word, colon, and in the same run of non-spaces the last letter that ends a word. */
function afterColon(scan: Scan): Place {
  let found = NOWHERE
  let armed = false
  for (let place = 0; place < scan.length; place++) {
    if (isSpace(scan.text[place])) armed = false
    else if (scan.isIn(COLONS, place)) armed ||= scan.wordAt(ANSWER_WORDS, place - 2) > 0
    else if (armed && scan.isLetter(place) && !isWord(scan.text[place + 1])) found = place
  }
  return found
}

/** choose … letter; answer or choice, not negated, … is or be or nothing … letter. */
function englishStatement(scan: Scan): Place {
  let found = NOWHERE
  for (let place = 0; place < scan.length; place++) {
    const letter = englishStatementAt(scan, place)
    if (letter === NOWHERE) continue
    found = letter
    place = letter
  }
  return found
}

function englishStatementAt(scan: Scan, place: number): Place {
  const choose = scan.wordAt(CHOOSE, place)
  const answer = choose < 0 ? scan.wordAt(ANSWER_EN, place) : NOWHERE
  if (choose < 0 && answer < 0) return NOWHERE
  const start = place + Math.max(choose, answer)
  const letter = scan.within(start, LINK_REACH + LONGEST_LINK + LETTER_REACH, (at) => scan.isLetter(at))
  if (!scan.standsAlone(letter)) return NOWHERE
  if (choose > 0) return letter - start <= LETTER_REACH ? letter : NOWHERE
  if (scan.within(start, 20, (at) => scan.wordAt(NOT_EN, at) > 0) !== NOWHERE) return NOWHERE
  const linked = scan.within(start, LINK_REACH, (at) => endsLinkNear(scan, at, letter)) !== NOWHERE
  return linked ? letter : NOWHERE
}

/** Whether a link word starts here as a word and ends as one, at most {@link LETTER_REACH} before the letter. */
function endsLinkNear(scan: Scan, place: number, letter: number): boolean {
  if (!scan.isBoundary(place)) return false
  return LINKS.some((word) => {
    const end = place + word.length
    const near = end <= letter && letter - end <= LETTER_REACH
    return near && scan.wordAt([word], place) >= 0 && scan.isBoundary(end)
  })
}

/** Answer word, at most one other character, 是 or 为, then the farthest letter within 8 non-spaces. */
function chineseStatement(scan: Scan): Place {
  let found = NOWHERE
  for (let place = 0; place < scan.length; place++) {
    if (scan.wordAt(ANSWER_WORDS, place) < 0) continue
    const letter = chineseStatementAt(scan, place)
    if (letter === NOWHERE) continue
    found = letter
    place = letter
  }
  return found
}

function chineseStatementAt(scan: Scan, place: number): Place {
  let end = place + 2
  if (scan.wordAt(CORRECT_STEM, place) > 0 && scan.wordAt(CORRECT_OBJECT, end) > 0) end += 2
  const skipsOne = end < scan.length && !scan.isIn(NO_LINK_ZH, end)
  const letter = skipsOne ? letterAfterLink(scan, end + 1) : NOWHERE
  return letter === NOWHERE ? letterAfterLink(scan, end) : letter
}

function letterAfterLink(scan: Scan, from: number): Place {
  let end = from
  while (scan.isIn(IS_ZH, end)) end++
  if (end === from) return NOWHERE
  let found = NOWHERE
  for (let place = end; place <= end + 8; place++) {
    if (scan.isLetter(place)) found = place
    if (!scan.isNonSpace(place)) break
  }
  return found
}

/** Letter, then within 8 characters 正确 or its like, with no 不 or 非 before the next letter. */
function chineseVerdict(scan: Scan): Place {
  let negated = false
  for (let place = scan.length - 1; place >= 0; place--) {
    if (scan.isIn(NOT_ZH, place)) negated = true
    if (!scan.isLetter(place)) continue
    const holds =
      !negated &&
      scan.standsAlone(place) &&
      scan.within(place + 1, 8, (at) => scan.wordAt(CORRECT_ZH, at) > 0) !== NOWHERE
    if (holds) return place
    negated = false
  }
  return NOWHERE
}

/** Letter, then within 10 characters the word correct or right, not negated. */
function englishVerdict(scan: Scan): Place {
  for (let place = scan.length - 1; place >= 0; place--) {
    if (!scan.standsAlone(place)) continue
    const negated = scan.within(place + 1, 8, (at) => isNegatedVerdict(scan, at)) !== NOWHERE
    if (!negated && scan.within(place + 1, 10, (at) => isVerdict(scan, at)) !== NOWHERE) return place
  }
  return NOWHERE
}

function isNegatedVerdict(scan: Scan, place: number): boolean {
  const not = scan.wordAt(NOT_EN, place)
  return not > 0 && scan.within(place + not, 5, (at) => scan.wordAt(CORRECT_EN, at) > 0) !== NOWHERE
}

function isVerdict(scan: Scan, place: number): boolean {
  const length = scan.wordAt(CORRECT_EN, place)
  return length > 0 && scan.isBoundary(place) && scan.isBoundary(place + length)
}

/** The reply is a letter, with spaces around and at most one punctuation mark after. */
function onlyLetter(scan: Scan): Place {
  let place = 0
  while (isSpace(scan.text[place])) place++
  if (!scan.isLetter(place)) return NOWHERE
  let end = place + 1
  while (isSpace(scan.text[end])) end++
  if (scan.isIn(AFTER_LONE_LETTER, end)) end++
  return scan.isEnd(end) ? place : NOWHERE
}

/** The reply begins with a letter that punctuation follows. */
function firstLetter(scan: Scan): Place {
  return scan.isLetter(0) && (scan.isIn(AFTER_FIRST_LETTER, 1) || scan.isEnd(1)) ? 0 : NOWHERE
}

/** Any letter with no Latin letter beside it and no equals sign after it. */
function anyLetter(scan: Scan): Place {
  for (let place = scan.length - 1; place >= 0; place--) {
    const next = scan.text[place + 1]
    const alone = !isAsciiLetter(scan.text[place - 1]) && !isAsciiLetter(next) && next !== EQUALS
    if (alone && scan.isLetter(place)) return place
  }
  return NOWHERE
}

const PATTERNS = [
  afterColon,
  englishStatement,
  chineseStatement,
  chineseVerdict,
  englishVerdict,
  onlyLetter,
  firstLetter,
  anyLetter,
] as const

function words(...texts: string[]): readonly CodePoints[] {
  return texts.map(toCodePoints)
}

function points(text: string): ReadonlySet<number> {
  return new Set(toCodePoints(text))
}

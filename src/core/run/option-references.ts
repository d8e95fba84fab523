/**
 * Options that speak of other options ("all of the above", "A and C", "以上都是") mean something else, or nothing, once
 * the options have moved. Such items are never rotated. In doubt an option is taken to refer to others: that costs an
 * item of the sample, the opposite would count a broken question.
 */
import { MAX_OPTIONS } from '../answer/types'
import { optionLetter, type ItemLanguage } from '../prompt/question'

/** Whether any option refers to another one, by letter or by place. */
export function refersToOptions(options: readonly string[], language: ItemLanguage): boolean {
  const patterns = [...(BY_LETTER[options.length] ?? []), ...ENGLISH, ...(language === 'zh' ? CHINESE : [])]
  return options.some((option) => {
    // Full-width letters and punctuation, and blanks of every kind, become the plain ones.
    const text = option.normalize('NFKC').replace(/\s+/g, ' ').trim()
    return patterns.some((pattern) => pattern.test(text))
  })
}

const TRUTH = '(?:correct|true|right|false|wrong|incorrect|possible|likely)'

const ENGLISH: readonly RegExp[] = [
  // "all of the above", "none of these", "both answers", "two of the options"
  /\b(?:all|none|any|both|neither|either|each|some|most|one|two|three|four|five)\s+(?:of\s+)?(?:the\s+)?(?:above|below|following|preceding|foregoing|these|those|them|others|(?:other\s+)?(?:options?|choices?|answers?|statements?|alternatives?))\b/i,
  /\b(?:the|all)\s+(?:above|aforementioned|foregoing|preceding)(?:\s+(?:options?|choices?|answers?|statements?|are|is)\b|[.)]*$)/i,
  // "None" alone is content as often (a dose, a drug), and means the same at any place.
  /^(?:all|both|neither)[.]?$/i,
  new RegExp(`\\b(?:all|none|both|neither)\\s+(?:are|is)\\s+${TRUTH}\\b`, 'i'),
]

const CHINESE: readonly RegExp[] = [
  // 以上都是, 上述各项均正确, 以下选项; but not 38℃以上
  /(?:以上|以下|上述|上列|下列|前述|前面)的?[0-9一二三四五两几]?(?:都|均|皆|全|各|所有|任|没有|无一|无$|无[。.]|不|选项|项|答案|说法|情况|因素|内容|方法|措施|药物|种|者)/,
  /(?:其余|其他|其它|另外)的?[0-9一二三四五两几]?(?:都|均|皆|全|各|所有|选项|项|答案|说法)/,
  /^(?:以上|上述)/,
  // 都是, 均不正确, 全对, 皆可, 全部正确
  /^(?:全部|所有|都|均|皆|全)(?:都|均|皆)?(?:不|非|没|无)?(?:是|对|正确|错误|错|可以?|符合|存在|有)?[。.]?$/,
  /^(?:都|均|皆)(?:不|非|无|没)?(?:是|对|正确|错|可)/,
  // 两者都是
  /[两二三四五]者(?:都|均|皆|全|之一|以上)/,
  /没有(?:正确)?(?:答案|选项)/,
]

/** References by the letters of that many options. */
function byLetter(count: number): RegExp[] {
  const last = optionLetter(count - 1)
  const letter = `(?<![A-Za-z0-9])[A-${last}](?![A-Za-z0-9])`
  return [
    // "A and C", "A, B or D", "A+B", "A、C"
    new RegExp(
      `${letter}\\s*(?:,\\s*(?:and\\s+|or\\s+)?|、|和|与|及|或|以及|或者|[+&/~-]|–|\\band\\b|\\bor\\b|\\bnor\\b)\\s*${letter}`,
    ),
    // "option A", "only A", "except A", 仅A, 除A外
    new RegExp(
      `(?:\\b(?:[Oo]ptions?|[Aa]nswers?|[Cc]hoices?|[Oo]nly|[Ee]xcept|[Nn]either|[Ee]ither|[Bb]oth)\\s+\\(?|选项|答案|仅|只有|除了?)\\s?${letter}`,
    ),
    // "A only", "A is correct", A项, A正确
    new RegExp(`${letter}\\)?\\s?(?:(?:only|alone)\\b|(?:is|are)\\s+${TRUTH}\\b|项|选项|正确|错误)`),
    // "AC", "ABD": letters of options in order
    new RegExp(`^(?=[A-${last}]{2,}(?:都|均|皆|正确|对|[。.]|$))${rising(count)}(?![A-Za-z0-9])`),
  ]
}

/** Matches that many letters at most, each of them later than the one before: "ABD", not "BAD". */
function rising(count: number): string {
  return Array.from({ length: count }, (_, index) => `${optionLetter(index)}?`).join('')
}

/** By number of options; made once, since a run may look at each item of a large dataset. */
const BY_LETTER = Array.from({ length: MAX_OPTIONS + 1 }, (_, count) => (count < 2 ? [] : byLetter(count)))

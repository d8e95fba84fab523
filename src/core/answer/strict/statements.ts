import { type Field, readField } from '#core/answer/strict/field'
import type { OptionTexts } from '#core/answer/strict/plain-text'

/** A place of a reply that names the answer. */
export interface Statement {
  at: number
  field: Exclude<Field, { kind: 'none' }>
}

/** How much of the text before a label is searched for a negation or a condition. */
const CONTEXT = 60
/** Enough for any link between a label and its answer. */
const MAX_LINK = 160

/** The last labels of a kind are looked at: twice what fits into the 2,048 tokens of the official protocol. */
const MAX_LABELS = 4096

/** Words after which an answer is expected, what links them to it, and what before them denies it. */
interface Cue {
  label: RegExp
  link: RegExp
  denied: RegExp
  /** The answer must be all that follows in its sentence. */
  endsThere?: true
}

const ENGLISH_DENIED =
  /(?:(?<![A-Za-z])(?:not|never|wrong|incorrect|false|if|whether|unless|why|suppose|cannot|than|is|was)|n['’]t)\s+(?:(?:the|a|an|my|your|that|to|be|correct|right|best|final|single|most|appropriate|suitable|answer)\s+){0,5}$/i
const CHINESE_DENIED =
  /(?:[不勿别误]|非(?!常)|排除|错误|如果|假如|若|是否|为何|为什么)[^\s。,;:!?、]{0,4}$|[可单多必备待候筛首优]$/

const CUES: readonly Cue[] = [
  {
    label: /(?<![A-Za-z])(?:answer|ans|choice|option|response|selection|conclusion)(?![A-Za-z])/gi,
    link: /^["'”’)\]]{0,3}(?: {0,3}\([^()\n]{0,40}\))?(?: (?:to|for|in|of) (?:this|the) (?:question|case|scenario|problem|patient))?["'”’]{0,2}\s{0,4}(?:,? ?(?:therefore|thus|then|hence),? )?(?:(?:is|was|would be|should be|will be|must be|has to be)\b|[:=]|->|→|[-–—] )(?:\s{0,3}(?:therefore|thus|then|clearly|indeed|most likely|likely|probably|definitely|either)\b,?)?/i,
    denied: ENGLISH_DENIED,
  },
  {
    label:
      /\b(?:correct|best|most (?:appropriate|suitable|likely))(?: [A-Za-z]{1,20}){1,5}(?= (?:is|would be) )/gi,
    link: /^ (?:is|would be) /,
    denied: ENGLISH_DENIED,
  },
  // "Answer B" at the end of a line needs no link.
  {
    label: /(?<![A-Za-z])answer(?= {1,3}\(?[A-Z]\)?[.:]?[ \t]{0,3}(?:\n|$))/gi,
    link: /^/,
    denied: ENGLISH_DENIED,
  },
  {
    label: /\b(?:choose|chose|select|selecting|pick|go with|going with|opt for)\b/gi,
    link: /^/,
    denied: ENGLISH_DENIED,
  },
  {
    label: /答案|选项|选择|(?:正确|合适|恰当|适宜|准确)的(?=[是为:])/g,
    link: /^["'”’)\]】]{0,3}\s{0,3}(?:(?:应该|应当|应|就|可能|只能|显然)?(?:是|为|选)|[:=]|->|→)[\s:是为]{0,3}/,
    denied: CHINESE_DENIED,
  },
  { label: /答案|正确选项|选择?|答:/g, link: /^/, denied: CHINESE_DENIED },
  {
    label: /\banswer (?:is|was) not [^.\n]{1,40}?(?:\bbut|\bit is|\bit's|\brather)\b/gi,
    link: /^/,
    denied: ENGLISH_DENIED,
  },
  { label: /答案(?:不是|并非)[^。\n]{1,20}?而是/g, link: /^/, denied: CHINESE_DENIED },
  {
    label: /\b(?:hence|therefore|thus|so|consequently)\b[,:]?(?= )|因此|所以|故|综上/gi,
    link: /^/,
    denied: /(?!)/,
    endsThere: true,
  },
  { label: /\\boxed\b/g, link: /^/, denied: /(?!)/ },
]

/** The last statement of a reply that names the answer as such, if there is one. */
export function lastStatement(text: string, options: OptionTexts): Statement | undefined {
  const found = CUES.map((cue) => lastOfCue(cue, text, options)).filter(
    (statement) => statement !== undefined,
  )
  return found.sort((a, b) => a.at - b.at).at(-1)
}

function lastOfCue(
  { label, link, denied, endsThere }: Cue,
  text: string,
  options: OptionTexts,
): Statement | undefined {
  for (const match of [...text.matchAll(label)].slice(-MAX_LABELS).reverse()) {
    const end = match.index + match[0].length
    const linked = link.exec(text.slice(end, end + MAX_LINK))
    if (!linked) continue
    const from = end + linked[0].length
    const field = readField(text.slice(from), options)
    if (endsThere && !(field.kind === 'letter' && field.bare)) continue
    if (field.kind === 'none' || denied.test(text.slice(Math.max(0, match.index - CONTEXT), match.index)))
      continue
    return { at: from, field }
  }
  return undefined
}

const VERDICTS = [
  /(?<![A-Za-z0-9'’])([A-Z])["')\]}.]{0,2}\s{1,3}(?:is|would be|should be|must be)\s(?:therefore\s|clearly\s|thus\s|indeed\s)?(?:(?:the|my)\s)?(?:(?:most|single|only|final|best)\s){0,2}(?:correct|right|best|appropriate|suitable|answer|choice)\b/g,
  /(?<![A-Za-z0-9])([A-Z])\s?(?:选?项)?\s?(?:的说法|的描述)?(?:是|为)?(?:最)?(?:(?:正确|准确)(?!答案|选项)|符合(?:题意)?(?=[\s,。;.]|$))/g,
  /(?<![A-Za-z0-9])([A-Z])["')\]}]{0,2}\s?(?:[:.]\s?|→\s?|[-–—]\s|\()[Cc]orrect\b/g,
]
/** The last of several letters, a negation or a condition. */
const VERDICT_DENIED =
  /(?:(?<![A-Za-z])[A-Z]["')\]]?\s?(?:[和或与及、,/&]|nor\b|and\b|or\b)\s?(?:option\s|choice\s)?|\b(?:neither|not|if|whether)\s(?:option\s|choice\s)?|n['’]t\s|如果|不是?|非)$/i
const ASKS = /^\s*[?吗么]/

/** The options that the reply calls correct in passing ("C is correct"). */
export function verdicts(text: string, optionCount: number): Set<number> {
  const indexes = new Set<number>()
  for (const match of VERDICTS.flatMap((pattern) => [...text.matchAll(pattern)])) {
    const index = (match[1] ?? '').charCodeAt(0) - 0x41
    const end = match.index + match[0].length
    const before = text.slice(Math.max(0, match.index - CONTEXT), match.index)
    const denied = VERDICT_DENIED.test(before) || ASKS.test(text.slice(end, end + MAX_LINK))
    if (index < optionCount && !denied) indexes.add(index)
  }
  return indexes
}

/** Chains of numbered steps, as MedS3 writes them. */

export interface Step {
  number: number
  /** Without its heading. */
  text: string
}

const CHINESE_DIGITS = '零一二三四五六七八九'

// "Step 2:", "**Step 2:**", "### Step 2.", "步骤2：", "步骤二：", "第二步："; at the beginning of a line.
const HEADING =
  /^[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*)?(?:step[ \t]*(\d{1,3})|步骤[ \t]*(\d{1,3}|[零一二三四五六七八九十]{1,3})|第[ \t]*(\d{1,3}|[一二三四五六七八九十]{1,3})[ \t]*步)(?:\*\*)?[ \t]*[:：.、](?:\*\*)?/gimu

const BEGINNING = /^(?:#{1,6}[ \t]+)?(?:\*\*)?(?:step|步骤|第)/i

/** Where a step's heading and its text begin. */
export interface StepMark {
  number: number
  at: number
  from: number
}

/**
 * The steps of a text that begins with "Step 0:" or "Step 1:" (or Chinese "步骤1：", "第一步："); a heading whose number
 * is not the next one belongs to the step it stands in. Empty where the text begins otherwise.
 */
export function stepChain(text: string): Step[] {
  const marks = stepMarks(text)
  return marks.map(({ number, from }, index) => ({
    number,
    text: text.slice(from, marks[index + 1]?.at).trim(),
  }))
}

/** Where the same steps begin. */
export function stepMarks(text: string): StepMark[] {
  const begin = text.search(/\S/)
  // Most replies are no chain, and need not be read to the end to know it.
  if (!BEGINNING.test(text.slice(begin, begin + 20))) return []
  const marks: StepMark[] = []
  for (const heading of text.matchAll(HEADING)) {
    const number = toNumber(heading[1] ?? heading[2] ?? heading[3] ?? '')
    const before = marks.at(-1)
    if (!before && (number > 1 || heading.index > begin)) return []
    if (before && number !== before.number + 1) continue
    marks.push({ number, at: heading.index, from: heading.index + heading[0].length })
  }
  return marks
}

/** Up to 99, which is further than chains go. */
function toNumber(written: string): number {
  if (/^\d/.test(written)) return Number(written)
  const [tens, ones] = written.includes('十') ? written.split('十') : ['', written]
  const digit = (character: string | undefined, absent: number) =>
    character ? CHINESE_DIGITS.indexOf(character) : absent
  return (written.includes('十') ? digit(tens, 1) * 10 : 0) + digit(ones, 0)
}

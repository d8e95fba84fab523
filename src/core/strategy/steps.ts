/** What a scorer judges of a reply: its steps, each with all that goes before it. */
import { ANSWER_TAG, THINK_TAG } from '../answer/strict/reasoning'
import { stepMarks } from '../chat/reasoning-steps'
import { MAX_STEPS } from './limits'

export interface ScorableStep {
  /** As written, heading included. */
  text: string
  /** Where the step ends in the reply (UTF-16 units): the solution so far is `reply.slice(0, end)`. */
  end: number
}

/** A stretch of a text. */
interface Span {
  from: number
  to: number
}

/** MedS3's own code splits its replies here. */
const MEDS3_CUT = /\n\nStep/g
const MEDS3_BEGINNING = /^\s*Step 0\b/
const BLANK_LINE = /\n\s*\n/g
const WORD = /[\p{L}\p{N}]/u

/**
 * The steps of a reply in their order. Of a chain of numbered steps, those after step 0, which only announces the chain;
 * of any other reply its paragraphs, the answer's included. Tags around thoughts and answers end a step and are in no
 * step's text, and neither is a paragraph without a letter or digit. Past `MAX_STEPS`, the last step is all the rest.
 * Empty where nothing was written, or nothing after step 0.
 */
export function scorableSteps(reply: string): ScorableStep[] {
  const spans = sections(reply)
    .flatMap(({ from, to }) => sectionSteps(reply.slice(from, to)).map((span) => moved(span, from)))
    .map((span) => trimmed(reply, span))
    .filter(({ from, to }) => WORD.test(reply.slice(from, to)))
  const last = spans.at(-1)
  const kept = spans.slice(0, MAX_STEPS)
  return kept.map(({ from, to }, index) => {
    const end = index === MAX_STEPS - 1 && last ? last.to : to
    return { text: reply.slice(from, end), end }
  })
}

/** What lies between tags. */
function sections(reply: string): Span[] {
  const tags = [...reply.matchAll(THINK_TAG), ...reply.matchAll(ANSWER_TAG)].sort((a, b) => a.index - b.index)
  const spans: Span[] = []
  let from = 0
  for (const tag of tags) {
    spans.push({ from, to: tag.index })
    from = tag.index + tag[0].length
  }
  return [...spans, { from, to: reply.length }]
}

function sectionSteps(text: string): Span[] {
  if (MEDS3_BEGINNING.test(text)) {
    const cuts = [...text.matchAll(MEDS3_CUT)].map(({ index }) => index)
    if (cuts.length > 0) return spansFrom(cuts, text.length)
  }
  const marks = stepMarks(text)
  if (marks.length > 0) {
    return spansFrom(
      marks.filter(({ number }) => number > 0).map(({ at }) => at),
      text.length,
    )
  }
  const breaks = [...text.matchAll(BLANK_LINE)].map(({ index, 0: blank }) => index + blank.length)
  return spansFrom([0, ...breaks], text.length)
}

/** From each start to the next one. */
function spansFrom(starts: readonly number[], length: number): Span[] {
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? length }))
}

function moved({ from, to }: Span, by: number): Span {
  return { from: from + by, to: to + by }
}

function trimmed(text: string, { from, to }: Span): Span {
  const inside = text.slice(from, to)
  return { from: to - inside.trimStart().length, to: from + inside.trimEnd().length }
}

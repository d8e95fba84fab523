export const THINK_TAG = /<(\/?)think(?:ing)?>/gi
export const ANSWER_TAG = /<(\/?)answer>/gi

/**
 * What a reply says after its reasoning: text outside `<think>…</think>`, and of that only the last
 * `<answer>…</answer>` if there is one. A closing tag without its opening tag (some chat templates put that
 * into the prompt) ends reasoning too. Null when the reasoning was never closed.
 */
export function withoutReasoning(reply: string): string | null {
  let kept = ''
  let from = 0
  let thinking = false
  for (const tag of reply.matchAll(THINK_TAG)) {
    const closes = tag[1] === '/'
    if (closes && !thinking) kept = ''
    if (!closes && !thinking) kept += reply.slice(from, tag.index)
    thinking = !closes
    from = tag.index + tag[0].length
  }
  if (thinking) return null
  return lastTaggedAnswer(kept + reply.slice(from))
}

/** An `<answer>` that was not closed reaches to the end. */
function lastTaggedAnswer(text: string): string {
  let answer: string | undefined
  let from: number | undefined
  for (const tag of text.matchAll(ANSWER_TAG)) {
    if (tag[1] !== '/') from = tag.index + tag[0].length
    else if (from !== undefined) {
      answer = text.slice(from, tag.index)
      from = undefined
    }
  }
  return from === undefined ? (answer ?? text) : text.slice(from)
}

/** Sentences of a text that grows, for reading aloud. */

// A full stop ends a sentence only before a blank: "1.5 mg" does not end at its point. Chinese marks always do.
const END = /[.!?][)"'”’]*(?=\s)|[。！？；][）”’」]*|\n+/gu

/** Those that are finished; `ended`: no more will come, so the rest is a sentence too. */
export function sentencesOf(text: string, ended: boolean): string[] {
  const sentences: string[] = []
  let from = 0
  for (const end of text.matchAll(END)) {
    const to = end.index + end[0].length
    sentences.push(text.slice(from, to).trim())
    from = to
  }
  if (ended) sentences.push(text.slice(from).trim())
  return sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
}

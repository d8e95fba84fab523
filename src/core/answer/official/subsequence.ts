/**
 * Longest common subsequences (LCS) of a needle with texts, bit-parallel (Hyyrö 2004): one machine word
 * holds 30 needle characters, so that a sum with carry stays within 31 bits and integer arithmetic.
 *
 * Characters are small ids; id 0 stands for "in no option" and equals nothing.
 */
export type Ids = Uint16Array

const BITS = 30
const ALL = 2 ** BITS - 1

/** A pass of {@link Needle.bestWindow} over `start` to `end` that found no window better than `best`. */
interface Pass {
  start: number
  end: number
  best: number
}

/** Enough for the passes over one period of text such as "answer answer answer". */
const REMEMBERED_PASSES = 16

function isRepeated(text: Ids, pass: Pass, at: number): boolean {
  const shift = at - pass.start
  for (let i = pass.start; i < pass.end; i++) if (text[i] !== text[i + shift]) return false
  return true
}

export class Needle {
  readonly length: number
  private readonly words: number
  /** For character id c, word w: bits of the needle places that have c. */
  private readonly places: Int32Array
  /** A zero bit at place i: the LCS with what was read grows at needle place i. */
  private readonly state: Int32Array

  constructor(needle: Ids) {
    this.length = needle.length
    this.words = Math.max(1, Math.ceil(needle.length / BITS))
    const ids = needle.reduce((highest, id) => Math.max(highest, id), 0) + 1
    this.places = new Int32Array(ids * this.words)
    this.state = new Int32Array(this.words)
    for (let i = 0; i < needle.length; i++) {
      const id = needle[i] ?? 0
      const slot = id * this.words + Math.trunc(i / BITS)
      if (id !== 0) this.places[slot] = (this.places[slot] ?? 0) | (1 << (i % BITS))
    }
  }

  /** LCS length with a whole text. */
  lcs(text: Ids): number {
    this.restart()
    let length = 0
    for (let i = 0; i < text.length; i++) length += this.read(text, i)
    return length
  }

  /** LCS lengths with all prefixes of a text, the one of i + 1 characters at i. */
  lcsOfPrefixes(text: Ids): Uint32Array {
    this.restart()
    let length = 0
    return Uint32Array.from(text, (_, i) => (length += this.read(text, i)))
  }

  /**
   * The largest LCS with any window of the needle's own length, if it exceeds `floor`; else `floor`.
   *
   * One pass from a window's start bounds all later windows from above, as far as it has read; the next
   * window to look at exactly is the first whose bound exceeds the best so far. Text that repeats itself
   * repeats its passes, so recent ones are remembered.
   */
  bestWindow(text: Ids, floor: number): number {
    const last = text.length - this.length
    const recent: Pass[] = []
    let best = floor
    let start = 0
    while (best < this.length) {
      // A window that starts with a foreign character is no better than the next one.
      while (start < last && !this.knows(text[start] as number)) start++
      if (start > last) break
      const from = start
      const known = recent.find((pass) => pass.best === best && isRepeated(text, pass, from))
      let end = known ? start + known.end - known.start : start
      if (!known) {
        this.restart()
        let grown = 0
        const exact = start + this.length
        while (end < exact) grown += this.read(text, end++)
        if (grown > best) best = grown
        while (end < text.length && grown <= best) grown += this.read(text, end++)
        if (grown <= best) break
        recent.push({ start, end, best })
        if (recent.length > REMEMBERED_PASSES) recent.shift()
      }
      start = end - this.length
    }
    return best
  }

  private restart(): void {
    this.state.fill(ALL)
  }

  private knows(id: number): boolean {
    const { places, words } = this
    if (id === 0 || id * words >= places.length) return false
    for (let w = 0; w < words; w++) if (places[id * words + w] !== 0) return true
    return false
  }

  /** Reads one more character of a text: 1 when the LCS with all read since the restart grew, else 0. */
  private read(text: Ids, index: number): number {
    const { state, places, words } = this
    const from = (text[index] as number) * words
    if (from === 0 || from >= places.length) return 0
    if (words === 1) {
      const row = state[0] as number
      const matches = row & (places[from] as number)
      const sum = row + matches
      state[0] = (sum | (row - matches)) & ALL
      return sum >>> BITS
    }
    let carry = 0
    for (let w = 0; w < words; w++) {
      const row = state[w] as number
      const matches = row & (places[from + w] as number)
      const sum = row + matches + carry
      carry = sum >>> BITS
      state[w] = (sum | (row - matches)) & ALL
    }
    return carry
  }
}

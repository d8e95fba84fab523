/**
 * Longest common subsequences (LCS) of a needle with texts, bit-parallel (Hyyrö 2004): one machine word
 * holds 30 needle characters, so that a sum with carry stays inside 31 bits and in integer arithmetic.
 *
 * Characters are small ids; id 0 stands for "not in any option" and equals nothing.
 */
export type Ids = Uint16Array

const BITS = 30
const ALL = 2 ** BITS - 1

export class Needle {
  readonly length: number
  private readonly words: number
  /** For character id c, word w: bits of the places where the needle has c. */
  private readonly places: Int32Array
  /** A zero bit at place i: the LCS grows at needle place i. */
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

  /** Forgets the text read so far. */
  restart(): void {
    this.state.fill(ALL)
  }

  /** Reads one more character of a text: 1 when the LCS with all read since {@link restart} grew, else 0. */
  read(id: number): number {
    const { state, places, words } = this
    if (id === 0 || id * words >= places.length) return 0
    let carry = 0
    for (let w = 0, slot = id * words; w < words; w++, slot++) {
      const row = state[w] as number
      const matches = row & (places[slot] as number)
      const sum = row + matches + carry
      carry = sum >>> BITS
      state[w] = (sum | (row - matches)) & ALL
    }
    return carry
  }

  /** LCS length with a whole text. */
  lcs(text: Ids): number {
    this.restart()
    let length = 0
    for (let i = 0; i < text.length; i++) length += this.read(text[i] as number)
    return length
  }

  /**
   * The largest LCS with any window of the needle's own length, if it exceeds `floor`; else `floor`.
   *
   * One pass from a window's start bounds all windows after it from above, for as long as they end where
   * the pass has got to; the next window to look at exactly is the first whose bound exceeds the best.
   */
  bestWindow(text: Ids, floor: number): number {
    let best = floor
    let start = 0
    while (start + this.length <= text.length && best < this.length) {
      this.restart()
      let grown = 0
      let end = start
      const exact = start + this.length
      while (end < exact) grown += this.read(text[end++] as number)
      if (grown > best) best = grown
      while (end < text.length && grown <= best) grown += this.read(text[end++] as number)
      if (grown <= best) break
      start = end - this.length
    }
    return best
  }
}

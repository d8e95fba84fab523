import type { Ids } from '#core/answer/official/subsequence'

/** Maps the characters of some texts to small ids; 0 is every other character. */
export class Alphabet {
  private readonly ids = new Map<number, number>()
  private readonly low = new Uint16Array(0x10000)

  constructor(texts: Iterable<string>) {
    for (const text of texts) {
      for (const character of text) this.add(character.codePointAt(0) ?? 0)
    }
  }

  encode(text: string): Ids {
    const result = new Uint16Array(text.length)
    let length = 0
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i) ?? 0
      if (point > 0xffff) i++
      result[length++] = point > 0xffff ? (this.ids.get(point) ?? 0) : (this.low[point] ?? 0)
    }
    return result.subarray(0, length)
  }

  private add(point: number): void {
    if (this.ids.has(point)) return
    const id = this.ids.size + 1
    this.ids.set(point, id)
    if (point <= 0xffff) this.low[point] = id
  }
}

/** A string prepared for comparison: as ids, and by its words. What costs a sort is made when asked for. */
export class Phrase {
  readonly text: Ids
  readonly words: ReadonlySet<string>
  /** Whether a word occurs more than once. */
  readonly repeats: boolean
  private readonly all: readonly string[]
  private readonly alphabet: Alphabet
  private sortedIds: Ids | undefined
  private distinctIds: Ids | undefined

  constructor(text: string, alphabet: Alphabet) {
    this.alphabet = alphabet
    this.text = alphabet.encode(text)
    this.all = text.split(' ').filter((word) => word !== '')
    this.words = new Set(this.all)
    this.repeats = this.words.size < this.all.length
  }

  /** All words in order. */
  get sorted(): Ids {
    this.sortedIds ??= this.join([...this.all])
    return this.sortedIds
  }

  /** Each different word once, in order. */
  get distinct(): Ids {
    this.distinctIds ??= this.join([...this.words])
    return this.distinctIds
  }

  /** The different words that `other` lacks, in order. */
  without(other: Phrase): Ids {
    return this.join([...this.words].filter((word) => !other.words.has(word)))
  }

  /** Length of the words in common, joined by single spaces. */
  shared(other: Phrase): number {
    let length = 0
    let count = 0
    for (const word of this.words) {
      if (!other.words.has(word)) continue
      length += this.alphabet.encode(word).length
      count++
    }
    return length + Math.max(0, count - 1)
  }

  private join(words: string[]): Ids {
    // The built-in order, by UTF-16 units, is many times faster and differs only where surrogates are.
    const sorted = words.some((word) => SURROGATE.test(word)) ? words.sort(byCodePoints) : words.sort()
    return this.alphabet.encode(sorted.join(' '))
  }
}

const SURROGATE = /[\ud800-\udfff]/

function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue
    return (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0)
  }
  return a.length - b.length
}

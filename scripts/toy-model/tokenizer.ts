/**
 * A byte-level BPE tokenizer as llama.cpp runs it for GGUF models with `tokenizer.ggml.pre = qwen2`
 * (llama.cpp, src/llama-vocab.cpp), small enough to read: learn it from a list of units, encode with it.
 *
 * Every entry of the vocabulary is valid UTF-8: ASCII characters, whole words, whole Chinese characters and
 * words. Merges may pass through pieces that are not entries (llama.cpp looks merges up by text); where such
 * a piece is left over at the end, its printable ASCII characters are emitted and all else is dropped, exactly
 * as llama.cpp does.
 */

export const SPECIALS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const

export interface Tokenizer {
  /** Entries in GPT-2's byte spelling, as GGUF stores them; the specials come last. */
  tokens: readonly string[]
  /** "left right", by rank. */
  merges: readonly string[]
}

// Qwen2's pre-tokenizer (llama.cpp, LLAMA_VOCAB_PRE_TYPE_QWEN2).
const PIECES =
  /'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu

export function pretokenize(text: string): string[] {
  return text.match(PIECES) ?? []
}

const utf8 = new TextEncoder()

// GPT-2 spells every byte as one printable character: printable Latin-1 as itself, the others from U+0100 on.
const SPELLING: readonly string[] = (() => {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
})()

/** GPT-2's spelling of the text's UTF-8 bytes. */
export function spell(text: string): string {
  return [...utf8.encode(text)].map((byte) => SPELLING[byte]).join('')
}

function joinPair(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = []
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] as string
    if (symbol === left && symbols[i + 1] === right) {
      result.push(left + right)
      i++
    } else result.push(symbol)
  }
  return result
}

/**
 * Learns merges until each unit (a row of symbols) is one symbol, most frequent pair first. Encoding replays
 * the merges in the same order, so a unit that is a whole pre-token always comes out as one token.
 */
function learnMerges(units: readonly (readonly string[])[]): string[] {
  let words = units
  const merges: string[] = []
  for (;;) {
    const counts = new Map<string, number>()
    for (const word of words) {
      for (let i = 0; i + 1 < word.length; i++) {
        const pair = `${word[i] ?? ''} ${word[i + 1] ?? ''}`
        counts.set(pair, (counts.get(pair) ?? 0) + 1)
      }
    }
    let best = ''
    let bestCount = 0
    for (const [pair, count] of counts) {
      if (count > bestCount || (count === bestCount && pair < best)) {
        best = pair
        bestCount = count
      }
    }
    if (bestCount === 0) return merges
    merges.push(best)
    const [left, right] = best.split(' ') as [string, string]
    words = words.map((word) => (word.includes(left) ? joinPair(word, left, right) : word))
  }
}

const HAN = /\p{Script=Han}/u

/** A vocabulary in which each unit is one token, on top of printable ASCII and the line feed. */
export function buildTokenizer(units: readonly string[]): Tokenizer {
  const ascii = ['\n', ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))]
  // Characters first, each by itself: bytes of two neighbours must never join.
  const characters = [...new Set(units.flatMap((unit) => [...unit]))].filter(
    (unit) => unit.length < utf8.encode(unit).length,
  )
  const merges = [
    ...learnMerges(characters.map((character) => [...spell(character)])),
    ...learnMerges(units.map((unit) => [...unit].map(spell))),
  ]
  // Pieces of Chinese words join the vocabulary, or text that ends in one would lose characters.
  const decode = new Map(SPELLING.map((character, byte) => [character, byte]))
  const text = (spelled: string) =>
    new TextDecoder().decode(
      Uint8Array.from([...spelled].map((character) => decode.get(character) as number)),
    )
  const pieces = merges
    .map((merge) => text(merge.replace(' ', '')))
    .filter((piece) => HAN.test(piece) && !piece.includes('\ufffd'))
  const entries = new Set([...ascii, ...characters, ...units, ...pieces].map(spell))
  return { tokens: [...entries, ...SPECIALS], merges }
}

export class Encoder {
  private readonly ids: Map<string, number>
  private readonly ranks: Map<string, number>
  private readonly cache = new Map<string, readonly number[]>()

  constructor(tokenizer: Tokenizer) {
    this.ids = new Map(tokenizer.tokens.map((token, id) => [token, id]))
    this.ranks = new Map(tokenizer.merges.map((merge, rank) => [merge, rank]))
  }

  /** Token ids of the text; `<|im_start|>` and its kind count as the special tokens. */
  encode(text: string): number[] {
    return text
      .split(/(<\|endoftext\|>|<\|im_start\|>|<\|im_end\|>)/u)
      .flatMap((part) =>
        (SPECIALS as readonly string[]).includes(part)
          ? [this.ids.get(part) as number]
          : pretokenize(part).flatMap((piece) => this.encodePiece(piece)),
      )
  }

  private encodePiece(piece: string): readonly number[] {
    const cached = this.cache.get(piece)
    if (cached) return cached
    const ids = this.mergePiece([...spell(piece)]).flatMap((symbol) => {
      const id = this.ids.get(symbol)
      if (id !== undefined) return [id]
      // llama.cpp goes through the bytes of the spelling here, so that the space (Ġ) is lost as well.
      return [...symbol].flatMap((byte) => (byte.charCodeAt(0) < 128 ? (this.ids.get(byte) ?? []) : []))
    })
    this.cache.set(piece, ids)
    return ids
  }

  /** Lowest rank first, leftmost among equals. */
  private mergePiece(symbols: string[]): string[] {
    for (;;) {
      let at = -1
      let lowest = Infinity
      for (let i = 0; i + 1 < symbols.length; i++) {
        const rank = this.ranks.get(`${symbols[i] ?? ''} ${symbols[i + 1] ?? ''}`)
        if (rank !== undefined && rank < lowest) {
          lowest = rank
          at = i
        }
      }
      if (at < 0) return symbols
      symbols.splice(at, 2, (symbols[at] as string) + (symbols[at + 1] as string))
    }
  }
}

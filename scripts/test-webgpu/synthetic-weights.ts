/**
 * Weights that mean nothing, for whatever a library declares: repeatable from a seed, and of magnitudes at
 * which a network keeps its activations near 1 and its logits a few units apart, so that a wrong order of rows,
 * a wrong packing or a wrong kernel shows in the probabilities.
 */
import { randomBelow, type RandomBelow } from '#core/run/random'
import type { LibraryParameter } from '#core/model/library-metadata'
import { toBfloat16, toFloat16 } from './number-formats'
import { VOCABULARY_SIZE } from './synthetic-tokenizer'
import type { Tensor } from './tensor'

/** A free vocabulary is made just large enough, rounded up to whole groups of 32. */
export const FREE_VOCABULARY = Math.ceil(VOCABULARY_SIZE / 32) * 32
/** Words of random bits that rows of 4-bit weights are cut from; drawing each anew would take minutes. */
const POOL_WORDS = 2 ** 16
const TWO_POW_32 = 2 ** 32
/** Standard deviation of a 4-bit weight in units of its scale: whole numbers from -7 to 7, 0 twice as likely. */
const NIBBLE_DEVIATION = Math.sqrt(280 / 16)
/** Standard deviation that the logits of printable characters get. */
const LOGIT_DEVIATION = 2
/** Tokens that the tokenizer never writes differ as well, for tests that feed numbers; none of them wins. */
const OTHER_TOKENS_GAIN = 0.25
/** They are drawn apart, so that the others stay what they are without them. */
const OTHER_TOKENS_STREAM = 2 ** 20
/** What a layer adds must outweigh the embedding, or a tied head would repeat the last token. */
const BRANCH_GAIN = 0.7

/** Every parameter as a tensor, one at a time, in the library's order. Throws on a format it cannot make. */
export function* syntheticTensors(params: readonly LibraryParameter[], seed: number): Generator<Tensor> {
  const names = new Set(params.map(({ name }) => name))
  const tied = !names.has('lm_head.q_weight') && !names.has('lm_head.weight')
  const pool = new Uint32Array(POOL_WORDS)
  const fill = randomBelow(seed, 0)
  for (let at = 0; at < POOL_WORDS; at += 1) pool[at] = withoutFifteens(fill(TWO_POW_32))
  for (const [index, param] of params.entries()) {
    const shape = param.shape.map((size) => size ?? FREE_VOCABULARY)
    const random = randomBelow(seed, index + 1)
    const others = randomBelow(seed, OTHER_TOKENS_STREAM + index)
    const { name, dtype } = param
    if (name.endsWith('.q_weight')) {
      yield { name, shape, dtype, format: 'raw', bytes: nibbles(name, shape, pool, random, others) }
      continue
    }
    if (dtype !== 'float32' && dtype !== 'float16')
      throw new Error(`${name}: no synthetic weights of type ${dtype}`)
    const values = name.endsWith('.q_scale')
      ? scales(name, shape, tied, random, others)
      : plain(name, shape, tied, random, others)
    const bits = new Uint16Array(values.length)
    const encode = dtype === 'float32' ? toBfloat16 : toFloat16
    for (let at = 0; at < bits.length; at += 1) bits[at] = encode(values[at]!)
    const format = dtype === 'float32' ? 'f32-to-bf16' : 'raw'
    yield { name, shape, dtype, format, bytes: new Uint8Array(bits.buffer) }
  }
}

/** Packed 4-bit weights. Each row is the pool from a place of its own, with its words rotated by nibbles. */
function nibbles(
  name: string,
  shape: readonly number[],
  pool: Uint32Array,
  random: RandomBelow,
  others: RandomBelow,
): Uint8Array {
  const [rows = 0, words = 0] = shape
  const packed = new Uint32Array(rows * words)
  for (let row = 0; row < rows; row += 1) {
    const draw = isVocabulary(name) && tokenGain(row) === 0 ? others : random
    const from = draw(POOL_WORDS)
    const turn = draw(8) * 4
    for (let at = 0; at < words; at += 1) {
      const word = pool[(from + at) % POOL_WORDS]!
      packed[row * words + at] = turn === 0 ? word : (word << turn) | (word >>> (32 - turn))
    }
  }
  return new Uint8Array(packed.buffer)
}

function scales(
  name: string,
  shape: readonly number[],
  tied: boolean,
  random: RandomBelow,
  others: RandomBelow,
): Float32Array {
  const [rows = 0, groups = 0] = shape
  const values = new Float32Array(rows * groups)
  // 4-bit formats have 32 weights a group.
  const unit = deviationOf(name, groups * 32, tied) / NIBBLE_DEVIATION
  for (let row = 0; row < rows; row += 1) {
    const known = isVocabulary(name) ? tokenGain(row) : 1
    const draw = known === 0 ? others : random
    for (let group = 0; group < groups; group += 1)
      values[row * groups + group] = unit * (known || OTHER_TOKENS_GAIN) * (0.75 + draw(1024) / 2048)
  }
  return values
}

function plain(
  name: string,
  shape: readonly number[],
  tied: boolean,
  random: RandomBelow,
  others: RandomBelow,
): Float32Array {
  const [rows = 0, columns = 1] = shape
  const values = new Float32Array(rows * columns)
  const spread = (draw: RandomBelow) => (draw(2 ** 24) / 2 ** 23 - 1) * Math.sqrt(3)
  if (shape.length === 1) {
    const isNorm = name.endsWith('norm.weight')
    return values.map(() => (isNorm ? 1 + 0.1 * spread(random) : 0.1 * spread(random)))
  }
  const deviation = deviationOf(name, columns, tied)
  for (let row = 0; row < rows; row += 1) {
    const known = isVocabulary(name) ? tokenGain(row) : 1
    const draw = known === 0 ? others : random
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = deviation * (known || OTHER_TOKENS_GAIN) * spread(draw)
  }
  return values
}

/** The standard deviation of a matrix's weights, for inputs of `columns` values near 1. */
export function deviationOf(name: string, columns: number, tied: boolean): number {
  const even = 1 / Math.sqrt(columns)
  if (name.startsWith('lm_head.')) return LOGIT_DEVIATION * even
  if (name.startsWith('model.embed_tokens.')) return tied ? LOGIT_DEVIATION * even : 1
  return /\.(o_proj|down_proj)\./.test(name) ? BRANCH_GAIN * even : even
}

export function isVocabulary(name: string): boolean {
  return name.startsWith('lm_head.') || name.startsWith('model.embed_tokens.')
}

/**
 * How large a token's row is. Printable characters win, so that replies can be read; line feeds and marks occur
 * in prompts only. 0 for all others, which no text has.
 */
export function tokenGain(token: number): number {
  if (token >= 0x20 && token < 0x7f) return 1
  const isMark = token >= 256 && token < VOCABULARY_SIZE
  return token === 0x0a || isMark ? 0.25 : 0
}

/** 15 does not occur in quantized weights; such nibbles become 7, which is zero. */
function withoutFifteens(word: number): number {
  const fifteens = word & (word >>> 1) & (word >>> 2) & (word >>> 3) & 0x1111_1111
  return (word ^ (fifteens << 3)) >>> 0
}

/**
 * A small language model with real attention and a KV cache, computed as WebLLM's kernels do: new tokens attend to the cache
 * and to each other apart, then both states are merged. Weights are drawn from a seed. Faults can be planted, at any time.
 */
import type { Forward } from '#core/numerics/forward'

export type Fault =
  /** The missing barrier: part of a row merges with a score that is already merged, where several tokens are appended. */
  | 'racing-append'
  /** The same where so few tokens are appended that libraries have other kernels for them. */
  | 'racing-few'
  /** The same where one token is appended. */
  | 'racing-step'
  /** One token too few goes off the cache; its count is as wanted. */
  | 'wrong-pop'
  /** The tokens go off the cache, but those after them get positions as if they had not. */
  | 'stale-length'
  /** After tokens went off, what is left has the values of other tokens. */
  | 'swapped-sequence'
  | 'pop-throws'
  | 'nan'
  | 'nan-after-append'
  /** A model that computes nothing: every token gets the same. */
  | 'constant-logits'
  /** One whose logits do not depend on what was fed. */
  | 'deaf'
  /** One that does not look back. */
  | 'forgetful'

const LAYERS = 2
const HEADS = 2
const HEAD_DIM = 8
const WIDTH = HEADS * HEAD_DIM
/** Elements of a row that keep step with the first one. */
const SUBGROUP = 4

interface Layer {
  query: Float32Array
  key: Float32Array
  value: Float32Array
  output: Float32Array
}

/** What the cache holds of one token in one layer. */
interface Entry {
  key: Float32Array
  value: Float32Array
}

/** Attention over some tokens: per head the logarithm of the summed weights, and the weighted mean of the values. */
interface State {
  score: number[]
  mean: Float32Array
}

export class ToyAttention {
  readonly vocabulary: number
  fault: Fault | null
  readonly #embedding: Float32Array
  readonly #layers: Layer[]
  readonly #head: Float32Array
  #cache: Entry[][] = empty()
  /** Tokens as the count says; under a fault the cache may hold others. */
  #length = 0
  #positionShift = 0

  constructor(vocabulary = 211, fault: Fault | null = null, seed = 1) {
    this.vocabulary = vocabulary
    this.fault = fault
    const random = generator(seed)
    const matrix = (rows: number, columns: number, spread = 1) =>
      Float32Array.from({ length: rows * columns }, () => (spread * (2 * random() - 1)) / Math.sqrt(columns))
    this.#embedding = matrix(vocabulary, WIDTH, 4)
    this.#layers = Array.from({ length: LAYERS }, () => ({
      query: matrix(WIDTH, WIDTH, 3),
      key: matrix(WIDTH, WIDTH, 3),
      value: matrix(WIDTH, WIDTH, 3),
      output: matrix(WIDTH, WIDTH, 3),
    }))
    this.#head = matrix(vocabulary, WIDTH, 8)
  }

  get length(): number {
    return this.#length
  }

  reset(): void {
    this.#cache = empty()
    this.#length = 0
    this.#positionShift = 0
  }

  /** Appends tokens as one chunk; the logits after the last one. */
  append(tokens: readonly number[]): Float32Array {
    const held = this.#cache[0]!.length
    const positions = tokens.map((_, i) => held + i + this.#positionShift)
    let rows = tokens.map((token) => this.#embedding.slice(token * WIDTH, (token + 1) * WIDTH))
    this.#layers.forEach((layer, index) => {
      const cache = this.#cache[index]!
      const inputs = rows.map(normalised)
      const fresh = inputs.map((input, i) => ({
        key: rotated(times(layer.key, input), positions[i]!),
        value: times(layer.value, input),
      }))
      rows = rows.map((row, i) => {
        const query = rotated(times(layer.query, inputs[i]!), positions[i]!)
        const own = attention(query, fresh.slice(this.fault === 'forgetful' ? i : 0, i + 1))
        const mean =
          held === 0 || this.fault === 'forgetful'
            ? own.mean
            : merged(attention(query, cache), own, this.#races(tokens.length))
        const change = times(layer.output, mean)
        return row.map((value, d) => value + Math.tanh(change[d]!))
      })
      cache.push(...fresh)
    })
    this.#length += tokens.length
    return this.#logits(this.fault === 'deaf' ? this.#embedding.slice(0, WIDTH) : rows.at(-1)!, held > 0)
  }

  pop(count: number): void {
    if (count > this.#length) throw new Error('There are not so many tokens.')
    if (this.fault === 'pop-throws') throw new Error('Planted: no pop.')
    const kept = this.#length - count + (this.fault === 'wrong-pop' ? 1 : 0)
    for (const cache of this.#cache) cache.length = Math.min(cache.length, kept)
    this.#length -= count
    if (this.fault === 'stale-length') this.#positionShift += count
    if (this.fault === 'swapped-sequence') {
      this.#cache = this.#cache.map((cache) =>
        cache.map(({ key }, i) => ({ key, value: cache.at(-1 - i)!.value })),
      )
    }
  }

  /** The port that tests of the core use. */
  forward(chunkTokens = 64): Forward {
    const lengthNow = () => this.#length
    return {
      chunkTokens,
      reset: () => this.reset(),
      pop: (count) => this.pop(count),
      get length() {
        return lengthNow()
      },
      feed: (tokens) => {
        if (tokens.length === 0 || tokens.length > chunkTokens) return Promise.reject(new Error('No chunk.'))
        return Promise.resolve(this.append(tokens))
      },
    }
  }

  #races(tokens: number): boolean {
    if (tokens === 1) return this.fault === 'racing-step'
    return this.fault === 'racing-append' || (this.fault === 'racing-few' && tokens <= 8)
  }

  #logits(row: Float32Array, isAppended: boolean): Float32Array {
    const logits = times(this.#head, normalised(row))
    if (this.fault === 'constant-logits') logits.fill(1)
    if (this.fault === 'nan' || (this.fault === 'nan-after-append' && isAppended)) logits[3] = Number.NaN
    return logits
  }
}

function empty(): Entry[][] {
  return Array.from({ length: LAYERS }, () => [])
}

function attention(query: Float32Array, entries: readonly Entry[]): State {
  const mean = new Float32Array(WIDTH)
  const score = Array.from({ length: HEADS }, (_, head) => {
    const span = [head * HEAD_DIM, (head + 1) * HEAD_DIM] as const
    const weights = entries.map(({ key }) => {
      let sum = 0
      for (let d = span[0]; d < span[1]; d++) sum += query[d]! * key[d]!
      return Math.exp(sum / Math.sqrt(HEAD_DIM))
    })
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    entries.forEach(({ value }, i) => {
      for (let d = span[0]; d < span[1]; d++) mean[d]! += (weights[i]! / total) * value[d]!
    })
    return Math.log(total)
  })
  return { score, mean }
}

/** The mean over both states' tokens. Racing, all but a row's first elements take the merged score for the first state's. */
function merged(first: State, other: State, races: boolean): Float32Array {
  return first.mean.map((value, d) => {
    const head = Math.floor(d / HEAD_DIM)
    const [a, b] = [first.score[head]!, other.score[head]!]
    const isLate = races && d % HEAD_DIM >= SUBGROUP
    const weight = Math.exp(isLate ? Math.log(Math.exp(a) + Math.exp(b)) : a)
    const otherWeight = Math.exp(b)
    return (value * weight + other.mean[d]! * otherWeight) / (weight + otherWeight)
  })
}

/** Rotary positions. */
function rotated(vector: Float32Array, position: number): Float32Array {
  const turned = new Float32Array(WIDTH)
  for (let d = 0; d < WIDTH; d += 2) {
    const angle = position / 50 ** ((d % HEAD_DIM) / HEAD_DIM)
    const [x, y] = [vector[d]!, vector[d + 1]!]
    turned[d] = x * Math.cos(angle) - y * Math.sin(angle)
    turned[d + 1] = x * Math.sin(angle) + y * Math.cos(angle)
  }
  return turned
}

function normalised(vector: Float32Array): Float32Array {
  const size = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0) / vector.length + 1e-6)
  return vector.map((value) => value / size)
}

/** A matrix, row after row, times a vector of WIDTH. */
function times(matrix: Float32Array, vector: Float32Array): Float32Array {
  const product = new Float32Array(matrix.length / WIDTH)
  for (let row = 0; row < product.length; row++) {
    let sum = 0
    for (let d = 0; d < WIDTH; d++) sum += matrix[row * WIDTH + d]! * vector[d]!
    product[row] = sum
  }
  return product
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

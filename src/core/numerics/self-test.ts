/**
 * The numerical self-test: the same tokens, brought into the KV cache in different orders, must give the same logits.
 * It needs no reference of another device and no knowledge of the model.
 */
import type { Forward } from './forward'
import type { OrderDifferences } from './types'

/** Counts up whenever tokens, orders or tolerances change: results of another version are not comparable. */
export const SELF_TEST_VERSION = 2
/** Longer than what one subgroup works on, short enough for a software adapter. */
export const SELF_TEST_TOKENS = 40
/** The second chunk has 23: no kernel's tile divides either. */
const FIRST_CHUNK = 17
/** Libraries have kernels of their own for 2 to 8 tokens at once. */
const SMALL_CHUNK = 4
/** Fed behind all tokens and taken off again; more than a small chunk, which has an order of its own. */
const OTHERS = 9
/** Taken off with the others and fed again. */
const AGAIN = 20

/** A sound device differs by 5e-5 (SwiftShader, with the barrier), a racing one by up to 6. */
export const TOLERANCE_F32 = 1e-3
/**
 * Half precision rounds at 5e-4 of each value in every layer, and kernels for one and for many tokens sum in another order.
 * Not measured: chosen well above that rounding and well below the error of the race.
 */
export const TOLERANCE_F16 = 0.25

/** Vocabularies begin or end with tokens that stand for no text: of Qwen2's and Llama 3's the last 0.2%, of Gemma's the first. */
const SPECIAL_SHARE = 0.05
/** Steps by this share of the vocabulary spread evenly and never repeat. */
const GOLDEN_RATIO = 0.618_033_988_749_894_9

/** Tolerances by which logits must depend on the tokens before the last: else no fault of the cache could be seen. */
const LEAST_DEPENDENCE = 2

/** The last token alone, all at once, then the orders. */
const PASSES = 1 + 1 + 2 + 2 + SELF_TEST_TOKENS + 3

/**
 * Runs the test on a model of `vocabulary` tokens; leaves an empty cache. For each order the largest absolute difference of
 * any logit from those of all tokens at once; null where a logit is no finite number, where tokens cannot be taken off, or
 * where the logits hardly depend on the tokens, so that any order would give them. `step` is called before each pass with
 * the share done, 0 to 1; what it throws ends the test and comes through, and so do errors of feeding.
 */
export async function differencesBetweenOrders(
  forward: Forward,
  vocabulary: number,
  tolerance: number,
  step: (fraction: number) => void,
): Promise<Required<OrderDifferences>> {
  const tokens = testTokens(vocabulary, SELF_TEST_TOKENS + OTHERS)
  let passes = 0
  const feed = async (from: number, to: number) => {
    step(passes++ / PASSES)
    return await forward.feed(tokens.slice(from, to))
  }
  try {
    forward.reset()
    const alone = await feed(SELF_TEST_TOKENS - 1, SELF_TEST_TOKENS)

    forward.reset()
    const reference = await feed(0, SELF_TEST_TOKENS)

    forward.reset()
    await feed(0, FIRST_CHUNK)
    const inTwoChunks = await feed(FIRST_CHUNK, SELF_TEST_TOKENS)

    forward.reset()
    await feed(0, SELF_TEST_TOKENS - SMALL_CHUNK)
    const withSmallChunk = await feed(SELF_TEST_TOKENS - SMALL_CHUNK, SELF_TEST_TOKENS)

    forward.reset()
    let oneByOne = await feed(0, 1)
    for (let i = 1; i < SELF_TEST_TOKENS; i++) oneByOne = await feed(i, i + 1)

    forward.reset()
    await feed(0, SELF_TEST_TOKENS)
    await feed(SELF_TEST_TOKENS, SELF_TEST_TOKENS + OTHERS)
    const afterPop = pops(forward, OTHERS + AGAIN)
      ? await feed(SELF_TEST_TOKENS - AGAIN, SELF_TEST_TOKENS)
      : null

    // A model that computes nothing, or does not look back, would pass everything.
    const dependence = largestDifference(reference, alone)
    const isTelling = dependence !== null && dependence > LEAST_DEPENDENCE * tolerance
    const compared = (logits: Float32Array | null) =>
      isTelling && logits ? largestDifference(reference, logits) : null
    return {
      'two-chunks': compared(inTwoChunks),
      'small-chunk': compared(withSmallChunk),
      'one-by-one': compared(oneByOne),
      'after-pop': compared(afterPop),
    }
  } finally {
    forward.reset()
  }
}

/** Token ids spread over the vocabulary, away from its ends; the same ones for the same vocabulary. */
export function testTokens(vocabulary: number, count: number): number[] {
  const first = Math.floor(vocabulary * SPECIAL_SHARE)
  const room = Math.max(1, vocabulary - 2 * first)
  return Array.from({ length: count }, (_, i) => first + Math.floor((((i + 1) * GOLDEN_RATIO) % 1) * room))
}

/** The largest absolute difference; null where lengths differ or a value is no finite number. */
export function largestDifference(a: Float32Array, b: Float32Array): number | null {
  if (a.length !== b.length) return null
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!)
    if (!Number.isFinite(difference)) return null
    if (difference > largest) largest = difference
  }
  return largest
}

function pops(forward: Forward, count: number): boolean {
  try {
    forward.pop(count)
    return true
  } catch {
    return false
  }
}

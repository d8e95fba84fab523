/**
 * PCG32 (XSH-RR 64/32), the generator of M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient
 * Statistically Good Algorithms for Random Number Generation" (2014), as in its reference C library.
 * Chosen because anyone can reproduce a sample with it in any language: numpy, C and Rust carry it.
 */

const MULTIPLIER = 6364136223846793005n
const TWO_POW_32 = 2 ** 32

/** Returns a whole number from 0 to `bound - 1`, each equally likely; `bound` is 1 to 2^32. */
export type RandomBelow = (bound: number) => number

function pcg32(seed: number, stream: number): () => number {
  const increment = BigInt.asUintN(64, (BigInt(stream) << 1n) | 1n)
  const step = (state: bigint) => BigInt.asUintN(64, state * MULTIPLIER + increment)
  let state = step(BigInt.asUintN(64, increment + BigInt(seed)))
  return () => {
    const old = state
    state = step(old)
    const xorShifted = Number(BigInt.asUintN(32, ((old >> 18n) ^ old) >> 27n))
    const rotation = Number(old >> 59n)
    return ((xorShifted >>> rotation) | (xorShifted << (-rotation & 31))) >>> 0
  }
}

/** A repeatable source of random numbers; different `stream`s of one `seed` are independent. Both are whole numbers >= 0. */
export function randomBelow(seed: number, stream: number): RandomBelow {
  const next = pcg32(seed, stream)
  return (bound) => {
    // Rejecting the first 2^32 mod bound values removes the bias of the remainder (pcg32_boundedrand_r).
    const threshold = TWO_POW_32 % bound
    for (;;) {
      const value = next()
      if (value >= threshold) return value % bound
    }
  }
}

/** The first `count` places of a Fisher-Yates shuffle of `values`: a simple random sample in random order. */
export function drawWithoutReplacement<Value>(
  values: readonly Value[],
  count: number,
  below: RandomBelow,
): Value[] {
  const pool = [...values]
  const drawn = Math.min(count, pool.length)
  for (let index = 0; index < drawn; index += 1) {
    const other = index + below(pool.length - index)
    const moved = pool[other] as Value
    pool[other] = pool[index] as Value
    pool[index] = moved
  }
  return pool.slice(0, drawn)
}

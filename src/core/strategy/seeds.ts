import { MAX_SAMPLES } from './limits'

const TWO_POW_32 = 2 ** 32
/** Any number but 0, whose image would be 0. */
const GOLDEN_RATIO = 0x9e3779b9
/** llama.cpp takes this seed as "any". */
const RESERVED = 0xffffffff

/**
 * The seed of sample `index` of a question: a whole number below 2^32 - 1, for both engines. It depends only on these
 * numbers (whole, from 0 up), so a resumed run draws what it would have drawn. No two samples of a question share a seed,
 * and neighbours differ in half their bits, because WebLLM's generator begins alike from seeds that are near each other.
 *
 * @param question what numbers the questions, e.g. the item's place in its dataset
 */
export function sampleSeed(seed: number, question: number, index: number): number {
  const low = mixed((seed % TWO_POW_32) ^ GOLDEN_RATIO)
  const high = mixed(low ^ Math.floor(seed / TWO_POW_32))
  const ofQuestion = mixed(high ^ question)
  const value = mixed(ofQuestion ^ index)
  // In place of the reserved one, the seed of an index that no sample has.
  return value === RESERVED ? mixed(ofQuestion ^ MAX_SAMPLES) : value
}

/** The finalizer of MurmurHash3 (A. Appleby, public domain): every 32-bit number has an image of its own. */
function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

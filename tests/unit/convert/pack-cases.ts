/** Weights that are awkward to quantize, each as whole rows of groups of 32. */
import { random } from './safetensors-fixture'

const GROUP = 32

function group(of: (at: number) => number): Float32Array {
  return Float32Array.from({ length: GROUP }, (_, at) => of(at))
}

/** Every multiple of half a step: exact ties, to even, at a scale of `scale`. */
const ties = (scale: number) => group((at) => (at === 31 ? 7 : at / 2 - 7) * scale)

export const CASES: Readonly<Record<string, Float32Array>> = {
  'one row of one group': random(32, 1, 0.05),
  'many groups': random(32 * 500, 2, 0.05),
  'float32 that BF16 does not hold': random(32 * 100, 3, 1).map((value, at) => value * (1 + at / 1e4)),
  zeros: new Float32Array(64),
  'negative zeros': new Float32Array(32).fill(-0),
  'one number among zeros': group((at) => (at === 9 ? -0.3 : 0)),
  'exact ties': Float32Array.from([...ties(1), ...ties(0.125), ...ties(3), ...ties(-0.0625)]),
  'denormal scales in float16': random(32 * 40, 4, 1).map(
    (value, at) => value * 2 ** -(13 + Math.floor(at / 64)),
  ),
  'numbers that vanish in float16': random(32 * 4, 5, 1e-9),
  'denormal float32': random(32 * 20, 6, 1).map((value, at) => value * 2 ** -(126 + Math.floor(at / 32))),
  'the least float32': group((at) => (at % 3) * 2 ** -149),
  'all of one size': group((at) => (at % 2 === 0 ? 0.7 : -0.7)),
}

/** Only a 32-bit scale can hold these. */
export const HUGE: Readonly<Record<string, Float32Array>> = {
  'huge scales': random(32 * 30, 7, 1e30),
  'the largest float32': group((at) => (at % 2 === 0 ? 1 : -1) * 3.4028234663852886e38),
}
/** A float16 scale can just hold these. */
export const LARGE = {
  'large scales': random(32 * 20, 8, 9000).map((value) => Math.max(-65_000, Math.min(65_000, value))),
}

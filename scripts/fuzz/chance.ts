/** Repeatable choices for mutations. */
import { randomBelow } from '#core/run/random'

export interface Chance {
  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number
  /** True once in `times`. */
  onceIn(times: number): boolean
  pick<Value>(values: readonly Value[]): Value
}

/** `seed` and `stream` name the choices; see `randomBelow`. */
export function chance(seed: number, stream: number): Chance {
  const below = randomBelow(seed, stream)
  return {
    below,
    onceIn: (times) => below(times) === 0,
    pick: (values) => {
      if (values.length === 0) throw new RangeError('nothing to pick from')
      return values[below(values.length)] as (typeof values)[number]
    },
  }
}

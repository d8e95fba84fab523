/** Numbers from a seed, and what they are compared by. */
import { randomBelow } from '#core/run/random'

const STEPS = 2 ** 24

/** Draws numbers of a normal distribution around 0 with deviation 1. */
export function normal(seed: number): () => number {
  const below = randomBelow(seed, 3)
  const uniform = () => (below(STEPS) + 0.5) / STEPS
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

/** Mean and largest of absolute differences. */
export class Differences {
  #sum = 0
  #count = 0
  most = 0

  add(one: number, other: number): void {
    const difference = Math.abs(one - other)
    this.#sum += difference
    this.#count += 1
    this.most = Math.max(this.most, difference)
  }

  get mean(): number {
    return this.#sum / this.#count
  }
}

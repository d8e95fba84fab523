/** Seeded choices, so that every file made here can be made again byte for byte. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  /** Uniform in [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** Uniform whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.between(0, values.length - 1)]
    if (value === undefined) throw new Error('pick from an empty list')
    return value
  }

  shuffle<Value>(values: readonly Value[]): Value[] {
    const result = [...values]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.between(0, i)
      const held = result[i] as Value
      result[i] = result[j] as Value
      result[j] = held
    }
    return result
  }

  /** `count` different values. */
  sample<Value>(values: readonly Value[], count: number): Value[] {
    if (count > values.length) throw new Error(`cannot take ${count} of ${values.length}`)
    return this.shuffle(values).slice(0, count)
  }
}

type Values = Float32Array | Int32Array

/** A tensor on CPU and GPU alike; what `toArray` gives is written to by later copies, as in the real runtime. */
export class ToyTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly values: Values
  isDisposed = false

  constructor(shape: readonly number[], dtype: string, values?: Values) {
    const size = shape.reduce((product, length) => product * length, 1)
    this.shape = shape
    this.dtype = dtype
    this.values = values ?? (dtype === 'float32' ? new Float32Array(size) : new Int32Array(size))
  }

  copyFrom(source: ToyTensor | ArrayLike<number>): this {
    if (source instanceof ToyTensor && source.isDisposed) throw new Error('The tensor is disposed.')
    this.values.set(source instanceof ToyTensor ? source.values : source)
    return this
  }

  view(shape: readonly number[]): ToyTensor {
    return new ToyTensor(shape, this.dtype, this.values)
  }

  toArray(): Values {
    return this.values
  }

  dispose(): void {
    this.isDisposed = true
  }
}

/** The place of the largest value. */
export function argMax(values: ArrayLike<number>): number {
  return Array.from(values).reduce((best, value, at) => (value > values[best]! ? at : best), 0)
}

/** float16 and bfloat16 as the bits that weight files hold; all rounding is to nearest, ties to even. */

const scratch = new DataView(new ArrayBuffer(4))

/** The bits of a float16 as a number; subnormals, infinities and NaN included. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The nearest float16's bits. */
export function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(size)) return 0x7e00
  if (size >= 65_520) return sign | 0x7c00
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24)
  const exponent = Math.min(15, Math.floor(Math.log2(size)))
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundHalfEven((size / 2 ** exponent - 1) * 1024))
}

export function fromBfloat16(bits: number): number {
  scratch.setUint32(0, bits * 0x1_0000)
  return scratch.getFloat32(0)
}

/** The nearest bfloat16's bits; finite values only. */
export function toBfloat16(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

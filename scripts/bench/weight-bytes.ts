import { BYTES_OF, type SourceFormat } from '#core/convert/number-format'

/** Numbers around 0 in a bell, of about 0.05, as weights are; the same ones every time. */
export function seededWeights(count: number, format: SourceFormat): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * BYTES_OF[format])
  const view = new DataView(bytes.buffer)
  let state = 12345
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5
  const float = new DataView(new ArrayBuffer(4))
  for (let at = 0; at < count; at++) {
    const value = (next() + next() + next()) * 0.1
    float.setFloat32(0, value)
    if (format === 'F32') view.setFloat32(at * 4, value, true)
    else if (format === 'BF16') view.setUint16(at * 2, float.getUint16(0), true)
    // Float16 with exponents of 2^-10 to 2^-3 and any fraction.
    else
      view.setUint16(at * 2, (value < 0 ? 0x8000 : 0) | (0x1400 + Math.floor((next() + 0.5) * 0x2000)), true)
  }
  return bytes
}

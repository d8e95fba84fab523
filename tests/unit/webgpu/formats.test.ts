import { expect, test } from 'vitest'
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '../../../scripts/test-webgpu/number-formats'
import { floatsOf, openMatrix, type Tensor } from '../../../scripts/test-webgpu/tensor'

// Bits and values as IEEE 754 lists them for binary16.
test.each([
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x3c00, 1],
  [0x3c01, 1.0009765625],
  [0xc000, -2],
  [0x7bff, 65504],
  [0x7c00, Infinity],
])('the float16 bits %i are %d, and back', (bits, value) => {
  expect(fromFloat16(bits)).toBe(value)
  expect(toFloat16(value)).toBe(bits)
})

test.each([
  // Ties go to the even neighbour; a fraction that overflows carries.
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [2 - 2 ** -12, 0x4000],
  [65520, 0x7c00],
  [2 ** -26, 0x0000],
])('%d rounds to the float16 bits %i', (value, bits) => {
  expect(toFloat16(value)).toBe(bits)
})

test.each([
  [0x3f80, 1],
  [0xc040, -3],
  [0x3eab, 0.333984375],
])('the bfloat16 bits %i are %d, and back', (bits, value) => {
  expect(fromBfloat16(bits)).toBe(value)
  expect(toBfloat16(value)).toBe(bits)
})

test('a bfloat16 tie goes to the even neighbour', () => {
  expect(toBfloat16(1 + 2 ** -8)).toBe(0x3f80)
  expect(toBfloat16(1 + 3 * 2 ** -8)).toBe(0x3f82)
})

/** Bytes in the order in which they lie in a file. */
function tensor(name: string, shape: number[], dtype: string, bytes: number[], format = 'raw'): Tensor {
  return { name, shape, dtype, format, bytes: Uint8Array.from(bytes) }
}

test('a packed row is read nibble by nibble, the least significant first, each times its group’s scale', () => {
  const words = [
    // 0x76543210 and six words of 0x77777777, then 0xe9876540: the last group's last word
    ...[0x10, 0x32, 0x54, 0x76],
    ...Array.from({ length: 24 }, () => 0x77),
    ...[0x40, 0x65, 0x87, 0xe9],
  ]
  const packed = tensor('w.q_weight', [1, 8], 'uint32', words)
  // 0.5 and -2 as float16
  const scale = tensor('w.q_scale', [1, 2], 'float16', [0x00, 0x38, 0x00, 0xc0])
  const matrix = openMatrix((name) => [packed, scale].find((each) => each.name === name), 'w')!
  expect([matrix.rows, matrix.columns]).toEqual([1, 64])
  const row = new Float32Array(64)
  matrix.readRow(0, row)
  expect([...row.subarray(0, 9)]).toEqual([-3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0])
  expect([...row.subarray(54)].map((value) => value + 0)).toEqual([0, 0, 14, 6, 4, 2, 0, -2, -4, -14])
})

test('a plain matrix and floats stored as bfloat16 are read', () => {
  const plain = tensor('w.weight', [2, 2], 'float16', [0x00, 0x3c, 0x00, 0x40, 0x00, 0xc0, 0x00, 0x00])
  const matrix = openMatrix((name) => (name === 'w.weight' ? plain : undefined), 'w')!
  const row = new Float32Array(2)
  matrix.readRow(1, row)
  expect([...row]).toEqual([-2, 0])
  const norm = tensor('n', [2], 'float32', [0x80, 0x3f, 0x40, 0xc0], 'f32-to-bf16')
  expect([...floatsOf(norm)]).toEqual([1, -3])
})

test('scales that fit no whole groups are refused', () => {
  const packed = tensor('w.q_weight', [1, 4], 'uint32', Array<number>(16).fill(0))
  const scale = tensor('w.q_scale', [1, 3], 'float16', Array<number>(6).fill(0))
  const find = (name: string) => [packed, scale].find((each) => each.name === name)
  expect(() => openMatrix(find, 'w')).toThrow('are not q4f16_1 or q4f32_1')
})

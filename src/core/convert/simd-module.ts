/**
 * The two loops of 4-bit packing as a WebAssembly module with SIMD, assembled here so that its source is what runs.
 * Core only makes the bytes; whoever has WebAssembly compiles them (data/pack-kernel.ts).
 *
 * Functions, each for float32 and for bfloat16 numbers in groups of 32:
 * - largest(source, groups, out): the bits of each group's largest magnitude as float32, one word a group
 * - quantize(source, divisors, groups, out): nibbles of round(number / divisor + 7), ties to even, cut to 0…14;
 *   16 bytes a group
 */

const I32 = 0x7f
const V128 = 0x7b
const EMPTY = 0x40
const LOOP = 0x03
const END = 0x0b
const BR_IF = 0x0d
const GET = 0x20
const SET = 0x21
const TEE = 0x22
const I32_STORE = 0x36
const I32_CONST = 0x41
const I32_ADD = 0x6a
const I32_SHL = 0x74
const FUNCTION = 0x60
const PAGES = 4

type Code = number[]
type Source = 'float32' | 'bfloat16'

/** Numbers of a module are written in 7 bits a byte, lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}

const simd = (opcode: number, ...rest: number[]): Code => [0xfd, ...unsigned(opcode), ...rest]
const get = (local: number): Code => [GET, local]
const set = (local: number): Code => [SET, local]
const tee = (local: number): Code => [TEE, local]
/** Aligned to 2^`align` bytes as far as anyone promises. */
const at = (offset: number, align: number): Code => [align, ...unsigned(offset)]
const load = (offset: number) => simd(0x00, ...at(offset, 4))
const loadHalves = (offset: number) => simd(0x04, ...at(offset, 3))
const splatLoad = simd(0x09, ...at(0, 2))
const store = simd(0x0b, ...at(0, 4))
const words = (value: number) => {
  const bytes = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]
  return simd(0x0c, ...bytes, ...bytes, ...bytes, ...bytes)
}
const shuffle = (lanes: readonly number[], laneBytes: number) =>
  simd(
    0x0d,
    ...lanes.flatMap((lane) => Array.from({ length: laneBytes }, (_, byte) => lane * laneBytes + byte)),
  )
const AND = simd(0x4e)
const OR = simd(0x50)
const NARROW_TO_BYTES = simd(0x66)
const MIN_BYTES = simd(0x77)
const NARROW_TO_HALVES = simd(0x85)
const SHIFT_HALVES_RIGHT = simd(0x8d)
const MAX_HALVES = simd(0x99)
const SHIFT_WORDS_LEFT = simd(0xab)
const SUBTRACT_WORDS = simd(0xb1)
const MAX_WORDS = simd(0xb9)
const ADD_FLOATS = simd(0xe4)
const DIVIDE_FLOATS = simd(0xe7)
const constant = (value: number): Code => [I32_CONST, ...signed(value)]

/** 7 as float32, in bits. */
const SEVEN = 0x40e00000
/** 1.5 × 2^23 as float32: added to a small number it leaves that number, rounded to even, in the lowest bits. */
const ROUNDING = 0x4b400000
const HIGHEST_NIBBLE = 0x0e0e0e0e

/** The body of a loop over groups: `local` counts down, pointers go on by their steps. */
function overGroups(count: number, steps: readonly [number, number][], body: Code): Code {
  const forward = steps.flatMap(([local, step]) => [...get(local), ...constant(step), I32_ADD, ...set(local)])
  const next = [...get(count), ...constant(-1), I32_ADD, ...tee(count), BR_IF, 0]
  return [LOOP, EMPTY, ...body, ...forward, ...next, END]
}

/** Parameters 0 source, 1 groups, 2 out; local 3 a vector. */
function largest(source: Source): Code {
  const isFloat = source === 'float32'
  const vectors = isFloat ? 8 : 4
  const max = isFloat ? MAX_WORDS : MAX_HALVES
  const magnitude = words(isFloat ? 0x7fffffff : 0x7fff7fff)
  const each = (vector: number) => [...get(0), ...load(16 * vector), ...magnitude, ...AND]
  const folds = isFloat
    ? [shuffle([2, 3, 0, 1], 4), shuffle([1, 0, 3, 2], 4)]
    : [
        shuffle([4, 5, 6, 7, 0, 1, 2, 3], 2),
        shuffle([2, 3, 0, 1, 6, 7, 4, 5], 2),
        shuffle([1, 0, 3, 2, 5, 4, 7, 6], 2),
      ]
  const lane = isFloat ? simd(0x1b, 0) : [...simd(0x19, 0), ...constant(16), I32_SHL]
  const body = [
    ...each(0),
    ...Array.from({ length: vectors - 1 }, (_, vector) => [...each(vector + 1), ...max]).flat(),
    ...set(3),
    ...folds.flatMap((fold) => [...get(3), ...get(3), ...get(3), ...fold, ...max, ...set(3)]),
    ...[...get(2), ...get(3), ...lane, I32_STORE, ...at(0, 2)],
  ]
  const steps: [number, number][] = [
    [0, 16 * vectors],
    [2, 4],
  ]
  return overGroups(1, steps, body)
}

/** Parameters 0 source, 1 divisors, 2 groups, 3 out; locals 4 and 5 vectors. */
function quantize(source: Source): Code {
  const isFloat = source === 'float32'
  const four = (vector: number): Code => [
    ...get(0),
    ...(isFloat ? load(16 * vector) : [...loadHalves(8 * vector), ...constant(16), ...SHIFT_WORDS_LEFT]),
    ...[...get(4), ...DIVIDE_FLOATS, ...words(SEVEN), ...ADD_FLOATS, ...words(ROUNDING), ...ADD_FLOATS],
    ...[...words(ROUNDING), ...SUBTRACT_WORDS],
  ]
  const eight = (vector: number) => [...four(vector), ...four(vector + 1), ...NARROW_TO_HALVES]
  /** 16 levels as bytes, then two to a byte in the lower half of each 16 bits. */
  const sixteen = (vector: number) => [
    ...[...eight(vector), ...eight(vector + 2), ...NARROW_TO_BYTES, ...words(HIGHEST_NIBBLE), ...MIN_BYTES],
    ...[...tee(5), ...get(5), ...constant(4), ...SHIFT_HALVES_RIGHT, ...OR, ...words(0x00ff00ff), ...AND],
  ]
  const body = [
    ...[...get(1), ...splatLoad, ...set(4)],
    ...[...get(3), ...sixteen(0), ...sixteen(4), ...NARROW_TO_BYTES, ...store],
  ]
  const steps: [number, number][] = [
    [0, isFloat ? 128 : 64],
    [1, 4],
    [3, 16],
  ]
  return overGroups(2, steps, body)
}

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const name = (text: string): Code => [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))]
const body = (vectors: number, code: Code): Code => {
  const content = [1, vectors, V128, ...code, END]
  return [...unsigned(content.length), ...content]
}

/** The module's bytes. It exports its memory of 256 KiB and the functions by the names below. */
export function simdModule(): Uint8Array<ArrayBuffer> {
  const type = (parameters: number) => [FUNCTION, ...list(Array.from({ length: parameters }, () => [I32])), 0]
  const functions = ['largestFloat', 'largestBfloat', 'quantizeFloat', 'quantizeBfloat']
  const bodies = [
    body(1, largest('float32')),
    body(1, largest('bfloat16')),
    body(2, quantize('float32')),
    body(2, quantize('bfloat16')),
  ]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([type(3), type(4)])),
    ...section(3, list([[0], [0], [1], [1]])),
    ...section(5, list([[0, PAGES]])),
    ...section(
      7,
      list([[...name('memory'), 2, 0], ...functions.map((each, index) => [...name(each), 0, index])]),
    ),
    ...section(10, list(bodies)),
  ])
}

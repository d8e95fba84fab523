/** Mutations of bytes whose meaning is not known. */
import type { Chance } from './chance'

type Bytes = Uint8Array<ArrayBuffer>
type Mutation = (bytes: Bytes, chance: Chance) => Bytes

/** Where lengths and counts go wrong: signs, limits of number types, and sizes nobody can allocate. */
const LENGTHS = [
  ...[0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x100000000n],
  ...[2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n],
]

/** The longest piece that is copied, cut or overwritten at once. */
const PIECE_BYTES = 256

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, chance) {
    const at = chance.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8))
    return bytes
  },
  function setByte(bytes, chance) {
    bytes[chance.below(bytes.length)] = chance.pick([0, 1, 0x20, 0x22, 0x7f, 0x80, 0xc3, 0xed, 0xfe, 0xff])
    return bytes
  },
  function setLength(bytes, chance) {
    const width = chance.pick([1, 2, 4, 8])
    if (bytes.length < width) return bytes
    let value = chance.onceIn(3) ? BigInt(bytes.length + chance.below(65) - 32) : chance.pick(LENGTHS)
    const at = chance.below(bytes.length - width + 1)
    for (let index = 0; index < width; index++, value >>= 8n) bytes[at + index] = Number(value & 0xffn)
    return bytes
  },
  function truncate(bytes, chance) {
    return bytes.slice(0, chance.below(bytes.length))
  },
  function cutOut(bytes, chance) {
    const at = chance.below(bytes.length)
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(PIECE_BYTES)))
  },
  function repeatPiece(bytes, chance) {
    const at = chance.below(bytes.length)
    const piece = bytes.subarray(at, at + 1 + chance.below(PIECE_BYTES))
    return joined(bytes.subarray(0, at), ...Array<Bytes>(1 + chance.below(8)).fill(piece), bytes.subarray(at))
  },
  function insertNoise(bytes, chance) {
    const at = chance.below(bytes.length + 1)
    const noise = Uint8Array.from({ length: 1 + chance.below(64) }, () => chance.below(256))
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at))
  },
  function append(bytes, chance) {
    return joined(bytes, new Uint8Array(1 + chance.below(4096)).fill(chance.below(256)))
  },
]

/** One to four mutations. Never empty before the last: an empty file is a case of its own. */
export function mutateBytes(bytes: Bytes, chance: Chance): Bytes {
  let mutated = bytes.slice()
  for (let rest = 1 + chance.below(4); rest > 0 && mutated.length > 0; rest--)
    mutated = chance.pick(MUTATIONS)(mutated, chance)
  return mutated
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

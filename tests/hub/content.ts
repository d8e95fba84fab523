import { createHash } from 'node:crypto'
import { randomBelow } from '#core/run/random'

/** Bytes that no host could send by accident: PCG32 with this seed, repeatable everywhere. */
export function seededBytes(length: number, seed: number): Uint8Array {
  const next = randomBelow(seed, 1)
  const words = new Uint32Array(Math.ceil(length / 4))
  // One block is drawn and the rest made from it: a generator in bigints takes a minute for 300 MB.
  const block = Math.min(words.length, 4096)
  for (let index = 0; index < block; index += 1) words[index] = next(2 ** 32)
  for (let index = block; index < words.length; index += 1) {
    words[index] = Math.imul(words[index - block] as number, 0x9e3779b1) + index
  }
  return new Uint8Array(words.buffer, 0, length)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Sha256 } from '../../../src/worker/sha256'

const text = (value: string) => new TextEncoder().encode(value)

/** Bytes without a short period, so that a shifted block shows. */
function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 131 + (index >> 8) * 17) & 255)
}

describe('Sha256', () => {
  it('gives the published digests (FIPS 180-4, examples)', () => {
    expect(new Sha256().hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(new Sha256().update(text('abc')).hex()).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(
      new Sha256().update(text('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).hex(),
    ).toBe('248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1')
  })

  it.each([1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 100_001])(
    'agrees with the platform on %i bytes, however they are cut',
    (length) => {
      const data = bytes(length)
      const expected = createHash('sha256').update(data).digest('hex')
      expect(new Sha256().update(data).hex()).toBe(expected)
      for (const step of [1, 7, 64, 100].filter((size) => length / size < 10_000)) {
        const pieces = new Sha256()
        for (let at = 0; at < length; at += step) pieces.update(data.subarray(at, at + step))
        expect(pieces.hex()).toBe(expected)
      }
    },
  )
})

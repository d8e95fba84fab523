import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSha256, sha256OfText } from '../../../src/data/sha256'

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('SHA-256', () => {
  it('gives the published digest of "abc" (FIPS 180-4)', async () => {
    const hash = await createSha256()
    hash.update(new TextEncoder().encode('abc'))
    expect(hash.hex()).toBe(ABC)
    expect(await sha256OfText('abc')).toBe(ABC)
  })

  it('does not depend on how the bytes are cut, nor on another hash under way', async () => {
    const data = Uint8Array.from({ length: 100_001 }, (_, index) => (index * 131 + (index >> 8) * 17) & 255)
    const [pieces, other] = [await createSha256(), await createSha256()]
    for (let at = 0; at < data.length; at += 777) {
      pieces.update(data.subarray(at, at + 777))
      other.update(data.subarray(0, 1))
    }
    expect(pieces.hex()).toBe(createHash('sha256').update(data).digest('hex'))
  })
})

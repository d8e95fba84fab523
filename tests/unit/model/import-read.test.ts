import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { success } from '#core/result'
import { PIECE_BYTES, readPieces } from '#worker/models/import-read'
import { never } from '../transfer/fixtures'
import { unreadable } from './named-files'

const md5 = { algorithm: 'md5', hex: '' } as const

describe('reading a file in pieces', () => {
  it.each([0, 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 7])(
    '%d bytes arrive in order, once, with their hashes',
    async (length) => {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 12)) % 251)
      const pieces: Uint8Array[] = []
      const digest = await readPieces(
        'x',
        new File([bytes], 'x'),
        md5,
        (piece) => {
          pieces.push(piece)
          return success(undefined)
        },
        never,
      )
      expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0)
      expect(digest).toEqual({
        ok: true,
        value: {
          sha256: createHash('sha256').update(bytes).digest('hex'),
          actual: createHash('md5').update(bytes).digest('hex'),
        },
      })
    },
  )

  it('ends at the first piece that is not taken', async () => {
    const file = new File([new Uint8Array(3 * PIECE_BYTES)], 'x')
    let taken = 0
    const refused = { ok: false, failure: { kind: 'busy-elsewhere' } } as const
    const result = await readPieces(
      'x',
      file,
      null,
      () => (++taken === 2 ? refused : success(undefined)),
      never,
    )
    expect([result, taken]).toEqual([refused, 2])
  })

  it('ends at the next piece after an abort', async () => {
    const controller = new AbortController()
    const file = new File([new Uint8Array(3 * PIECE_BYTES)], 'x')
    let taken = 0
    const onPiece = () => {
      taken += 1
      controller.abort()
      return success(undefined)
    }
    expect(await readPieces('x', file, null, onPiece, controller.signal)).toMatchObject({
      failure: { kind: 'aborted' },
    })
    expect(taken).toBe(1)
  })

  it('tells a disk that is gone', async () => {
    const result = await readPieces('a/x', unreadable('x', 10), null, () => success(undefined), never)
    expect(result).toMatchObject({ failure: { kind: 'file-unreadable', path: 'a/x' } })
  })
})

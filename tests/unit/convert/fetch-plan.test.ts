import { describe, expect, test } from 'vitest'
import { planFetches, PIECE_LIMIT_BYTES, type FetchPiece } from '#core/convert/fetch-plan'
import { planConversion, sourceBytesOf, type PlannedShard } from '#core/convert/plan'
import { qwen7b } from './qwen-7b'

const MEGABYTE = 2 ** 20

/** A shard of float32 vectors, as [file, first byte, bytes]. */
function shardOf(...parts: [path: string, begin: number, bytes: number][]): PlannedShard {
  const units = parts.map(([path, begin, bytes], at) => ({
    ...{ name: `t${at}`, tensors: [] },
    parts: [{ tensor: `t${at}`, path, begin, format: 'F32' as const, rows: 1, columns: bytes / 4 }],
  }))
  return { path: 'params_shard_0.bin', bytes: 0, sourceBytes: 0, units }
}

const short = (pieces: readonly FetchPiece[]) =>
  pieces.map(({ path, begin, end }) => `${path} ${begin}-${end}`)

describe('what is asked of a host', () => {
  test('small tensors beside each other come together, whatever the order in which they are needed', () => {
    const shard = shardOf(['a', 5000, 400], ['b', 100, 40], ['a', 1000, 4000], ['a', 5400, 8])
    expect(short(planFetches([shard]))).toEqual(['a 1000-5408', 'b 100-140'])
  })

  test('a small gap is fetched with them and counts as not needed, a large one is not', () => {
    const near = shardOf(['a', 0, 400], ['a', 1400, 400])
    expect(planFetches([near])).toEqual([{ path: 'a', begin: 0, end: 1800, neededBytes: 800 }])
    const far = shardOf(['a', 0, 400], ['a', MEGABYTE, 400])
    expect(short(planFetches([far]))).toEqual(['a 0-400', `a ${MEGABYTE}-${MEGABYTE + 400}`])
  })

  test('a large tensor comes in equal parts in its order, and its small neighbours by themselves', () => {
    const bytes = 40 * MEGABYTE
    const pieces = planFetches([shardOf(['a', 100, bytes], ['a', 100 + bytes, 400])])
    expect(pieces.map(({ end, begin }) => Math.round((end - begin) / 1000))).toEqual([13981, 13981, 13981, 0])
    expect(pieces.every((piece, at) => at === 0 || piece.begin === pieces[at - 1]!.end)).toBe(true)
  })

  test('what one shard needs is not fetched with another', () => {
    expect(planFetches([shardOf(['a', 0, 40]), shardOf(['a', 40, 40])])).toHaveLength(2)
  })
})

test('Morpheus-7B takes about a thousand requests, every byte of its tensors once and next to nothing else', () => {
  const planned = planConversion(qwen7b(), 'q4f16_1')
  if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
  const { shards, sourceBytes } = planned.value
  expect(sourceBytes).toBe(15_231_233_024)
  const pieces = planFetches(shards)
  expect(pieces.length).toBeLessThan(1200)
  expect(Math.max(...pieces.map(({ begin, end }) => end - begin))).toBeLessThanOrEqual(PIECE_LIMIT_BYTES)
  expect(pieces.reduce((sum, { neededBytes }) => sum + neededBytes, 0)).toBe(sourceBytes)
  const fetched = pieces.reduce((sum, { begin, end }) => sum + end - begin, 0)
  expect(fetched / sourceBytes).toBeLessThan(1.001)
  const parts = shards.flatMap(({ units }) => units.flatMap((unit) => unit.parts))
  for (const part of parts) {
    const end = part.begin + sourceBytesOf(part)
    const over = pieces.filter(
      ({ path, begin, end: to }) => path === part.path && begin < end && to > part.begin,
    )
    const covered = over.reduce(
      (sum, piece) => sum + Math.min(end, piece.end) - Math.max(part.begin, piece.begin),
      0,
    )
    expect(covered).toBe(end - part.begin)
  }
})

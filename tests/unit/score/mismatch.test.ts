import { describe, expect, it } from 'vitest'
import { mismatchTable } from '#core/score/mismatch'
import { answer, shuffled, seededRandom } from './answers'
import type { Answer } from '#core/run/types'

/** An answer with a forward pass that preferred `forward`. */
function scored(forward: string | null, change: Parameters<typeof answer>[0]): Answer {
  return {
    ...answer(change),
    forward: { probabilities: [0.4, 0.3, 0.2, 0.1], letter: forward, promptTokens: 200, elapsedMs: 90 },
  }
}

/** Three agree, two differ, one reply and one pass without a letter; one was never scored. */
const ANSWERS = [
  scored('A', { position: 0, official: 'A', strict: 'A' }),
  scored('B', { position: 1, official: 'B', strict: 'B', level: 2 }),
  scored('C', { position: 2, official: 'C', strict: 'C', level: 2, language: 'zh' }),
  scored('A', { position: 3, official: 'B', strict: 'B' }),
  scored('D', { position: 4, official: 'D', strict: 'A', level: 3, language: 'zh' }),
  scored('A', { position: 5, official: 'A', strict: null }),
  scored(null, { position: 6, official: 'A', strict: null }),
  answer({ position: 7, official: 'A', strict: 'B' }),
]

describe('mismatchTable', () => {
  it('counts what does not name the same letter, over the scored answers only', () => {
    const { total } = mismatchTable(ANSWERS, 'strict')
    expect(total).toMatchObject({ n: 7, count: 4, unread: 2, fraction: 4 / 7 })
    // scipy.stats.binomtest(4, 7).proportion_ci(method='wilson')
    expect(total.interval.lower).toBeCloseTo(0.2504583645, 9)
    expect(total.interval.upper).toBeCloseTo(0.8417801447, 9)
  })

  it('depends on how the reply is read', () => {
    expect(mismatchTable(ANSWERS, 'official').total).toMatchObject({ n: 7, count: 2, unread: 1 })
  })

  it('groups by language and level', () => {
    const table = mismatchTable(ANSWERS, 'strict')
    expect(table.byLevel.map(({ level, group }) => [level, group.count, group.n])).toEqual([
      [1, 3, 4],
      [2, 0, 2],
      [3, 1, 1],
    ])
    expect(table.cells).toHaveLength(4)
  })

  it('is empty without passes', () => {
    const { total, cells } = mismatchTable([answer({})], 'strict')
    expect(cells).toEqual([])
    expect(total).toMatchObject({ n: 0, fraction: null, interval: { lower: 0, upper: 1 } })
  })

  it('does not depend on the order of the answers', () => {
    const table = mismatchTable(ANSWERS, 'strict')
    for (const seed of [1, 2, 3]) {
      expect(mismatchTable(shuffled(ANSWERS, seededRandom(seed)), 'strict')).toEqual(table)
    }
  })
})

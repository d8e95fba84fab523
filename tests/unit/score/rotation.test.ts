import { describe, expect, it, test } from 'vitest'
import type { Answer } from '#core/run/types'
import { effectSteps, followed, pairSteps, unrotatableSteps } from '#core/score/rotation'
import { finish } from '#core/steps'
import { answer } from './answers'

/** The answer to the item of `plain` with its options moved on by `rotation`; `official` is the letter named. */
function moved(plain: Answer, rotation: number, official: string | null): Answer {
  const { options, targetIndex } = plain.item
  const n = options.length
  return {
    ...plain,
    position: plain.position + 1,
    rotation,
    item: {
      ...plain.item,
      options: options.map((_, index) => options[(index - rotation + n) % n] ?? ''),
      targetIndex: (targetIndex + rotation) % n,
    },
    officialLetter: official,
  }
}

describe('followed', () => {
  it.each([
    { first: 'A', rotation: 1, second: 'B', expected: 'content' },
    { first: 'A', rotation: 1, second: 'A', expected: 'letter' },
    { first: 'A', rotation: 1, second: 'C', expected: 'neither' },
    { first: 'D', rotation: 1, second: 'A', expected: 'content' },
    { first: 'C', rotation: 3, second: 'B', expected: 'content' },
    { first: 'C', rotation: 3, second: 'C', expected: 'letter' },
    { first: null, rotation: 2, second: 'A', expected: 'neither' },
    { first: 'A', rotation: 2, second: null, expected: 'neither' },
    { first: 'J', rotation: 2, second: 'J', expected: 'neither' },
  ] as const)('$first, then $second after moving on by $rotation: $expected', (line) => {
    const plain = answer({ official: line.first })
    expect(followed({ plain, rotated: moved(plain, line.rotation, line.second) }, 'official')).toBe(
      line.expected,
    )
  })

  it('agrees with the text of the options chosen', () => {
    for (const options of [2, 3, 5, 9]) {
      for (let rotation = 1; rotation < options; rotation += 1) {
        for (let first = 0; first < options; first += 1) {
          for (let second = 0; second < options; second += 1) {
            const plain = answer({ options, official: String.fromCharCode(65 + first) })
            const rotated = moved(plain, rotation, String.fromCharCode(65 + second))
            const sameText = plain.item.options[first] === rotated.item.options[second]
            expect(followed({ plain, rotated }, 'official') === 'content').toBe(sameText)
          }
        }
      }
    }
  })
})

describe('pairSteps', () => {
  it('joins each rotated answer with the plain one before it', () => {
    const plain = [answer({ position: 0 }), answer({ position: 2 }), answer({ position: 4 })]
    const rotated = [moved(plain[0]!, 1, 'A'), moved(plain[2]!, 2, 'B')]
    expect(finish(pairSteps(plain, rotated)).map((pair) => pair.plain.position)).toEqual([0, 4])
  })

  it('leaves out what was not answered both ways', () => {
    const plain = answer({ position: 3 })
    expect(finish(pairSteps([], [moved(plain, 1, 'A')]))).toEqual([])
    expect(
      finish(pairSteps([answer({ position: 2 })], [{ ...answer({ position: 3 }), rotation: 1 }])),
    ).toEqual([])
  })
})

describe('effectSteps', () => {
  /** Of 20 items with the key A: 12 right both ways, 6 right only plain (they kept to A), 2 right only rotated. */
  const pairs = Array.from({ length: 20 }, (_, index) => {
    const plain = answer({ position: index * 2, official: index < 18 ? 'A' : 'C' })
    const letters = index < 12 ? 'B' : index < 18 ? 'A' : 'B'
    return { plain, rotated: moved(plain, 1, letters) }
  })

  it('counts what was followed and compares the accuracies on the same items', () => {
    const effect = finish(effectSteps(pairs, 'official'))
    expect(effect).toMatchObject({ pairs: 20, unread: 0, difference: -0.2 })
    expect([effect.content.count, effect.letter.count, effect.neither.count]).toEqual([12, 6, 2])
    expect([effect.plain.correct, effect.rotated.correct]).toEqual([18, 14])
    // scipy.stats.binomtest(2, 8).pvalue
    expect(effect.test.exact).toBeCloseTo(0.2890625, 12)
    // scipy.stats.binomtest(6, 20).proportion_ci(method='wilson')
    expect(effect.letter.interval.lower).toBeCloseTo(0.1454772449, 9)
    expect(effect.letter.interval.upper).toBeCloseTo(0.5189728184, 9)
    expect(effect.differenceInterval.lower).toBeLessThan(-0.2)
    expect(effect.differenceInterval.upper).toBeGreaterThan(-0.2)
  })

  it('counts answers without a letter as following neither', () => {
    const plain = answer({ official: null })
    const effect = finish(effectSteps([{ plain, rotated: moved(plain, 1, 'B') }], 'official'))
    expect(effect.neither).toMatchObject({ count: 1, n: 1 })
    expect(effect.unread).toBe(1)
  })

  it('says nothing without pairs', () => {
    expect(finish(effectSteps([], 'strict'))).toMatchObject({
      pairs: 0,
      content: { fraction: null, interval: { lower: 0, upper: 1 } },
      plain: { accuracy: null },
      difference: null,
      test: { exact: 1 },
    })
  })
})

test('counts the answered items whose options refer to each other', () => {
  const plain = answer({})
  const referring = { ...plain, item: { ...plain.item, options: ['x', 'y', 'All of the above'] } }
  expect(finish(unrotatableSteps([plain, referring, ...Array.from({ length: 250 }, () => referring)]))).toBe(
    251,
  )
  const withheld = { ...plain, item: { ...plain.item, options: ['', ''], withheld: '' } }
  expect(finish(unrotatableSteps([plain, withheld]))).toBeNull()
})

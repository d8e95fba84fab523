import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  compareLetters,
  goldenLettersFrom,
  GoldenLettersSchema,
  isReferenceFor,
  LETTER_TOLERANCE,
} from '#core/numerics/golden-letters'
import { verdictOf } from '#core/numerics/verdict'

const engine = { device: 'WebGPU (one)', fingerprint: 'f'.repeat(64), librarySha256: '1'.repeat(64) }
const item = {
  messages: [{ role: 'user' as const, content: 'Which?' }],
  letters: ['A', 'B', 'C'],
  probabilities: [0.7, 0.2, 0.1],
}
const golden = goldenLettersFrom(engine, [item, { ...item, probabilities: [0.4, 0.41, 0.19] }])!

describe('letters of another device', () => {
  it.each([
    ['the same', [item.probabilities, [0.4, 0.41, 0.19]], 2, 0],
    // A tie that tips is no disagreement.
    ['nearly the same', [item.probabilities, [0.41, 0.4, 0.19]], 1, 0.01],
    [
      'others',
      [
        [0.1, 0.2, 0.7],
        [0.4, 0.41, 0.19],
      ],
      1,
      0.6,
    ],
    [
      'no numbers',
      [
        [Number.NaN, 0.5, 0.5],
        [0.4, 0.41, 0.19],
      ],
      1,
      1,
    ],
  ])('compares: %s', (_, found, sameLetter, largestDifference) => {
    const letters = compareLetters(golden, found)
    expect(letters).toMatchObject({ referenceDevice: 'WebGPU (one)', items: 2, sameLetter })
    expect(letters.largestDifference).toBeCloseTo(largestDifference, 10)
    const differences = { 'two-chunks': 0, 'one-by-one': 0, 'after-pop': 0 }
    const report = { version: 1, at: 0, tokens: 40, tolerance: 1e-3, differences, letters, elapsedMs: 1 }
    const agrees = largestDifference <= LETTER_TOLERANCE
    expect(verdictOf(report)).toMatchObject({ lettersAgree: agrees, sound: agrees, popsSound: true })
  })

  it('says nothing of other weights or another library', () => {
    expect(isReferenceFor(golden, engine)).toBe(true)
    expect(isReferenceFor(golden, { ...engine, fingerprint: '0'.repeat(64) })).toBe(false)
    expect(isReferenceFor(golden, { ...engine, librarySha256: null })).toBe(false)
  })

  it('becomes a reference that a model record can hold', () => {
    const thirds = goldenLettersFrom(engine, [{ ...item, probabilities: [1 / 3, 1 / 3, 1 / 3] }])
    expect(v.parse(GoldenLettersSchema, JSON.parse(JSON.stringify(thirds)))).toEqual(thirds)
    expect(thirds?.items[0]?.probabilities).toEqual([0.333333, 0.333333, 0.333333])
    expect(goldenLettersFrom({ ...engine, librarySha256: null }, [item])).toBeNull()
  })

  it.each([
    ['no items', { items: [] }],
    ['too many items', { items: Array.from({ length: 9 }, () => item) }],
    ['a probability too few', { items: [{ ...item, probabilities: [0.5, 0.5] }] }],
    ['probabilities of something else', { items: [{ ...item, probabilities: [0.5, 0.2, 0.1] }] }],
    ['letters that are words', { items: [{ ...item, letters: ['yes', 'no', 'C'] }] }],
    ['no hash', { librarySha256: 'x' }],
  ])('refuses a record with %s', (_, change) => {
    expect(v.safeParse(GoldenLettersSchema, { ...golden, ...change }).success).toBe(false)
  })
})

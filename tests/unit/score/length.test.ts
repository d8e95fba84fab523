import { expect, it } from 'vitest'
import { lengthSteps, type LengthProfile, type MeasuredAnswer } from '#core/score/length'
import { answer, randomAnswers, seededRandom, shuffled } from './answers'

function profile(answers: readonly MeasuredAnswer[]): LengthProfile {
  const steps = lengthSteps(answers)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The sequence of C's `rand`, which the reference script in Python wrote as well. */
function sequence(count: number, modulus: number): number[] {
  let x = 12345
  return Array.from({ length: count }, () => {
    x = (Math.imul(1103515245, x) + 12345) & 0x7fffffff
    return (x >>> 16) % modulus
  })
}

it('bins replies as NumPy 2.4 cuts them at quantiles of its method "inverted_cdf"', () => {
  const lengths = sequence(400, 97).map((value) => value + 3)
  const right = sequence(800, 2).slice(400)
  const { bins, medians } = profile(
    lengths.map((tokens, position) =>
      answer({ position, tokens, official: right[position] === 1 ? 'A' : 'B', strict: null }),
    ),
  )
  expect(bins.map(({ from, to, n, scores }) => [from, to, n, scores.official.correct])).toEqual([
    [3, 11, 45, 24],
    [12, 19, 38, 22],
    [20, 30, 39, 16],
    [31, 40, 40, 22],
    [41, 46, 39, 21],
    [47, 56, 40, 25],
    [57, 67, 39, 18],
    [68, 76, 44, 19],
    [77, 88, 36, 25],
    [89, 99, 40, 18],
  ])
  expect(medians.official).toEqual({ right: 46.5, wrong: 46 })
  expect(medians.strict).toEqual({ right: null, wrong: 46 })
  expect(bins.every(({ scores }) => scores.strict.correct === 0)).toBe(true)
})

it('never parts replies of one length', () => {
  const lengths = [...Array<number>(100).fill(5), ...Array<number>(10).fill(6), ...Array<number>(10).fill(7)]
  const { bins } = profile([...lengths, ...Array<number>(80).fill(8)].map((tokens) => answer({ tokens })))
  expect(bins.map(({ from, to, n }) => [from, to, n])).toEqual([
    [5, 5, 100],
    [6, 7, 20],
    [8, 8, 80],
  ])
})

it('leaves out what could not be asked, and counts what was cut off', () => {
  const notAsked = answer({
    tokens: 0,
    failure: { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 4096 },
  })
  const { bins } = profile([notAsked, answer({ tokens: 9, finish: 'length' }), answer({ tokens: 3 })])
  expect(bins.map(({ from, to, n, truncated }) => ({ from, to, n, truncated }))).toEqual([
    { from: 3, to: 9, n: 2, truncated: 1 },
  ])
})

it('has no bins without replies', () => {
  expect(profile([])).toMatchObject({ bins: [], medians: { official: { right: null, wrong: null } } })
})

it('does not depend on the order of the answers, and loses none', () => {
  const answers = randomAnswers(5000, 3)
  const made = profile(answers)
  expect(profile(shuffled(answers, seededRandom(4)))).toEqual(made)
  expect(made.bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(5000)
})

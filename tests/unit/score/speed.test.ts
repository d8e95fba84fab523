import { expect, it } from 'vitest'
import { speedSteps, type SessionStart, type SpeedProfile, type TimedQuestion } from '#core/score/speed'
import { answer } from './answers'

function profile(questions: readonly TimedQuestion[], starts: readonly SessionStart[]): SpeedProfile {
  const steps = speedSteps(questions, starts)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const ONE_SESSION = [{ position: 0, at: 7 }]
const replies = (count: number, decodeMs: (position: number) => number = () => 1000) =>
  Array.from({ length: count }, (_, position) =>
    answer({ position, tokens: 11, decodeMs: decodeMs(position), firstTokenMs: 100 }),
  )

it('pools the rate of a bin and gives the quartiles of its replies as NumPy 2.4 does', () => {
  const tokens = [28, 48, 27, 58, 37, 55]
  const more = [51, 32, 20, 21, 12, 19]
  const ms = [858, 487, 775, 968, 233, 912, 661, 796, 191, 665, 171, 696]
  const questions = [...tokens, ...more].map((count, position) =>
    answer({ position, tokens: count, decodeMs: ms[position] ?? 0 }),
  )
  const { unit, bins } = profile(questions, ONE_SESSION)
  expect(unit).toBe('tokens')
  expect(bins.map((bin) => bin.answers)).toEqual([6, 6])
  const [first, second] = bins
  expect(first?.rate).toBeCloseTo((247 / 4233) * 1000, 9)
  expect(second?.rate).toBeCloseTo((149 / 3180) * 1000, 9)
  expect(first?.quartiles?.lower).toBeCloseTo(39.88236470274593, 9)
  expect(first?.quartiles?.upper).toBeCloseTo(87.1845617637523, 9)
})

it('shows a device that grows slower', () => {
  const { bins, lastToFirst, totalMs } = profile(
    replies(600, (position) => (position < 300 ? 1000 : 2000)),
    ONE_SESSION,
  )
  expect(bins).toHaveLength(60)
  expect(bins[0]).toMatchObject({ fromMs: 0, toMs: 11_000, answers: 10, rate: 10, background: 0 })
  expect(bins.at(-1)).toMatchObject({ toMs: totalMs, rate: 5, quartiles: { lower: 5, upper: 5 } })
  expect(totalMs).toBe(300 * 1100 + 300 * 2100)
  expect(lastToFirst).toBe(0.5)
})

it('puts no answers of two sessions into one bin, and drops a session that answered nothing', () => {
  const { bins, sessions } = profile(replies(20), [
    { position: 0, at: 1 },
    { position: 8, at: 2 },
    { position: 8, at: 3 },
    { position: 20, at: 4 },
  ])
  expect(sessions).toEqual([
    { fromMs: 0, at: 1 },
    { fromMs: 8 * 1100, at: 3 },
  ])
  expect(bins.map(({ answers, session }) => [answers, session])).toEqual([
    [4, 0],
    [4, 0],
    [6, 1],
    [6, 1],
  ])
})

it('counts items where nothing is generated', () => {
  const questions = replies(10).map((question) => ({
    ...question,
    completionTokens: 0,
    timeToFirstTokenMs: 0,
    decodeMs: 0,
    forward: { probabilities: [1], letter: 'A', promptTokens: 9, elapsedMs: 250 },
  }))
  const { unit, bins, totalMs } = profile(questions, ONE_SESSION)
  expect(unit).toBe('items')
  expect(totalMs).toBe(2500)
  expect(bins.map(({ rate }) => rate)).toEqual([4, 4])
})

it('has no rate where nothing was timed, and counts the background', () => {
  const questions = [answer({ tokens: 1, hidden: true }), answer({ position: 1, tokens: 0 })]
  const { bins, lastToFirst } = profile(questions, ONE_SESSION)
  expect(bins).toMatchObject([{ answers: 2, rate: null, quartiles: null, background: 1 }])
  expect(lastToFirst).toBeNull()
})

it('has nothing without answers', () => {
  expect(profile([], ONE_SESSION)).toMatchObject({ totalMs: 0, bins: [], sessions: [] })
  expect(profile([], [])).toMatchObject({ bins: [], sessions: [] })
})

it('keeps every answer and leaves no gap in time', () => {
  const { bins } = profile(
    replies(1234, (position) => 500 + (position % 7)),
    [
      { position: 0, at: 0 },
      { position: 700, at: 1 },
    ],
  )
  expect(bins.reduce((sum, bin) => sum + bin.answers, 0)).toBe(1234)
  expect(bins.slice(1).every((bin, index) => bin.fromMs === bins[index]?.toMs)).toBe(true)
})

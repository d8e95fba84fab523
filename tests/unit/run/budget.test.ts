import { describe, expect, it } from 'vitest'
import { dueStop, populationOf, runSequence } from '#core/run/budget'
import type { Budget, RunPlan, SampleDesign } from '#core/run/types'
import { remainingMs } from '#core/run/progress'
import { answered, created, fold, makePlan, started } from './fixtures'

/** A run of `right` right and then `wrong` wrong answers of 1 s each, out of 100 items of the selection. */
function makeRun(budget: Partial<Budget>, right: number, wrong: number, change: Partial<RunPlan> = {}) {
  const plan = makePlan(100)
  const design: SampleDesign = 'simple'
  const whole: RunPlan = {
    ...plan,
    selection: { ...plan.selection, design },
    budget: { minutes: null, halfWidth: null, ...budget },
    ...change,
  }
  const answers = Array.from({ length: right + wrong }, (_, position) =>
    answered(position, {
      timeToFirstTokenMs: 400,
      decodeMs: 600,
      officialLetter: position < right ? 'B' : 'A',
      strictLetter: null,
    }),
  )
  return fold([created(whole), started(), ...answers])
}

describe('dueStop', () => {
  it('goes on without a budget', () => {
    expect(dueStop(makeRun({}, 0, 0))).toBeNull()
    expect(dueStop(makeRun({}, 50, 50))).toBeNull()
  })

  it('stops when the answers have taken the minutes', () => {
    expect(dueStop(makeRun({ minutes: 1 }, 30, 29))).toBeNull()
    expect(dueStop(makeRun({ minutes: 1 }, 30, 30))).toBe('minutes')
    expect(dueStop(makeRun({ minutes: 0.5 }, 30, 0))).toBe('minutes')
  })

  it('stops when the interval of the primary scoring is narrow enough, and names that first', () => {
    const { interval } = runSequence(makeRun({}, 40, 10)) ?? { interval: { lower: 0, upper: 1 } }
    const halfWidth = (interval.upper - interval.lower) / 2
    expect(dueStop(makeRun({ halfWidth }, 40, 10))).toBe('precision')
    expect(dueStop(makeRun({ halfWidth: halfWidth - 1e-9 }, 40, 10))).toBeNull()
    expect(dueStop(makeRun({ halfWidth, minutes: 0.1 }, 40, 10))).toBe('precision')
    expect(dueStop(makeRun({ halfWidth: 0.4 }, 1, 0))).toBeNull()
  })

  it('does not stop a stratified run by precision', () => {
    const plan = makePlan(100)
    for (const design of ['proportional', 'equal'] as const) {
      const selection = { ...plan.selection, design }
      expect(dueStop(makeRun({ halfWidth: 0.5 }, 50, 49, { selection }))).toBeNull()
    }
  })
})

describe('runSequence', () => {
  it('says nothing of a run that claims more answers than its selection has items', () => {
    const strata: RunPlan['strata'] = [{ language: 'en', level: 1, population: 3, sampled: 3 }]
    expect(runSequence(makeRun({ halfWidth: 0.1 }, 2, 1, { strata }))).not.toBeNull()
    expect(runSequence(makeRun({ halfWidth: 0.1 }, 2, 2, { strata }))).toBeNull()
  })

  it('counts all items of the selection and the primary scoring', () => {
    const strata: RunPlan['strata'] = [
      { language: 'en', level: 1, population: 300, sampled: 80 },
      { language: 'zh', level: 2, population: 200, sampled: 20 },
    ]
    const run = makeRun({}, 6, 4, { strata })
    expect(populationOf(run.plan)).toBe(500)
    expect(runSequence(run)).toMatchObject({ correct: 6, answered: 10, population: 500 })
  })

  it('knows nothing before the first answer and all after the last', () => {
    expect(runSequence(makeRun({}, 0, 0))?.interval).toEqual({ lower: 0, upper: 1 })
    expect(runSequence(makeRun({}, 70, 30))).toMatchObject({
      interval: { lower: 0.7, upper: 0.7 },
      halfWidth: 0,
    })
  })
})

describe('remainingMs', () => {
  it('is no more than what is left of the minutes', () => {
    expect(remainingMs(makeRun({}, 10, 0))).toBe(90_000)
    expect(remainingMs(makeRun({ minutes: 1 }, 10, 0))).toBe(50_000)
    expect(remainingMs(makeRun({ minutes: 1 }, 70, 0))).toBe(0)
    expect(remainingMs(makeRun({ minutes: 5 }, 10, 0))).toBe(90_000)
  })
})

import { describe, expect, it } from 'vitest'
import { scoreCaveats } from '#core/run/caveats'
import type { RunPlan, SampleDesign } from '#core/run/types'
import { makePlan } from './fixtures'

function caveats(design: SampleDesign, halfWidth: number | null, sampled: number) {
  const plan: RunPlan = makePlan(10)
  return scoreCaveats({
    selection: { ...plan.selection, design },
    strata: [
      { language: 'en', level: 1, population: 100, sampled },
      { language: 'en', level: 2, population: 5, sampled: 5 },
    ],
    budget: { minutes: 3, halfWidth },
  })
}

describe('scoreCaveats', () => {
  it('says when cells were drawn in unequal shares', () => {
    expect(caveats('equal', null, 5)).toEqual(['unequal'])
    expect(caveats('equal', null, 100)).toEqual([])
    expect(caveats('proportional', null, 5)).toEqual([])
  })

  it('says when the interval itself might end the run', () => {
    expect(caveats('simple', 0.03, 5)).toEqual(['ended-by-precision'])
    expect(caveats('simple', null, 5)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { LEAST_TOLERANCE_F16, reuseTolerance } from '#core/numerics/reuse-tolerance'
import { TOLERANCE_F16, TOLERANCE_F32 } from '#core/numerics/self-test'
import { report } from '../../numerics'

const found = (tolerance: number, worst: number | null) =>
  reuseTolerance(report({ tolerance, differences: { 'two-chunks': 0, 'one-by-one': worst, 'after-pop': 0 } }))

describe('the tolerance of a reuse', () => {
  it.each([
    ['what it was in single precision, exact as a device may be', TOLERANCE_F32, 0, TOLERANCE_F32],
    ['that also near its limit', TOLERANCE_F32, 9e-4, TOLERANCE_F32],
    ['the floor on a device that is more exact in half precision', TOLERANCE_F16, 1e-3, LEAST_TOLERANCE_F16],
    ['four times what the device differs by itself', TOLERANCE_F16, 0.03, 0.12],
    ['never more than the self-test allows', TOLERANCE_F16, 0.2, TOLERANCE_F16],
    ['the floor where there is no number', TOLERANCE_F16, null, LEAST_TOLERANCE_F16],
  ])('is %s', (_, tolerance, worst, expected) => {
    expect(found(tolerance, worst)).toBeCloseTo(expected, 12)
  })
})

import { SELF_TEST_TOKENS, SELF_TEST_VERSION, TOLERANCE_F16, TOLERANCE_F32 } from '#core/numerics/self-test'
import type { SelfTestReport } from '#core/numerics/types'
import type { LoadOptions } from './worker'
import type { ModelWorker } from './host'

/** Opens a worker and loads the model in it. */
export type OpenModel = (
  options?: Partial<Pick<LoadOptions, 'mergeBarrier' | 'hidesCacheLength'>> & { isStock?: boolean },
) => Promise<ModelWorker>

/** For parts that run without the self-test: the engine reuses nothing before it has a report. */
export function assumedReport(isHalfPrecision: boolean): SelfTestReport {
  return {
    version: SELF_TEST_VERSION,
    at: 0,
    tokens: SELF_TEST_TOKENS,
    tolerance: isHalfPrecision ? TOLERANCE_F16 : TOLERANCE_F32,
    differences: { 'two-chunks': 0, 'small-chunk': 0, 'one-by-one': 0, 'after-pop': 0 },
    letters: null,
    elapsedMs: 0,
  }
}

/** The letters of every question here. */
export const LETTERS = ['A', 'B', 'C', 'D']

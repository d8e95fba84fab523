/** Results of the numerical self-test, for tests. */
import type { EngineDescription } from '#core/engine'
import type { Numerics, SelfTestReport } from '#core/numerics/types'

export function report(changes: Partial<SelfTestReport> = {}): SelfTestReport {
  return {
    version: 1,
    at: Date.UTC(2026, 10, 22, 12),
    tokens: 40,
    tolerance: 1e-3,
    differences: { 'two-chunks': 4e-5, 'one-by-one': 3e-5, 'after-pop': 5e-5 },
    letters: null,
    elapsedMs: 1200,
    ...changes,
  }
}

/** As a graphics unit with narrow subgroups gives them without the barrier. */
export const WRONG_APPENDS = report({
  differences: { 'two-chunks': 6.3, 'one-by-one': 3e-5, 'after-pop': 5.8 },
})

export function onGpu(numerics?: Numerics): EngineDescription {
  return {
    engine: 'webllm',
    engineVersion: '0.2.79',
    device: 'WebGPU (example gen-1)',
    fingerprint: 'f'.repeat(64),
    librarySha256: 'a'.repeat(64),
    tokenizerSha256: 'b'.repeat(64),
    contextTokens: 4096,
    ...(numerics && { numerics }),
  }
}

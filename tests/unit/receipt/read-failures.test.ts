import { describe, expect, it } from 'vitest'
import type { EngineFailure } from '#core/engine'
import { MAX_FLAGS } from '#core/receipt/limits'
import { lettersRun } from '../export/runs'
import { problemWith } from './files'

/** One of each kind, so that a new kind is not forgotten. */
const FAILURES: { [Kind in EngineFailure['kind']]: EngineFailure & { kind: Kind } } = {
  aborted: { kind: 'aborted' },
  'not-loaded': { kind: 'not-loaded' },
  'webgpu-unavailable': { kind: 'webgpu-unavailable', reason: 'no-api' },
  'feature-missing': { kind: 'feature-missing', feature: 'shader-f16' },
  'download-failed': { kind: 'download-failed', url: 'https://x.test/a', status: 404, detail: '' },
  'storage-full': { kind: 'storage-full', bytes: 1 },
  'checksum-mismatch': { kind: 'checksum-mismatch', url: 'a', expected: 'b', actual: 'c' },
  'model-invalid': { kind: 'model-invalid', detail: '' },
  'model-unavailable': { kind: 'model-unavailable', failure: { kind: 'aborted' } },
  'model-too-large': { kind: 'model-too-large', bytes: 2, limitBytes: 1 },
  'out-of-memory': { kind: 'out-of-memory', detail: '' },
  'device-lost': { kind: 'device-lost', detail: '' },
  'reuse-check-failed': { kind: 'reuse-check-failed', detail: '' },
  'letters-not-tokens': { kind: 'letters-not-tokens' },
  'not-a-reward-model': { kind: 'not-a-reward-model' },
  'only-a-reward-model': { kind: 'only-a-reward-model' },
  'context-exceeded': { kind: 'context-exceeded', promptTokens: 2, contextTokens: 1 },
  'worker-lost': { kind: 'worker-lost', detail: '' },
  'taken-over': { kind: 'taken-over' },
  'engine-error': { kind: 'engine-error', detail: '' },
}

describe('what happened in a run from a file', () => {
  it.each(Object.values(FAILURES))('may have been interrupted by any failure: $kind', (failure) => {
    expect(problemWith((file) => (file.interruptions[0]!.failure = failure), lettersRun())).toBeNull()
  })

  it('has no more doubted keys than a hand marks', () => {
    const flag = { position: 0, itemId: 'a', note: '' }
    const flags = (count: number) => Array.from({ length: count }, () => flag)
    expect(problemWith((file) => (file.flags = flags(MAX_FLAGS)))).toBeNull()
    expect(problemWith((file) => (file.flags = flags(MAX_FLAGS + 1)))).toMatchObject({ place: 'flags' })
  })

  it('has no question twice, which would make every interval too narrow', () => {
    const twice = problemWith((file) => (file.answers[1]!.item = { ...file.answers[0]!.item }))
    expect(twice).toMatchObject({ answer: 2, place: 'answers[1].item.id', expected: { kind: 'once' } })
  })
})

import { describe, expect, it } from 'vitest'
import type { PromptReading } from '#core/numerics/types'
import { reuseInDoubt } from '#core/run/reuse-in-doubt'
import type { RunId, RunOrigin } from '#core/run/types'
import { answer } from '../score/answers'

const OWN: RunOrigin = { kind: 'own' }
const MERGED: RunOrigin = { kind: 'merged', runIds: ['a', 'b'] as RunId[], parts: [1, 2], of: 2 }
const READINGS = {
  cold: { path: 'cold', tokensFed: 9, tokensReused: 0, reason: 'nothing-in-common' },
  'in two parts': { path: 'cold', tokensFed: 9, tokensReused: 0 },
  compared: { path: 'cold', tokensFed: 18, tokensReused: 0, compared: true },
  'reused and compared': { path: 'reused', tokensFed: 12, tokensReused: 6, compared: true },
  reused: { path: 'reused', tokensFed: 3, tokensReused: 6 },
  failed: { path: 'cold', tokensFed: 15, tokensReused: 0, reason: 'check-failed' },
  'reused, then failed': { path: 'reused', tokensFed: 30, tokensReused: 6, reason: 'check-failed' },
  unknown: undefined,
} satisfies Record<string, PromptReading | undefined>

type Named = keyof typeof READINGS

const read = (name: Named) => {
  const reading: PromptReading | undefined = READINGS[name]
  return reading ? { reading } : {}
}
const inDoubt = (names: readonly Named[], origin: RunOrigin = OWN) =>
  reuseInDoubt(
    { origin },
    names.map((name, position) => ({ ...answer({ position }), ...read(name) })),
  )

describe('answers in doubt', () => {
  it.each<[string, Named[], number[]]>([
    ['none where no comparison failed', ['cold', 'compared', 'reused', 'reused', 'unknown'], []],
    [
      'those between the last that agreed and the one that failed',
      ['reused', 'compared', 'reused', 'cold', 'reused', 'failed', 'failed'],
      [2, 4],
    ],
    ['those that were read in two parts, too', ['cold', 'in two parts', 'failed'], [1]],
    ['all that reused where none agreed', ['unknown', 'reused', 'reused', 'failed'], [1, 2]],
    [
      'of replies together also the one at which it failed',
      ['compared', 'reused', 'reused, then failed'],
      [1, 2],
    ],
    ['from the one that was compared, where it reused too', ['reused', 'reused and compared', 'failed'], [1]],
    [
      'again after the model was loaded anew',
      ['reused', 'failed', 'failed', 'compared', 'reused', 'failed'],
      [0, 4],
    ],
  ])('are %s', (_, names, positions) => {
    expect(inDoubt(names)).toEqual(positions)
  })

  it('are told by the forward pass as well, which comes after the reply', () => {
    const forward = { probabilities: [1], letter: 'A', promptTokens: 9, elapsedMs: 1 }
    const answers = [
      { ...answer({ position: 4 }), ...read('compared'), forward: { ...forward, ...read('reused') } },
      { ...answer({ position: 5 }), ...read('reused'), forward: { ...forward, ...read('failed') } },
    ]
    expect(reuseInDoubt({ origin: OWN }, answers)).toEqual([4, 5])
  })

  it('are in a merged run all that reused before, since another part may have been compared', () => {
    const names: Named[] = ['reused', 'compared', 'reused', 'failed', 'reused']
    expect(inDoubt(names, MERGED)).toEqual([0, 2])
    const imported: RunOrigin = {
      ...{ kind: 'imported', at: 0, fileSha256: 'ee', runId: 'x' as RunId },
      ...{ made: MERGED, checks: [] },
    }
    expect(inDoubt(names, imported)).toEqual([0, 2])
  })
})

import { expect, it } from 'vitest'
import type { RunStart } from '#core/run/history'
import { standingAt } from '#core/run/standing-at'
import type { RunId } from '#core/run/types'
import { onGpu, report, WRONG_APPENDS } from '../../numerics'

const startAt = (position: number, selfTest: typeof WRONG_APPENDS | null): RunStart => ({
  position,
  at: position,
  engine: onGpu({ mergeBarrier: 'inserted', selfTest }),
  userAgent: 'Browser/1',
})
const starts = [startAt(1, null), startAt(3, WRONG_APPENDS), startAt(5, report())]

it('is of the engine that answered', () => {
  const run = { starts, plan: { origin: { kind: 'own' } as const } }
  expect([0, 1, 2, 3, 4, 5, 6].map((position) => standingAt(run, position))).toEqual([
    null,
    'not-tested',
    'not-tested',
    'avoided',
    'avoided',
    'sound',
    'sound',
  ])
})

it('is of the worst engine in a merged run, whose answers do not say which part they are of', () => {
  const made = { kind: 'merged', runIds: ['a', 'b'] as RunId[], parts: [1, 2], of: 2 } as const
  const run = { starts, plan: { origin: { ...made, runIds: [...made.runIds], parts: [1, 2] } } }
  expect([1, 6].map((position) => standingAt(run, position))).toEqual(['avoided', 'avoided'])
})

import { expect, test } from 'vitest'
import { standingSteps } from '#core/study/standing'
import type { StudyEvent, StudyKind } from '#core/study/types'
import * as filter from '../cross-filter/fixture'
import * as experts from '../experts/fixture'
import * as open from '../open-ended/fixture'

const paused = (reason: string, failure: object | null = null) => ({ kind: 'paused', at: 9, reason, failure })

const lost = (role: string) => ({ ...paused('device-lost', { kind: 'device-lost', detail: '' }), role })

const WHOLE_FILTER = [
  filter.created(['Yes.'], { generator: null, order: { count: 0, seed: 0 } }),
  filter.started(0, 'w'),
  filter.scored(0, 5),
]
const REASONED = [experts.created(), experts.written('reasoning', 1, 'So.')]

test.each<[string, StudyKind, readonly StudyEvent[], string | null]>([
  ['a filter that has scored all', 'cross-filter', WHOLE_FILTER, 'finished'],
  ['one that a failure has stopped', 'cross-filter', [WHOLE_FILTER[0]!, paused('out-of-memory')], 'failed'],
  ['one that somebody has stopped', 'cross-filter', [WHOLE_FILTER[0]!, paused('user')], 'resting'],
  ['one that another tab took over', 'cross-filter', [WHOLE_FILTER[0]!, paused('taken-over')], 'resting'],
  [
    'one that has gone on since a failure',
    'cross-filter',
    [WHOLE_FILTER[0]!, paused('device-lost'), WHOLE_FILTER[1]!],
    'resting',
  ],
  ['an evaluation without a judge', 'open-ended', open.answeredEvents(2, { judge: null }), 'finished'],
  ['one that is still to be judged', 'open-ended', open.answeredEvents(2), 'resting'],
  ['experts in the middle', 'experts', REASONED, 'resting'],
  ['experts whose model was lost', 'experts', [...REASONED, lost('reviewer')], 'failed'],
  [
    'experts who have gone on since',
    'experts',
    [experts.created(), lost('reasoner'), REASONED[1]!],
    'resting',
  ],
  [
    'experts with their account',
    'experts',
    [...REASONED, { kind: 'closed', at: 4 }, experts.written('narrative', 1, 'A')],
    'finished',
  ],
  ['events that do not follow', 'experts', REASONED.slice(1), null],
])('%s', (_name, kind, events, standing) => {
  const steps = standingSteps(kind, events)
  let step = steps.next()
  while (!step.done) step = steps.next()
  expect(step.value).toBe(standing)
})

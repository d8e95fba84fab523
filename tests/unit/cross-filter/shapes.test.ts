import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { DEFAULT_RULE } from '#core/cross-filter/rule'
import { illegalFilterEvent, StoredFilterEvent } from '#core/cross-filter/shapes'
import type { FilterEvent } from '#core/cross-filter/types'
import { answered, created, model, scored, started } from './fixture'

const failure = { kind: 'context-exceeded', promptTokens: 9, contextTokens: 5 } as const
const EVENTS: FilterEvent[] = [
  created([null, 'Given.']),
  { kind: 'judge-added', at: 2, judge: model('Second') },
  started('generator', 'w'),
  answered(0, 'Written.'),
  started(0, 'j'),
  scored(0, 3),
  { kind: 'passed-over', at: 4, role: 0, pair: 1, failure },
  { kind: 'paused', at: 5, reason: 'user', failure: null },
  { kind: 'ruled', at: 6, rule: { ...DEFAULT_RULE, basis: 'both' } },
]

describe('events from an archive', () => {
  test.each(EVENTS.map((event) => [event.kind, event] as const))(
    '%s is read as it was written',
    (_kind, event) => {
      expect(v.parse(StoredFilterEvent, event)).toEqual(event)
    },
  )

  test('a filter is legal as a whole, or its first impossible event is named', () => {
    expect(illegalFilterEvent(EVENTS)).toBeNull()
    expect(illegalFilterEvent([...EVENTS, started(1, 'w')])).toBe(EVENTS.length)
    expect(illegalFilterEvent(EVENTS.slice(1))).toBe(0)
  })

  test.each<[string, object]>([
    ['eleven probabilities', { ...scored(0, 3), probabilities: {} }],
    ['a role', { ...started(0, 'j'), role: 2 }],
    ['pairs', { ...created(['a']), pairs: [] }],
    ['a rule', { kind: 'ruled', at: 1, rule: { ...DEFAULT_RULE, threshold: 11 } }],
  ])('without %s an event is refused', (_name, event) => {
    expect(v.safeParse(StoredFilterEvent, event).success).toBe(false)
  })
})

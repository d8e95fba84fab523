import { describe, expect, it } from 'vitest'
import { readingStandings } from '#core/chat/reading-doubt'
import type { AssistantMessage } from '#core/chat/types'
import type { PromptReading } from '#core/numerics/types'
import { ENGINE, reply, SAMPLED, user } from './files/conversations'

const READINGS = {
  cold: { path: 'cold', tokensFed: 9, tokensReused: 0, reason: 'nothing-in-common' },
  'in two parts': { path: 'cold', tokensFed: 9, tokensReused: 0, awaitsComparison: true },
  compared: { path: 'reused', tokensFed: 12, tokensReused: 6, compared: true },
  'compared, then on': {
    ...{ path: 'reused', tokensFed: 12, tokensReused: 6 },
    ...{ compared: true, awaitsComparison: true },
  },
  reused: { path: 'reused', tokensFed: 3, tokensReused: 6, awaitsComparison: true },
  'reused, as it was told before': { path: 'reused', tokensFed: 3, tokensReused: 6 },
  failed: { path: 'cold', tokensFed: 15, tokensReused: 0, reason: 'check-failed' },
  unknown: undefined,
} satisfies Record<string, PromptReading | undefined>

type Named = keyof typeof READINGS

function read(id: number, named: Named, changes: Partial<AssistantMessage> = {}): AssistantMessage {
  const reading: PromptReading | undefined = READINGS[named]
  return reply(id, 0, 'x', { ...(reading && { reading }), ...changes })
}

const standings = (replies: readonly AssistantMessage[]) =>
  Object.fromEntries(readingStandings([user(0, null, 'Why?'), ...replies]))

describe('replies whose reading was not compared', () => {
  it.each<[string, Named[], Record<number, string>]>([
    ['are none where all was read cold', ['cold', 'unknown', 'failed'], {}],
    ['wait until a comparison follows', ['cold', 'in two parts', 'reused'], { 2: 'awaits', 3: 'awaits' }],
    ['are confirmed by the next that agrees', ['reused', 'reused', 'compared'], {}],
    ['wait again after it', ['reused', 'compared, then on'], { 2: 'awaits' }],
    ['are in doubt where the next one fails', ['reused', 'failed'], { 1: 'in-doubt' }],
    [
      'are in doubt as well where an earlier version wrote them',
      ['reused, as it was told before', 'failed'],
      { 1: 'in-doubt' },
    ],
    [
      'are in doubt only between one that agreed and one that failed, whatever agrees later',
      ['reused', 'compared', 'reused', 'unknown', 'failed', 'failed', 'compared', 'reused'],
      { 3: 'in-doubt', 8: 'awaits' },
    ],
  ])('%s', (_, names, expected) => {
    expect(standings(names.map((name, index) => read(index + 1, name)))).toEqual(expected)
  })

  it('are told in the order of their time, on whatever branch they are', () => {
    const asked = [read(1, 'failed', { at: 3 }), read(2, 'compared', { at: 1 }), read(3, 'reused', { at: 2 })]
    expect(standings(asked)).toEqual({ 3: 'in-doubt' })
  })

  it('are judged by the comparisons of the engine that read them', () => {
    const other = { ...ENGINE, fingerprint: 'ef'.repeat(32) }
    const asked = [
      read(1, 'reused'),
      read(2, 'compared', { engine: other }),
      read(3, 'failed', { engine: other }),
    ]
    expect(standings(asked)).toEqual({ 1: 'awaits' })
    expect(standings([...asked, read(4, 'failed')])).toEqual({ 1: 'in-doubt' })
  })

  it('lend that to the reply that goes on from them, and to what the user made of them', () => {
    const longer = read(2, 'compared', { continuedFrom: 1 })
    const rewritten = read(3, 'reused', { editedFrom: 2 })
    const asked = [read(1, 'reused'), read(4, 'failed', { at: 1001.5 }), longer, rewritten]
    expect(standings(asked)).toEqual({ 1: 'in-doubt', 2: 'in-doubt', 3: 'in-doubt' })
  })

  it('are also those drawn to one question, and in doubt where a later one of them failed', () => {
    const [first, second] = SAMPLED.sampling!.samples
    const drawn = (one: PromptReading, other: PromptReading) =>
      standings([
        {
          ...SAMPLED,
          reading: other,
          sampling: {
            ...SAMPLED.sampling!,
            samples: [
              { ...first!, reading: one },
              { ...second!, reading: other },
            ],
          },
        },
      ])
    expect(drawn(READINGS.reused, READINGS.failed)).toEqual({ 1: 'in-doubt' })
    expect(drawn(READINGS.reused, READINGS.compared)).toEqual({})
    expect(drawn(READINGS.compared, READINGS.reused)).toEqual({ 1: 'awaits' })
  })
})

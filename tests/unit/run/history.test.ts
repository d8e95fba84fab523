import { describe, expect, it } from 'vitest'
import { engineAt, HistoryBuilder, type RunHistory } from '#core/run/history'
import type { RunEvent } from '#core/run/types'
import { answered, created, ENGINE, makePlan, started } from './fixtures'

const start = (at: number): RunEvent => ({ ...started(), at })
const LOST = { kind: 'device-lost', detail: 'x' } as const

function historyOf(...events: RunEvent[]): RunHistory {
  const builder = new HistoryBuilder()
  for (const event of [created(makePlan(4)), ...events]) builder.add(event)
  return builder.history
}

describe('HistoryBuilder', () => {
  it('has no interruptions of a run answered in one go', () => {
    expect(historyOf(start(2), answered(0), { kind: 'finished', at: 30 })).toEqual({
      starts: [{ position: 0, at: 2, engine: ENGINE, userAgent: 'test' }],
      interruptions: [],
      ended: { at: 30, reason: 'finished' },
    })
  })

  it('says when and why answering paused, and when it went on', () => {
    const { starts, interruptions, ended } = historyOf(
      start(2),
      answered(0),
      { kind: 'paused', at: 20, reason: 'device-lost', failure: LOST },
      start(25),
      answered(1),
      { kind: 'paused', at: 40, reason: 'user', failure: null },
    )
    expect(starts.map(({ position, at }) => [position, at])).toEqual([
      [0, 2],
      [1, 25],
    ])
    expect(interruptions).toEqual([
      { position: 1, at: 20, reason: 'device-lost', failure: LOST, resumedAt: 25 },
      { position: 2, at: 40, reason: 'user', failure: null, resumedAt: null },
    ])
    expect(ended).toBeNull()
  })

  it('finds a lost tab by the start that follows no pause, and dates it by what was stored last', () => {
    const flag: RunEvent = { kind: 'flagged', at: 99, position: 0, note: 'x' }
    expect(historyOf(start(2), answered(0), flag, start(200)).interruptions).toEqual([
      { position: 1, at: 10, reason: 'tab-lost', failure: null, resumedAt: 200 },
    ])
  })

  it('keeps the reason of a stop, whether it ran or paused', () => {
    const paused: RunEvent = { kind: 'paused', at: 3, reason: 'user', failure: null }
    expect(historyOf(start(2), { kind: 'stopped', at: 9, reason: 'minutes' }).ended).toEqual({
      at: 9,
      reason: 'minutes',
    })
    expect(
      historyOf(start(2), paused, { kind: 'stopped', at: 9, reason: 'user' }).interruptions,
    ).toHaveLength(1)
  })

  it('knows what answered each question of a run on two devices', () => {
    const other = { ...ENGINE, device: 'another' }
    const run = historyOf(started(), answered(0), answered(1), started(other), answered(2))
    expect([0, 1, 2].map((position) => engineAt(run, position)?.device)).toEqual(['test', 'test', 'another'])
    expect(engineAt({ starts: [] }, 0)).toBeNull()
  })
})

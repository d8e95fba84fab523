/** Answers that are stored and do not count yet, in IndexedDB and in an archive. */
import { afterEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '#core/run/sampling'
import type { RunEvent } from '#core/run/types'
import type { Sample } from '#core/strategy/types'
import { RunDatabase } from '#data/db/runs'
import { answered, created, makePlan, started } from '../unit/run/fixtures'
import { contentOf, deleteOpened, exported, fresh, imported } from './workspace-fixture'

const strategy = { kind: 'self-consistency', samples: 2, stopsEarly: false } as const
const plan = { ...makePlan(4), rotations: [0, 0, 0, 0], strategy }

const sample = (index: number, reply: string): Sample => ({
  ...{ index, seed: index, reply, finish: 'stop', promptTokens: 9, completionTokens: 3 },
  ...{ timeToFirstTokenMs: 1, decodeMs: 2 },
  ...{ officialLetter: 'B', strictLetter: 'B', strictReason: null, scores: null },
})
const sampled = (position: number, index: number, word: string): RunEvent => {
  return { kind: 'sampled', at: 5, position, sample: sample(index, `${word} ${position}`) }
}
function whole(position: number, word: string): RunEvent[] {
  const sampling = outcomeOf(
    strategy,
    [0, 1].map((index) => sample(index, word)),
  )
  return [sampled(position, 0, word), sampled(position, 1, word), answered(position, { sampling })]
}
const held = (position: number, word: string): RunEvent[] =>
  whole(position, word).map((event) =>
    event.kind === 'answered' ? { ...event, isHeld: true as const } : event,
  )

/** The first answer counts, two are held, and the last question has a sample. */
const HELD = [
  ...[created(plan), started(), ...whole(0, 'sure')],
  ...[...held(1, 'first'), { ...started(), at: 15 }, ...held(2, 'first'), sampled(3, 0, 'first')],
]
const WITHDRAWN: RunEvent = {
  ...{ kind: 'paused', at: 30, reason: 'comparison-failed', failure: null },
  withdrawnFrom: 1,
}

afterEach(deleteOpened)

async function stored(events: readonly RunEvent[]) {
  const database = await fresh()
  const runs = new RunDatabase(database)
  for (const event of events) expect(await runs.append(plan.id, event)).toMatchObject({ ok: true })
  return { database, runs }
}

const repliesTo = async (runs: RunDatabase, position: number) =>
  (await runs.samples(plan.id, position)).samples.map(({ reply }) => reply)

describe('held answers', () => {
  it('survive a kill, and are part of no result before they are released', async () => {
    const { database } = await stored(HELD)
    const runs = new RunDatabase(database)
    const record = await runs.load(plan.id)
    expect(record?.answers.map(({ position }) => position)).toEqual([0])
    expect(record?.summary).toMatchObject({
      answered: 3,
      sampled: 1,
      held: { from: 1, tallies: [{ answered: 2 }] },
    })
    expect([...(await runs.allSamples(plan.id)).keys()]).toEqual([0])
    // Else an export would have a session behind its last answer.
    expect(record?.starts.map(({ position }) => position)).toEqual([0, 1])
    expect((await runs.openSamples(plan.id)).map(({ reply }) => reply)).toEqual(['first 3'])

    await runs.append(plan.id, { ...started(), at: 20 })
    await runs.append(plan.id, { kind: 'released', at: 21 })
    const after = await runs.load(plan.id)
    expect(after?.answers.map(({ position }) => position)).toEqual([0, 1, 2])
    expect(after?.summary.tallies).toMatchObject([{ answered: 3 }])
    expect([...(await runs.allSamples(plan.id)).keys()]).toEqual([0, 1, 2, 3])
  })

  it('give way to those that are asked again, with their samples', async () => {
    const { runs } = await stored(HELD)
    // So that where samples lie is known from before.
    expect(await repliesTo(runs, 1)).toEqual(['first 1', 'first 1'])
    await runs.append(plan.id, WITHDRAWN)
    await runs.append(plan.id, { ...started(), at: 31 })
    expect(await runs.openSamples(plan.id)).toEqual([])
    for (const event of [1, 2, 3].flatMap((position) => whole(position, 'again')))
      await runs.append(plan.id, event)
    await runs.append(plan.id, { kind: 'finished', at: 40 })
    const record = await runs.load(plan.id)
    expect(record?.answers.map(({ position }) => position)).toEqual([0, 1, 2, 3])
    expect(record?.interruptions.at(-1)).toMatchObject({
      ...{ position: 1, reason: 'comparison-failed', resumedAt: 31 },
    })
    expect(await repliesTo(runs, 1)).toEqual(['again 1', 'again 1'])
    const all = [...(await runs.allSamples(plan.id)).values()].map(({ samples }) => samples[0]?.reply)
    expect(all).toEqual(['sure 0', 'again 1', 'again 2', 'again 3'])
  })

  it.each([
    ['held', HELD],
    ['withdrawn', [...HELD, WITHDRAWN, { ...started(), at: 31 }, ...whole(1, 'again')]],
  ] as const)('travel in an archive: %s', async (_, events) => {
    const { database } = await stored(events)
    const here = await fresh()
    await imported(here, await exported(database))
    expect(await contentOf(here)).toEqual(await contentOf(database))
  })
})

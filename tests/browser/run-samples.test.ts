/** The samples of runs in IndexedDB: stored with the answers, read apart from them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '#core/run/sampling'
import type { RunEvent } from '#core/run/types'
import type { Sample, StepScores } from '#core/strategy/types'
import { RunDatabase } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { answered, created, makePlan, started } from '../unit/run/fixtures'
import { contentOf, deleteOpened, exported, fresh, imported, putRun } from './workspace-fixture'

const strategy = { kind: 'self-consistency', samples: 3, stopsEarly: false } as const
/** Enough questions that events are read in several batches. */
const plan = { ...makePlan(120), rotations: Array.from({ length: 120 }, () => 0), strategy }
const paused: RunEvent = { kind: 'paused', at: 9, reason: 'user', failure: null }

const sample = (index: number, reply = `reply ${index}`): Sample => ({
  index,
  seed: index,
  reply,
  finish: 'stop',
  promptTokens: 9,
  completionTokens: 3,
  timeToFirstTokenMs: 1,
  decodeMs: 2,
  officialLetter: 'B',
  strictLetter: 'B',
  strictReason: null,
  scores: null,
})
const sampled = (position: number, index: number): RunEvent => ({
  kind: 'sampled',
  at: 5,
  position,
  sample: sample(index, `reply ${index} to ${position}`),
})
const whole = (position: number): RunEvent[] => [
  ...[0, 1, 2].map((index) => sampled(position, index)),
  answered(position, {
    sampling: outcomeOf(
      strategy,
      [0, 1, 2].map((index) => sample(index)),
    ),
  }),
]
const later: StepScores = {
  scorer: { kind: 'reward-model', modelName: 'PRM', quantization: 'q4f16_1', fingerprint: 'e'.repeat(64) },
  steps: [0.5, 0.25],
  promptTokens: 40,
  elapsedMs: 4,
}

/** All that was stored of three questions, the last one open. */
const events: RunEvent[] = [
  created(plan),
  started(),
  ...whole(0),
  ...whole(1),
  sampled(2, 0),
  { kind: 'scored', at: 30, position: 1, sample: 2, scores: later },
]

let name: string
let connections: SomnusDatabase[]

/** A connection of its own, as another tab or a reloaded page has. */
async function open(): Promise<RunDatabase> {
  const observer = { onBlocked: () => undefined, onOutdated: () => undefined }
  const database = await openDatabase(observer, name)
  connections.push(database)
  return new RunDatabase(database)
}

async function appendAll(runs: RunDatabase, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) expect(await runs.append(plan.id, event)).toMatchObject({ ok: true })
}

beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
  connections = []
})

afterEach(deleteOpened)
afterEach(async () => {
  for (const connection of connections) connection.close()
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error('not deleted'))
  })
})

const repliesOf = (samples: readonly Sample[]) => samples.map(({ reply }) => reply)

describe('the samples of a run', () => {
  it('give back the open question’s after a kill, and none once it is answered', async () => {
    const before = await open()
    await appendAll(before, [created(plan), started(), ...whole(0), sampled(1, 0), sampled(1, 1)])
    const after = await open()
    expect(await after.find(plan.id)).toMatchObject({ answered: 1, sampled: 2 })
    expect(repliesOf(await after.openSamples(plan.id))).toEqual(['reply 0 to 1', 'reply 1 to 1'])
    // A pause and a flag come between; neither hides a sample.
    await appendAll(after, [
      started(),
      paused,
      { kind: 'flagged', at: 9, position: 0, note: 'two keys' },
      started(),
      sampled(1, 2),
    ])
    expect(repliesOf(await after.openSamples(plan.id))).toHaveLength(3)
    await appendAll(after, whole(1).slice(3))
    expect(await after.openSamples(plan.id)).toEqual([])
  })

  it('refuse one that is there already, whichever tab draws it', async () => {
    const [one, other] = await Promise.all([open(), open()])
    await appendAll(one, [created(plan), started(), sampled(0, 0)])
    const both = await Promise.all([one.append(plan.id, sampled(0, 1)), other.append(plan.id, sampled(0, 1))])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(repliesOf(await other.openSamples(plan.id))).toEqual(['reply 0 to 0', 'reply 1 to 0'])
  })

  it('are read by position or all at once, and leave the run’s answers as they are', async () => {
    const runs = await open()
    const questions = Array.from({ length: 80 }, (_, position) => whole(position)).flat()
    await appendAll(runs, [created(plan), started(), ...questions, sampled(80, 0)])
    const one = await runs.samples(plan.id, 70)
    expect(repliesOf(one.samples)).toEqual(['reply 0 to 70', 'reply 1 to 70', 'reply 2 to 70'])
    const read: number[] = []
    const all = await runs.allSamples(plan.id, (count) => read.push(count))
    expect(read).toEqual([200, 323])
    expect(all.size).toBe(81)
    expect(all.get(70)).toEqual(one)
    expect(all.get(80)?.samples).toHaveLength(1)
    const record = await runs.load(plan.id)
    expect(record?.answers).toHaveLength(80)
    expect(record?.answers[70]?.sampling?.taken).toBe(3)
    expect(await runs.samples(plan.id, 119)).toEqual({ position: 119, samples: [], later: [] })
  })

  it('are scored by other models after the run’s end, which changes no answer', async () => {
    const runs = await open()
    await appendAll(runs, [created(plan), started(), ...whole(0)])
    await runs.samples(plan.id, 0)
    await appendAll(runs, [{ kind: 'stopped', at: 20, reason: 'user' }])
    const before = await runs.load(plan.id)
    await appendAll(runs, [{ kind: 'scored', at: 30, position: 0, sample: 1, scores: later }])
    expect((await runs.samples(plan.id, 0)).later).toEqual([{ at: 30, sample: 1, scores: later }])
    const after = await runs.load(plan.id)
    expect(after?.answers).toEqual(before?.answers)
    expect(after?.ended).toEqual(before?.ended)
    expect(after?.interruptions).toEqual([])
  })

  it('travel in an archive, and those that came since are added', async () => {
    const [there, here] = [await fresh(), await fresh()]
    await putRun(there, events)
    await putRun(here, events.slice(0, 8))
    expect(await imported(here, await exported(there))).toMatchObject({ value: { fates: { extend: 1 } } })
    expect(await contentOf(here)).toEqual(await contentOf(there))
    const runs = new RunDatabase(here)
    expect(await runs.find(plan.id)).toMatchObject({ answered: 2, sampled: 1 })
    expect((await runs.samples(plan.id, 1)).later).toHaveLength(1)
    expect(repliesOf(await runs.openSamples(plan.id))).toEqual(['reply 0 to 2'])
  })

  it('keep an archive out in which an answer was chosen from samples that are not there', async () => {
    const [there, here] = [await fresh(), await fresh()]
    await putRun(there, [...events.slice(0, 3), ...whole(0).slice(3)])
    await expect(imported(here, await exported(there))).rejects.toThrow('[3].answer.sampling.taken')
  })
})

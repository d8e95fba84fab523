import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { foldRun, type FoldedRun } from '#core/receipt/run-events'
import type { RunId } from '#core/run/types'
import { RunDatabase } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { ENGINE, makeAnswer, makePlan } from '../unit/run/fixtures'

const OBSERVER = { onBlocked: () => undefined, onOutdated: () => undefined }

let name: string
let database: SomnusDatabase
let runs: RunDatabase

beforeEach(async () => {
  name = `test-${crypto.randomUUID()}`
  database = await openDatabase(OBSERVER, name)
  runs = new RunDatabase(database)
})

afterEach(async () => {
  vi.restoreAllMocks()
  database.close()
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error('not deleted'))
  })
})

function whole(count: number, id = 'imported-1', reply = 'The answer is B.'): FoldedRun {
  const steps = foldRun({
    plan: makePlan(count, id),
    starts: [{ position: 0, at: 2, engine: ENGINE, userAgent: 'test' }],
    interruptions: [],
    ended: { at: 30, reason: 'finished' },
    answers: Array.from({ length: count }, (_, position) => makeAnswer(position, { reply })),
    flags: [{ position: 0, note: 'two keys' }],
    at: 40,
  })
  for (;;) {
    const step = steps.next()
    if (!step.done) continue
    if (!step.value.ok) throw new Error(step.value.failure.reason)
    return step.value.value
  }
}

describe('RunDatabase.adopt', () => {
  it('stores a run whole, more events than it hands over at a time', async () => {
    const run = whole(450)
    expect(await runs.adopt(run)).toEqual({ ok: true, value: { summary: run.summary, isNew: true } })
    const record = await runs.load(run.summary.id)
    expect(record?.summary).toEqual(run.summary)
    expect(record?.answers).toHaveLength(450)
    expect(record?.starts.map(({ position }) => position)).toEqual([0])
    expect(record?.ended).toEqual({ at: 30, reason: 'finished' })
    expect(await runs.list()).toHaveLength(1)
  })

  it('changes nothing when a run of this id is there', async () => {
    const first = whole(3)
    await runs.adopt(first)
    const again = await runs.adopt(whole(2, 'imported-1', 'Other'))
    expect(again).toEqual({ ok: true, value: { summary: first.summary, isNew: false } })
    expect((await runs.load(first.summary.id))?.answers).toHaveLength(3)
  })

  it('takes the place of a removed run of this id, of which no event is left', async () => {
    await runs.adopt(whole(9))
    await runs.remove('imported-1' as RunId, 1)
    const again = whole(2, 'imported-1', 'Other')
    expect(await runs.adopt(again)).toMatchObject({ ok: true, value: { isNew: true } })
    const record = await runs.load(again.summary.id)
    expect(record?.answers.map(({ reply }) => reply)).toEqual(['Other', 'Other'])
    expect(await database.count('runEvents')).toBe(again.events.length)
  })

  it('stores nothing when the disk is full on the way', async () => {
    const { add } = Object.getOwnPropertyDescriptors(IDBObjectStore.prototype)
    const original = add.value as (this: IDBObjectStore, ...values: unknown[]) => IDBRequest<IDBValidKey>
    let added = 0
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, ...values) {
      added += 1
      if (added > 300) throw new DOMException('full', 'QuotaExceededError')
      return original.apply(this, values)
    })
    expect(await runs.adopt(whole(450))).toEqual({ ok: false, failure: { kind: 'storage-full' } })
    vi.restoreAllMocks()
    expect(await runs.list()).toEqual([])
    expect(await database.count('runEvents')).toBe(0)
  })

  it('goes on as any other run: a doubt can be added', async () => {
    const run = whole(3)
    await runs.adopt(run)
    const flagged = await runs.append(run.summary.id, { kind: 'flagged', at: 50, position: 1, note: 'no' })
    expect(flagged).toMatchObject({ ok: true, value: { flags: { 0: 'two keys', 1: 'no' } } })
  })
})

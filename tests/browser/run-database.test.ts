import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunEvent, RunId } from '#core/run/types'
import { RunDatabase } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { BrowserRunLocks } from '#data/run-lock'
import { answered, created, ENGINE, makeAnswer, makePlan, started } from '../unit/run/fixtures'

const OBSERVER = { onBlocked: () => undefined, onOutdated: () => undefined }
const plan = makePlan(3)
const paused: RunEvent = { kind: 'paused', at: 3, reason: 'user', failure: null }

let name: string
let connections: SomnusDatabase[]

/** A connection of its own, as another tab or a reloaded page has. */
async function open(): Promise<RunDatabase> {
  const database = await openDatabase(OBSERVER, name)
  connections.push(database)
  return new RunDatabase(database)
}

async function appendAll(runs: RunDatabase, runId: RunId, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) expect(await runs.append(runId, event)).toMatchObject({ ok: true })
}

/** Counts how each way into a store is taken; gives the counts since it was asked last. */
function watchStore(store: string): () => Record<string, number> {
  let counts: Record<string, number> = {}
  const reading = ['get', 'getKey', 'getAll', 'getAllKeys', 'count', 'openCursor', 'openKeyCursor'] as const
  for (const method of [...reading, 'add', 'put', 'delete'] as const) {
    const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, method)?.value as (
      this: IDBObjectStore,
      ...values: unknown[]
    ) => unknown
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
      this: IDBObjectStore,
      ...values: unknown[]
    ) {
      if (this.name === store) counts[method] = (counts[method] ?? 0) + 1
      return original.apply(this, values)
    } as never)
  }
  return () => {
    const seen = counts
    counts = {}
    return seen
  }
}

beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
  connections = []
})

afterEach(async () => {
  vi.restoreAllMocks()
  for (const connection of connections) connection.close()
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(new Error('not deleted'))
  })
})

describe('RunDatabase', () => {
  it('gives back in a new connection what another one stored, answer by answer', async () => {
    const before = await open()
    await appendAll(before, plan.id, [created(plan), started(), answered(0), answered(1)])
    // The tab is gone: nothing is closed or finished properly.
    const after = await open()
    expect(await after.find(plan.id)).toMatchObject({ state: { kind: 'running' }, answered: 2, events: 4 })
    await appendAll(after, plan.id, [started(), answered(2), { kind: 'finished', at: 30 }])
    const record = await after.load(plan.id)
    expect(record?.answers).toEqual([makeAnswer(0), makeAnswer(1), makeAnswer(2)])
    expect(record?.plan).toEqual(plan)
    expect(record?.summary.state).toEqual({ kind: 'finished' })
    expect(record?.starts.map((start) => start.position)).toEqual([0, 2])
    expect(record?.ended).toEqual({ at: 30, reason: 'finished' })
  })

  it('tells of what it has read while it reads on', async () => {
    const runs = await open()
    const long = makePlan(450)
    const answers = Array.from({ length: 450 }, (_, position) => answered(position))
    await appendAll(runs, long.id, [created(long), started(), ...answers])
    const parts: number[] = []
    const record = await runs.load(long.id, ({ answers, starts }) => {
      expect(starts).toHaveLength(1)
      parts.push(answers.length)
    })
    expect(parts).toEqual([198, 398, 450])
    expect(record?.answers.map(({ position }) => position)).toEqual(answers.map((_, position) => position))
  })

  it('stores one of two answers to the same question, whichever tab they come from', async () => {
    const [one, other] = await Promise.all([open(), open()])
    await appendAll(one, plan.id, [created(plan), started()])
    const results = await Promise.all([
      one.append(plan.id, answered(0, { reply: 'one' })),
      other.append(plan.id, answered(0, { reply: 'other' })),
      one.append(plan.id, answered(0, { reply: 'one again' })),
    ])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.filter((result) => !result.ok)).toEqual([
      { ok: false, failure: { kind: 'illegal-event', reason: 'wrong-position' } },
      { ok: false, failure: { kind: 'illegal-event', reason: 'wrong-position' } },
    ])
    expect((await one.load(plan.id))?.answers).toHaveLength(1)
  })

  it('refuses an event that cannot follow, and changes nothing', async () => {
    const runs = await open()
    await appendAll(runs, plan.id, [created(plan), started()])
    const before = await runs.find(plan.id)
    const otherModel = started({ ...ENGINE, fingerprint: '0'.repeat(64) })
    await appendAll(runs, plan.id, [answered(0), paused])
    expect(await runs.append(plan.id, otherModel)).toMatchObject({
      ok: false,
      failure: { reason: 'other-model' },
    })
    expect(await runs.append(plan.id, answered(1))).toMatchObject({
      ok: false,
      failure: { reason: 'wrong-state' },
    })
    expect((await runs.find(plan.id))?.events).toBe((before?.events ?? 0) + 2)
  })

  it('keeps neither event nor summary when the transaction fails', async () => {
    const runs = await open()
    await appendAll(runs, plan.id, [created(plan), started()])
    const unstorable = answered(0, { reply: (() => 'not data') as unknown as string })
    expect(await runs.append(plan.id, unstorable)).toMatchObject({
      ok: false,
      failure: { kind: 'storage-failed' },
    })
    expect(await runs.find(plan.id)).toMatchObject({ answered: 0, events: 2 })
    await appendAll(runs, plan.id, [answered(0)])
  })

  it('fails when the next sequence number is taken, rather than overwrite an event', async () => {
    const runs = await open()
    await appendAll(runs, plan.id, [created(plan), started()])
    await connections[0]?.put('runEvents', answered(0), [plan.id, 2])
    expect(await runs.append(plan.id, answered(0))).toMatchObject({
      ok: false,
      failure: { kind: 'storage-failed' },
    })
    expect(await runs.find(plan.id)).toMatchObject({ answered: 0, events: 2 })
  })

  it('says so when the storage quota is used up', async () => {
    const runs = await open()
    await appendAll(runs, plan.id, [created(plan), started()])
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    expect(await runs.append(plan.id, answered(0))).toEqual({ ok: false, failure: { kind: 'storage-full' } })
    expect(await runs.find(plan.id)).toMatchObject({ answered: 0, events: 2 })
    await appendAll(runs, plan.id, [answered(0)])
  })

  it('says so when its connection was closed', async () => {
    const runs = await open()
    connections[0]?.close()
    expect(await runs.append(plan.id, created(plan))).toMatchObject({
      ok: false,
      failure: { kind: 'storage-failed' },
    })
  })

  it('lists runs newest first and hides removed ones until they are restored', async () => {
    const runs = await open()
    const later = { ...makePlan(1, 'run-2'), createdAt: 2 }
    await appendAll(runs, plan.id, [created(plan), started(), answered(0)])
    await appendAll(runs, later.id, [created(later)])
    const ids = async () => (await runs.list()).map((run) => run.id)
    expect(await ids()).toEqual([later.id, plan.id])

    await runs.remove(plan.id, 1000)
    expect(await ids()).toEqual([later.id])
    expect(await runs.load(plan.id)).toBeNull()
    expect(await runs.append(plan.id, answered(1))).toMatchObject({
      ok: false,
      failure: { reason: 'no-run' },
    })

    await runs.purge(1000)
    await runs.restore(plan.id)
    expect(await ids()).toEqual([later.id, plan.id])
    expect((await runs.load(plan.id))?.answers).toEqual([makeAnswer(0)])
  })

  it('erases a removed run and nothing else when its time is over', async () => {
    const runs = await open()
    const neighbour = makePlan(1, 'run-1x')
    await appendAll(runs, plan.id, [created(plan), started(), answered(0)])
    await appendAll(runs, neighbour.id, [created(neighbour), started()])
    await runs.remove(plan.id, 1000)
    await runs.purge(1001)
    await runs.restore(plan.id)
    expect((await runs.list()).map((run) => run.id)).toEqual([neighbour.id])
    expect(await connections[0]?.count('runEvents')).toBe(2)
  })

  it('looks at no answer of 10,000 to list their run or to add one, and at each once to load it', async () => {
    const runs = await open()
    const big = makePlan(10_001, 'big')
    await appendAll(runs, big.id, [created(big), started()])
    const reply = 'Option B is right because of the pharmacokinetics. '.repeat(40)
    const transaction = connections[0]!.transaction(['runs', 'runEvents'], 'readwrite')
    for (let index = 0; index < 10_000; index += 1) {
      void transaction.objectStore('runEvents').put(answered(index, { reply }), [big.id, index + 2])
    }
    const stored = await transaction.objectStore('runs').get(big.id)
    void transaction.objectStore('runs').put({
      ...stored!,
      summary: { ...stored!.summary, answered: 10_000, events: 10_002 },
    })
    await transaction.done

    const asked = watchStore('runEvents')
    expect(await runs.list()).toHaveLength(1)
    expect(asked()).toEqual({})
    await appendAll(runs, big.id, [answered(10_000)])
    expect(asked()).toEqual({ add: 1 })
    expect((await runs.load(big.id))?.answers).toHaveLength(10_001)
    // 10,003 events, 200 at a time.
    expect(asked()).toEqual({ getAll: 51 })
  })
})

describe('BrowserRunLocks', () => {
  const run = () => crypto.randomUUID() as RunId

  it('gives a run to one holder at a time and frees it for the next', async () => {
    const [one, other] = [new BrowserRunLocks(navigator.locks), new BrowserRunLocks(navigator.locks)]
    const id = run()
    const first = await one.acquire(id)
    expect(first.kind).toBe('held')
    expect(await other.acquire(id)).toEqual({ kind: 'busy', holder: 'run' })
    expect(await other.heldRuns()).toContain(id)
    if (first.kind === 'held') await first.release()
    const second = await other.acquire(id)
    expect(second.kind).toBe('held')
    if (second.kind === 'held') await second.release()
    expect(await one.heldRuns()).not.toContain(id)
  })

  it('lets one run at a time measure, and leaves the refused run free', async () => {
    const locks = new BrowserRunLocks(navigator.locks)
    const [running, waiting] = [run(), run()]
    const held = await locks.acquire(running)
    expect(await locks.acquire(waiting)).toEqual({ kind: 'busy', holder: 'engine' })
    expect(await locks.heldRuns()).toEqual([running])
    if (held.kind === 'held') await held.release()
  })

  it('frees the locks of a page that goes away', async () => {
    const id = run()
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const inFrame = frame.contentWindow!.navigator.locks
    void inFrame.request(`somnus/run/${id}`, () => new Promise(() => undefined)).catch(() => undefined)
    const locks = new BrowserRunLocks(navigator.locks)
    await expect.poll(() => locks.heldRuns()).toContain(id)
    expect(await locks.acquire(id)).toEqual({ kind: 'busy', holder: 'run' })
    frame.remove()
    await expect.poll(() => locks.heldRuns()).not.toContain(id)
    const mine = await locks.acquire(id)
    expect(mine.kind).toBe('held')
    if (mine.kind === 'held') await mine.release()
  })

  it('grants every lock where the browser has none', async () => {
    const locks = new BrowserRunLocks(undefined)
    expect((await locks.acquire(run())).kind).toBe('held')
    expect(await locks.heldRuns()).toEqual([])
  })
})

/** Imports that are cut off: what is stored is as it was, or the import is whole. */
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SECTIONS } from '#core/workspace/tables'
import { startWorkspaceWorker } from '#app/workspace-client'
import type { RunId } from '#core/run/types'
import { applyImport } from '#data/workspace/apply-import'
import { raw } from '#data/workspace/raw-database'
import { importWorkspace } from '#data/workspace/import-workspace'
import { readWorkspace } from '#data/workspace/read-workspace'
import { stagingName } from '#data/workspace/staging-name'
import { DATABASE_VERSION, type SomnusDatabase } from '#data/db/schema'
import { fold } from '../unit/run/fixtures'
import {
  contentOf,
  conversation,
  deleteOpened,
  exported,
  fill,
  fresh,
  putConversation,
  putRun,
  question,
  reply,
  runEvents,
} from './workspace-fixture'

let there: SomnusDatabase
let here: SomnusDatabase
beforeEach(async () => {
  there = await fresh()
  here = await fresh()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await deleteOpened()
})

describe('an import that is cut off', () => {
  /** Calls `fail` instead of the n-th write into the database of this name. */
  function failAt(name: string, n: number, fail: (store: IDBObjectStore) => void): () => number {
    let writes = 0
    for (const method of ['add', 'put', 'delete', 'clear'] as const) {
      const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, method)?.value as (
        this: IDBObjectStore,
        ...values: unknown[]
      ) => IDBRequest
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
        this: IDBObjectStore,
        ...values: unknown[]
      ) {
        if (this.transaction.db.name === name && (writes += 1) === n) fail(this)
        return original.apply(this, values) as IDBRequest<undefined>
      } as never)
    }
    return () => writes
  }

  async function prepared() {
    await fill(there)
    await putRun(here, runEvents('run-1', 5))
    await putConversation(here, conversation('talk', 2), [question(0, 'Other'), reply(1, 'words')])
    await here.put('preferences', 'dark', 'theme')
    return exported(there)
  }

  it('at any write leaves everything as it was, or is whole', async () => {
    const file = await prepared()
    const before = await contentOf(here)
    const read = await readWorkspace(here, file, () => undefined)
    if (!read.ok) throw new Error(read.failure.kind)
    const { staging, compared } = read.value
    const choice = { mode: 'merge', sections: SECTIONS, hosts: false, mark: ' 2' } as const
    let failed = 0
    for (let isWhole = false; !isWhole;) {
      failAt(here.name, failed + 1, (store) => store.transaction.abort())
      isWhole = await applyImport(raw(here), raw(staging), compared, choice, () => undefined).then(
        () => true,
        () => false,
      )
      vi.restoreAllMocks()
      if (isWhole) break
      failed += 1
      expect(await contentOf(here)).toEqual(before)
    }
    staging.close()
    await deleteDB(staging.name)
    expect(failed).toBeGreaterThan(20)
    expect(await here.count('runs')).toBe(2)
    expect(await here.count('conversations')).toBe(2)
  })

  it('by a full disk says so and changes nothing', async () => {
    const file = await prepared()
    const before = await contentOf(here)
    for (const [database, n] of [
      [here.name, 9],
      [stagingName(here.name), 9],
    ] as const) {
      failAt(database, n, () => {
        throw new DOMException('full', 'QuotaExceededError')
      })
      const read = await readWorkspace(here, file, () => undefined)
      const choice = { mode: 'replace', sections: SECTIONS, hosts: false, mark: '' } as const
      const done = read.ok ? await importWorkspace(here, read.value, choice, () => undefined) : read
      vi.restoreAllMocks()
      expect(done).toEqual({ ok: false, failure: { kind: 'storage-full' } })
      expect(await contentOf(here)).toEqual(before)
    }
  })

  it('by the end of its worker leaves everything as it was, or is whole', async () => {
    const run = runEvents('run', 1500, 1500)
    const transaction = there.transaction(['runs', 'runEvents'], 'readwrite')
    void transaction.objectStore('runs').put({ id: 'run' as RunId, summary: fold(run), removedAt: null })
    for (const [number, event] of run.entries())
      void transaction.objectStore('runEvents').put(event, ['run' as RunId, number])
    await transaction.done
    const file = await exported(there)
    const sizes: number[] = []
    // One surely comes before the import has ended; the others come when they come.
    for (const wait of [null, 0, 60]) {
      const session = startWorkspaceWorker()
      expect(await session.read(file, here.name, () => undefined)).toMatchObject({ ok: true })
      void session.import({ mode: 'merge', sections: SECTIONS, hosts: false, mark: '' }, () => undefined)
      if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait))
      session.end()
      sizes.push(await here.count('runEvents'))
      await deleteDB(stagingName(here.name))
    }
    expect(sizes.every((size) => size === 0 || size === run.length)).toBe(true)
    expect(sizes).toContain(0)
    // The next start opens the database as it is.
    const again = await openDB(here.name)
    expect(again.version).toBe(DATABASE_VERSION)
    again.close()
  })
})

/** The store of the workspace: who waits for whom, what is given back, and models on their way out and in. */
import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ModelClient } from '#app/model-client'
import { forgetOwnDrafts } from '#app/own-drafts'
import { startWorkspaceWorker, type WorkspaceSession } from '#app/workspace-client'
import { likelyWish, Workspace, type ImportReport, type WorkspacePorts } from '#app/workspace.svelte'
import { FIRST_VISIT } from '#core/privacy/state'
import { failure } from '#core/result'
import type { StoredModel } from '#core/model/stored'
import { MAX_MODEL_BYTES } from '#core/workspace/limits'
import { ModelDatabase } from '#data/db/models'
import type { SomnusDatabase } from '#data/db/schema'
import { ModelFiles } from '#data/model-files'
import { removeStaging, stagingName } from '#data/workspace/staging-name'
import { anyHost } from '../any-host'
import { conversation, exported, fill, open, putConversation, question } from './workspace-fixture'

const never = new AbortController().signal
let database: SomnusDatabase
let news: string[]
let reports: ImportReport[]
let reloads: number
beforeEach(async () => {
  database = await open(`test-workspace-${crypto.randomUUID()}`)
  news = []
  reports = []
  reloads = 0
})
afterEach(async () => {
  database.close()
  await removeStaging(database.name)
  await deleteDB(database.name)
})

/** Names of their own, because tests in other frames take the same locks. */
const locks = {
  request: (name: string, options: LockOptions, callback: LockGrantedCallback<unknown>) =>
    navigator.locks.request(`${database.name} ${name}`, options, callback),
} as unknown as LockManager

async function heldLocks(): Promise<string[]> {
  const { held = [] } = await navigator.locks.query()
  return held.flatMap(({ name = '' }) => (name.startsWith(database.name) ? [name.split(' ')[1] ?? ''] : []))
}

const noModels = {
  models: [],
  exportArchive: () => Promise.reject(new Error('no models')),
  inspectFiles: () => Promise.reject(new Error('no models')),
  importFiles: () => Promise.reject(new Error('no models')),
} as unknown as WorkspacePorts['models']

function makeWorkspace(changes: Partial<WorkspacePorts> = {}): Workspace {
  return new Workspace({
    databaseName: database.name,
    appVersion: 'test',
    start: startWorkspaceWorker,
    models: noModels,
    privacy: { read: () => Promise.resolve(FIRST_VISIT), change: () => Promise.resolve() },
    locks,
    tabs: { tell: (told) => void news.push(told) },
    saveTo: () => Promise.resolve(),
    removeStaging: () => removeStaging(database.name),
    memory: { get: () => null, set: (report) => void reports.push(report) },
    forgetDrafts: () => undefined,
    now: () => 1000,
    today: () => ({ year: 2026, month: 11, day: 22 }),
    reload: () => void (reloads += 1),
    ...changes,
  })
}

/** A worker that reads as ours does, and never comes to the end of writing. */
function startStuck(): WorkspaceSession {
  return { ...startWorkspaceWorker(), import: () => new Promise(() => undefined) }
}

async function confirmed(workspace: Workspace): Promise<void> {
  if (workspace.importState.kind !== 'preview') throw new Error(JSON.stringify(workspace.importState))
  const wish = likelyWish(workspace.importState.preview)
  await workspace.confirm({ ...wish, hosts: true }, ' (imported)')
}

describe('an import', () => {
  it('that is stopped gives back every right that it had, and what it had read', async () => {
    await fill(database)
    const file = await exported(database)
    const workspace = makeWorkspace({ start: startStuck })
    await workspace.open(file)
    void confirmed(workspace)
    await expect.poll(() => workspace.importState.kind).toBe('importing')
    await expect
      .poll(async () => (await heldLocks()).sort())
      .toEqual(['somnus/importing', 'somnus/measuring', 'somnus/work'])
    await workspace.cancelImport()
    expect(workspace.importState).toEqual({ kind: 'idle' })
    await expect.poll(heldLocks).toEqual([])
    const databases = await indexedDB.databases()
    expect(databases.map(({ name }) => name)).not.toContain(stagingName(database.name))
    expect(reloads).toBe(0)
  })

  it('reaches its end where the browser refuses to store the chosen hosts', async () => {
    const file = await exported(database, { privacy: { locked: false, hosts: ['https://example.org'] } })
    const workspace = makeWorkspace({
      privacy: {
        read: () => Promise.resolve(FIRST_VISIT),
        change: () => Promise.reject(new DOMException('refused', 'UnknownError')),
      },
    })
    await workspace.open(file)
    await confirmed(workspace)
    expect({ news, reloads, reports: reports.length }).toEqual({ news: ['changed'], reloads: 1, reports: 1 })
    await expect.poll(heldLocks).toEqual([])
  })

  it.each([
    ['replace', 'conversations', []],
    ['replace', 'runs', ['somnus-draft/']],
    ['merge', 'conversations', ['somnus-draft/']],
  ] as const)('by %s of %s leaves of this tab’s drafts %j', async (mode, section, left) => {
    sessionStorage.setItem('somnus-draft/', JSON.stringify({ text: 'typed before', edits: [] }))
    onTestFinished(() => sessionStorage.removeItem('somnus-draft/'))
    await fill(database)
    const workspace = makeWorkspace({ forgetDrafts: () => forgetOwnDrafts(sessionStorage) })
    await workspace.open(await exported(database))
    if (workspace.importState.kind !== 'preview') throw new Error(workspace.importState.kind)
    const wish = likelyWish(workspace.importState.preview)
    await workspace.confirm({ ...wish, mode, sections: [section] }, ' (imported)')
    expect(reloads).toBe(1)
    expect(Object.keys(sessionStorage).filter((name) => name.startsWith('somnus-draft/'))).toEqual(left)
  })

  it('takes back what users may write at any length, and lists it by its beginning', async () => {
    const long = '药'.repeat(50_000)
    await putConversation(database, { ...conversation('talk', 1, long), renamed: true }, [question(0, 'a')])
    const file = await exported(database)
    await database.clear('conversations')
    const workspace = makeWorkspace()
    await workspace.open(file)
    expect(workspace.importState).toMatchObject({ kind: 'preview', preview: { sections: [{ records: 1 }] } })
    if (workspace.importState.kind !== 'preview') return
    expect(workspace.importState.preview.sections[0]?.named[0]?.name).toBe(`${'药'.repeat(199)}…`)
    await confirmed(workspace)
    expect((await database.getAll('conversations'))[0]?.title).toBe(long)
  })
})

describe('a stored model', () => {
  it('goes into the archive, is removed, and comes back byte for byte', async () => {
    const client = new ModelClient({
      hosts: anyHost,
      databaseName: database.name,
      spawn: () =>
        new Worker(new URL('../../src/worker/models.ts', import.meta.url), {
          type: 'module',
          name: 'models',
        }),
    })
    const records = new ModelDatabase(database)
    let stored: StoredModel[] = []
    const models: WorkspacePorts['models'] = {
      get models() {
        return stored
      },
      exportArchive: (id) => client.exportArchive(id, () => undefined, never),
      inspectFiles: (files, library) => client.inspectFiles(files, library, () => undefined, never),
      importFiles: (plan, files, library) =>
        client.importFiles(plan, files, library, null, () => undefined, never),
    }
    const gguf = await (await fetch('/models/formulary.gguf')).blob()
    const chosen = [{ path: 'ward.gguf', file: new File([gguf], 'ward.gguf') }]
    const plan = await models.inspectFiles(chosen, null, () => undefined, never)
    const brought = plan.ok ? await models.importFiles(plan.value, chosen, null) : plan
    expect(brought.ok ? 'stored' : brought.failure).toBe('stored')
    stored = await records.list()

    const archives: File[] = []
    const workspace = makeWorkspace({ models })
    for (let times = 0; times < 2; times += 1) {
      await workspace.export('download', true, (file) => void archives.push(file))
      expect(workspace.exportState).toMatchObject({ kind: 'done', downloaded: true })
    }
    const [first, second] = await Promise.all(archives.map((file) => file.bytes()))
    expect(first && first.length > gguf.size).toBe(true)
    expect(second).toEqual(first)

    for (const { id } of stored) await client.remove(id)
    expect(await records.list()).toEqual([])
    await workspace.open(archives[0] as File)
    expect(workspace.importState).toMatchObject({
      preview: { models: [{ bytes: expect.any(Number) as number }] },
    })
    await confirmed(workspace)
    expect(reports).toMatchObject([{ models: { stored: [expect.any(String)], failed: [] } }])
    // Once more: it is not stored twice.
    await workspace.open(archives[0] as File)
    await confirmed(workspace)
    const [model, ...others] = await records.list()
    expect(others).toEqual([])
    expect(model).toMatchObject({ fingerprint: stored[0]?.fingerprint, name: stored[0]?.name })
    const [weights] = model?.files ?? []
    const back = model && weights ? await new ModelFiles().file(model.id, weights.path) : undefined
    expect(await back?.bytes()).toEqual(await gguf.bytes())
    if (model) await client.remove(model.id)
  })

  it('that is larger than an archive can hold stays out of it, and is named before', () => {
    const model = (bytes: number) => ({
      id: `own/${bytes}`,
      files: [{ path: 'a', bytes, state: 'verified' }],
    })
    const stored = [model(MAX_MODEL_BYTES), model(MAX_MODEL_BYTES + 1)]
    const workspace = makeWorkspace({ models: { ...noModels, models: stored as unknown as StoredModel[] } })
    expect(workspace.packable).toEqual([stored[0]])
    expect(workspace.tooLarge).toEqual([stored[1]])
  })

  it('that cannot be packed ends the export with its name, and frees the worker', async () => {
    const broken = { id: 'own/a', name: 'Ward', quantization: 'F16', files: [] } as unknown as StoredModel
    const models = {
      ...noModels,
      models: [broken],
      exportArchive: () => Promise.resolve(failure({ kind: 'unknown-model' })),
    } as unknown as WorkspacePorts['models']
    const end = vi.fn()
    const workspace = makeWorkspace({ models, start: () => ({ ...startWorkspaceWorker(), end }) })
    await workspace.export('download', true, () => undefined)
    expect(workspace.exportState).toMatchObject({ failure: { kind: 'model-failed', name: 'Ward' } })
    expect(end).toHaveBeenCalledOnce()
  })
})

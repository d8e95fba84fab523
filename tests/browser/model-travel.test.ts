/** A model leaves one browser as a pack and enters another, through the real worker and the real file system. */
import { afterEach, expect, test } from 'vitest'
import { ModelClient } from '#app/model-client'
import { ModelStore } from '#app/model-store.svelte'
import { stateOf } from '#core/model/stored'
import { failure, type Result } from '#core/result'
import { ModelDatabase } from '#data/db/models'
import { Preferences } from '#data/db/preferences'
import { openDatabase } from '#data/db/schema'
import { ModelFiles } from '#data/model-files'
import type { NamedFile } from '#worker/model-api'
import { anyHost } from '../any-host'

const GGUF = new URL('/models/formulary.gguf', location.origin).href
const never = new AbortController().signal
const ignore = () => undefined
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A browser with a database of its own; they share the file system, so one ends before the next begins. */
async function openBrowser(): Promise<{ store: ModelStore; end: () => Promise<void> }> {
  const name = `test-travel-${crypto.randomUUID()}`
  const opened = await openDatabase({ onBlocked: ignore, onOutdated: ignore }, name)
  const workers: Worker[] = []
  const store = new ModelStore({
    hosts: anyHost,
    door: new ModelClient({
      hosts: anyHost,
      databaseName: name,
      spawn() {
        const worker = new Worker(new URL('./counted-model-worker.ts', import.meta.url), { type: 'module' })
        workers.push(worker)
        return worker
      },
    }),
    database: new ModelDatabase(opened),
    files: new ModelFiles(),
    preferences: new Preferences(opened),
    storageStatus: () => Promise.resolve({ estimate: null, persisted: false }),
    requestPersistence: () => Promise.resolve(false),
    channel: { tell: ignore, hear: ignore },
    now: () => performance.now(),
  })
  await store.restore()
  const end = async () => {
    for (const { id } of store.models) await store.remove(id)
    for (const worker of workers) worker.terminate()
    opened.close()
    indexedDB.deleteDatabase(name)
  }
  closing.push(end)
  return { store, end }
}

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function builtInFile(name = 'ward.gguf'): Promise<NamedFile> {
  return { path: name, file: new File([await (await fetch(GGUF)).blob()], name) }
}

async function filesIn(folder: FileSystemDirectoryHandle, prefix: string): Promise<NamedFile[]> {
  const found: NamedFile[] = []
  for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
    const path = `${prefix}/${name}`
    if (handle.kind === 'directory') found.push(...(await filesIn(handle as FileSystemDirectoryHandle, path)))
    else found.push({ path, file: await (handle as FileSystemFileHandle).getFile() })
  }
  return found
}

test('a GGUF file is looked at, copied in and verified', async () => {
  const { store } = await openBrowser()
  const chosen = [await builtInFile()]
  const plan = valueOf(await store.inspectFiles(chosen, null, ignore, never))
  expect(plan).toMatchObject({ architecture: 'qwen2', runtime: { engine: 'wllama' } })
  const model = valueOf(await store.importFiles(plan, chosen, null))
  expect(stateOf(model)).toBe('complete')
  expect(model.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  const { files } = valueOf(await store.engineFiles(model.id))
  expect(files[0]?.file.size).toBe(chosen[0]?.file.size)
})

test('two files of one name are two models; the same file again is the same model', async () => {
  const { store } = await openBrowser()
  const chosen = await builtInFile()
  const bytes = new Uint8Array(await chosen.file.arrayBuffer())
  bytes.set([bytes.at(-1)! ^ 1], bytes.length - 1)
  const other = { path: chosen.path, file: new File([bytes], chosen.path) }
  for (const file of [chosen, other, chosen]) {
    const plan = valueOf(await store.inspectFiles([file], null, ignore, never))
    expect(await store.importFiles(plan, [file], null)).toMatchObject({ ok: true })
  }
  expect(new Set(store.models.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  expect(store.models).toHaveLength(2)
})

test('a model travels as an archive and as a folder, and is the same where it arrives', async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('stick', { create: true })
  closing.push(async () => (await navigator.storage.getDirectory()).removeEntry('stick', { recursive: true }))
  const chosen = [await builtInFile()]
  const here = await openBrowser()
  const plan = valueOf(await here.store.inspectFiles(chosen, null, ignore, never))
  const model = valueOf(await here.store.importFiles(plan, chosen, null))
  const archive = valueOf(await here.store.exportArchive(model.id))
  const tar = new File([await archive.arrayBuffer()], 'ward.tar')
  const name = valueOf(await here.store.exportFolder(model.id, folder))
  await here.end()

  const packs: NamedFile[][] = [
    [{ path: 'ward.tar', file: tar }],
    await filesIn(await folder.getDirectoryHandle(name), name),
  ]
  for (const pack of packs) {
    const there = await openBrowser()
    const found = valueOf(await there.store.inspectFiles(pack, null, ignore, never))
    const arrived = valueOf(await there.store.importFiles(found, pack, null))
    expect(arrived.fingerprint).toBe(model.fingerprint)
    expect(stateOf(arrived)).toBe('complete')
    await there.end()
  }
})

test('a model at an address is looked at without fetching it whole, then added', async () => {
  const { store } = await openBrowser()
  const requests: string[] = []
  const channel = new BroadcastChannel('test-requests')
  channel.onmessage = ({ data }) => requests.push(data as string)
  const source = { address: GGUF, libraryUrl: null, family: null, token: null }
  const found = valueOf(await store.look(source, ignore, never))
  if (found.kind !== 'model') throw new Error(found.kind)
  const { plan } = found
  expect(plan).toMatchObject({ runtime: { engine: 'wllama' }, origin: { kind: 'remote', address: GGUF } })
  expect(stateOf(valueOf(await store.add(plan)))).toBe('complete')
  await expect.poll(() => new Set(requests)).toEqual(new Set([GGUF]))
  channel.close()
})

test('what is no model is refused', async () => {
  const { store } = await openBrowser()
  const chosen = [{ path: 'notes.txt', file: new File(['x'], 'notes.txt') }]
  expect(await store.inspectFiles(chosen, null, ignore, never)).toMatchObject(
    failure({ kind: 'not-a-model' }),
  )
})

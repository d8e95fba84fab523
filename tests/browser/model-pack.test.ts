/** Packs of an MLC model: through the model worker, out to a folder and an archive, and back, bit by bit. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ModelClient } from '#app/model-client'
import type { ModelResult } from '#core/model/failure'
import { PACK_MANIFEST, readPackManifest } from '#core/model/pack'
import { stateOf, type StoredModel } from '#core/model/stored'
import { ModelDatabase } from '#data/db/models'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { ModelFiles } from '#data/model-files'
import type { ModelProgress, NamedFile } from '#worker/model-api'
import { mlcFolder } from '../unit/model/mlc-fixture'
import { namedFiles } from '../unit/model/named-files'
import { anyHost } from '../any-host'

const never = new AbortController().signal
const files = new ModelFiles()
let client: ModelClient
let workers: Worker[]
let database: SomnusDatabase
let models: ModelDatabase
let databaseName: string
let stick: FileSystemDirectoryHandle
let told: ModelProgress[]
const listen = (progress: ModelProgress) => void told.push(progress)

beforeEach(async () => {
  databaseName = `test-pack-${crypto.randomUUID()}`
  const observer = { onBlocked: () => undefined, onOutdated: () => undefined }
  database = await openDatabase(observer, databaseName)
  models = new ModelDatabase(database)
  workers = []
  told = []
  client = new ModelClient({
    hosts: anyHost,
    databaseName,
    spawn() {
      const worker = new Worker(new URL('../../src/worker/models.ts', import.meta.url), { type: 'module' })
      workers.push(worker)
      return worker
    },
  })
  const root = await navigator.storage.getDirectory()
  stick = await root.getDirectoryHandle(databaseName, { create: true })
})
afterEach(async () => {
  for (const { id } of await models.list()) await client.remove(id)
  for (const worker of workers) worker.terminate()
  database.close()
  indexedDB.deleteDatabase(databaseName)
  await (await navigator.storage.getDirectory()).removeEntry(databaseName, { recursive: true })
})

function valueOf<Value>(result: ModelResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** Brings chosen files into the store. */
async function bring(chosen: readonly NamedFile[]): Promise<StoredModel> {
  const plan = valueOf(await client.inspectFiles(chosen, null, listen, never))
  return valueOf(await client.importFiles(plan, chosen, null, null, listen, never))
}

/** The synthetic model under a name of its own, because tests share the file system. */
async function bringFolder(): Promise<StoredModel> {
  return bring(namedFiles(await mlcFolder(), `Tiny ${databaseName.slice(-6)}/`))
}

async function filesIn(folder: FileSystemDirectoryHandle, prefix = ''): Promise<NamedFile[]> {
  const found: NamedFile[] = []
  for await (const entry of folder.values()) {
    const path = `${prefix}${entry.name}`
    if (entry.kind === 'directory') found.push(...(await filesIn(entry, `${path}/`)))
    else found.push({ path, file: await entry.getFile() })
  }
  return found
}

/** path -> SHA-256 of what is stored of a model now. */
async function stored(model: StoredModel): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const { path } of model.files) {
    const file = await files.file(model.id, path)
    const digest = await crypto.subtle.digest('SHA-256', (await file?.arrayBuffer()) ?? new ArrayBuffer())
    hashes.set(
      path,
      Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    )
  }
  return hashes
}

/** Changes one stored byte behind the store's back. */
async function flipStored(model: StoredModel, path: string): Promise<void> {
  let folder = await navigator.storage.getDirectory()
  for (const name of ['models', encodeURIComponent(model.id)]) folder = await folder.getDirectoryHandle(name)
  const handle = await folder.getFileHandle(path)
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer())
  bytes[7] = (bytes[7] ?? 0) ^ 1
  const stream = await handle.createWritable()
  await stream.write(bytes)
  await stream.close()
}

async function foldersOnStick(): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of stick.values()) names.push(name)
  return names
}

describe('a pack', () => {
  it.each(['folder', 'archive'] as const)('as %s brings every byte to another machine', async (kind) => {
    const model = await bringFolder()
    const before = await stored(model)
    let pack: NamedFile[]
    if (kind === 'folder') {
      const name = valueOf(await client.exportFolder(model.id, stick, listen, never))
      pack = await filesIn(await stick.getDirectoryHandle(name), `${name}/`)
    } else {
      const archive = valueOf(await client.exportArchive(model.id, listen, never))
      const stream = await (await stick.getFileHandle('pack.tar', { create: true })).createWritable()
      await archive.stream().pipeTo(stream)
      pack = [{ path: 'pack.tar', file: await (await stick.getFileHandle('pack.tar')).getFile() }]
    }
    valueOf(await client.remove(model.id))
    expect(await files.file(model.id, 'params_shard_0.bin')).toBeNull()

    const arrived = await bring(pack)
    expect(stateOf(arrived)).toBe('complete')
    expect(arrived).toMatchObject({ id: model.id, name: model.name, fingerprint: model.fingerprint })
    expect(arrived.origin.kind).toBe('pack')
    expect(await stored(arrived)).toEqual(before)
    expect(told.some(({ kind: told }) => told === 'copying')).toBe(true)
  })

  it('names every file with its SHA-256 in its manifest', async () => {
    const model = await bringFolder()
    const name = valueOf(await client.exportFolder(model.id, stick, listen, never))
    const folder = await stick.getDirectoryHandle(name)
    const manifest = valueOf(
      readPackManifest(await (await (await folder.getFileHandle(PACK_MANIFEST)).getFile()).text()),
    )
    const hashes = await stored(model)
    expect(new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]))).toEqual(hashes)
  })

  it('of the same model beside it gets a folder of its own', async () => {
    const { id } = await bringFolder()
    const first = valueOf(await client.exportFolder(id, stick, listen, never))
    const second = valueOf(await client.exportFolder(id, stick, listen, never))
    expect(second).toBe(`${first}-2`)
    expect((await foldersOnStick()).toSorted()).toEqual([first, second])
  })

  it.each(['folder', 'archive'] as const)(
    'as %s carries no damaged byte, and tells the damage',
    async (kind) => {
      const model = await bringFolder()
      await flipStored(model, 'params_shard_1.bin')
      const result =
        kind === 'folder'
          ? await client.exportFolder(model.id, stick, listen, never)
          : await client.exportArchive(model.id, listen, never)
      expect(result).toMatchObject({ failure: { kind: 'checksum-mismatch', path: 'params_shard_1.bin' } })
      expect(await foldersOnStick()).toEqual([])
      const after = await models.get(model.id)
      expect(after?.files.filter(({ state }) => state === 'damaged').map(({ path }) => path)).toEqual([
        'params_shard_1.bin',
      ])
    },
  )

  it('mends a damaged model, copying the damaged file only', async () => {
    const model = await bringFolder()
    const before = await stored(model)
    const name = valueOf(await client.exportFolder(model.id, stick, listen, never))
    const pack = await filesIn(await stick.getDirectoryHandle(name), `${name}/`)
    await flipStored(model, 'params_shard_1.bin')
    const damaged = valueOf(await client.verify(model.id, listen, never))
    expect(stateOf(damaged)).toBe('damaged')
    told.splice(0)
    const plan = valueOf(await client.inspectFiles(pack, null, listen, never))
    const mended = valueOf(await client.importFiles(plan, pack, null, null, listen, never))
    expect(stateOf(mended)).toBe('complete')
    expect(await stored(mended)).toEqual(before)
    const copied = told.find((progress) => progress.kind === 'copying')
    const shard = model.files.find(({ path }) => path === 'params_shard_1.bin')
    expect(copied).toMatchObject({ totalBytes: shard?.bytes })
  })

  it('with one changed byte is refused where it arrives, and nothing looks whole', async () => {
    const model = await bringFolder()
    const name = valueOf(await client.exportFolder(model.id, stick, listen, never))
    const pack = await filesIn(await stick.getDirectoryHandle(name), `${name}/`)
    await client.remove(model.id)
    const changed = await Promise.all(
      pack.map(async ({ path, file }) => {
        const bytes = new Uint8Array(await file.arrayBuffer())
        if (path.endsWith('params_shard_0.bin')) bytes[100] = (bytes[100] ?? 0) ^ 1
        return { path, file: new File([bytes], file.name) }
      }),
    )
    const plan = valueOf(await client.inspectFiles(changed, null, listen, never))
    expect(await client.importFiles(plan, changed, null, null, listen, never)).toMatchObject({
      failure: { kind: 'checksum-mismatch', path: 'params_shard_0.bin' },
    })
    const record = await models.get(plan.id)
    expect(record && stateOf(record)).toBe('incomplete')
    expect((await files.file(plan.id, 'params_shard_0.bin'))?.size ?? 0).toBe(0)
  })

  it('is not made of an incomplete model', async () => {
    const model = await bringFolder()
    await models.updateFile(model.id, 'tokenizer.json', { state: 'absent' })
    expect(await client.exportFolder(model.id, stick, listen, never)).toEqual({
      ok: false,
      failure: { kind: 'pack-incomplete', missing: ['tokenizer.json'] },
    })
    expect(await foldersOnStick()).toEqual([])
  })
})

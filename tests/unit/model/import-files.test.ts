import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { recordOf } from '#core/model/record'
import { stateOf, type StoredFile, type StoredModel } from '#core/model/stored'
import { success } from '#core/result'
import { importFiles } from '#worker/models/import-files'
import { inspectFiles } from '#worker/models/inspect-files'
import type { ModelProgress, NamedFile } from '#worker/model-api'
import { memorySink, never, type MemorySink } from '../transfer/fixtures'
import { ggufFile } from './gguf-fixture'
import { inspectPorts, tinyLibrary } from './known-fixture'
import { libraryBytes, METADATA } from './library-fixture'
import { mlcFolder } from './mlc-fixture'
import { namedFiles, unreadable } from './named-files'

type Files = Map<string, Uint8Array<ArrayBuffer>>
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A store in memory: bytes, the record, and what was reported. */
class Store {
  readonly sinks = new Map<string, MemorySink>()
  readonly told: Extract<ModelProgress, { kind: 'copying' }>[] = []
  model: StoredModel
  room = Infinity
  freeBytes: number | null = null

  constructor(model: StoredModel) {
    this.model = model
  }
  readonly ports = {
    files: {
      openSink: (_: string, path: string) => {
        const sink = memorySink(this.sinks.get(path)?.bytes, this.room)
        this.sinks.set(path, sink)
        return Promise.resolve(success(sink))
      },
      storedBytes: () => Promise.resolve(new Map([...this.sinks].map(([path, { size }]) => [path, size]))),
    },
    availableBytes: () => Promise.resolve(this.freeBytes),
    onFile: (file: StoredFile) => {
      const files = this.model.files.map((before) => (before.path === file.path ? file : before))
      this.model = { ...this.model, files }
      return Promise.resolve()
    },
    onProgress: (progress: Extract<ModelProgress, { kind: 'copying' }>) => void this.told.push(progress),
  }
  import(files: readonly NamedFile[], library: File | null = null, signal = never) {
    return importFiles(this.model, files, library, this.ports, signal)
  }
  bytesOf(path: string): Uint8Array {
    return this.sinks.get(path)?.bytes ?? new Uint8Array()
  }
  stateOf(path: string) {
    return this.model.files.find((file) => file.path === path)?.state
  }
}

async function storeFor(
  files: readonly NamedFile[],
  library: File | null = null,
  ports = inspectPorts(),
): Promise<Store> {
  const plan = await inspectFiles(files, library, ports, never)
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure))
  return new Store(recordOf(plan.value, undefined, 1))
}

let folder: Files
let chosen: NamedFile[]
let store: Store
beforeEach(async () => {
  folder = await mlcFolder()
  chosen = namedFiles(folder, 'stick/tiny/')
  store = await storeFor(chosen)
})

/** The folder with one byte of a file changed after it was looked at. */
function flipped(path: string): NamedFile[] {
  const bytes = Uint8Array.from(folder.get(path) ?? [])
  bytes[10] = (bytes[10] ?? 0) ^ 1
  return namedFiles(new Map([...folder, [path, bytes]]), 'stick/tiny/')
}

describe('importing an MLC folder', () => {
  it('copies every file bit by bit and records its hash', async () => {
    expect(await store.import(chosen)).toEqual({ ok: true, value: undefined })
    expect(stateOf(store.model)).toBe('complete')
    for (const { path, sha256: recorded, bytes } of store.model.files) {
      const content = folder.get(path) as Uint8Array
      expect(Buffer.compare(store.bytesOf(path), content), path).toBe(0)
      expect([recorded, bytes]).toEqual([sha256(content), content.length])
    }
    expect([...store.sinks.values()].every(({ open }) => !open)).toBe(true)
    const total = [...folder.values()].reduce((sum, { length }) => sum + length, 0)
    expect(store.told[0]).toEqual({ kind: 'copying', doneBytes: 0, totalBytes: total })
    expect(store.told.at(-1)).toEqual({ kind: 'copying', doneBytes: total, totalBytes: total })
  })

  it.each([
    ['params_shard_1.bin', 'md5'],
    ['tokenizer.json', 'sha256'],
  ])('a changed byte in %s is found by its %s and nothing of it stays', async (path, algorithm) => {
    expect(await store.import(flipped(path))).toMatchObject({
      failure: { kind: 'checksum-mismatch', path, expected: { algorithm } },
    })
    expect(store.stateOf(path)).toBe('absent')
    expect(store.bytesOf(path)).toHaveLength(0)
    expect(stateOf(store.model)).toBe('incomplete')
  })

  it('goes on where it failed: what is verified is not copied again', async () => {
    await store.import(flipped('params_shard_1.bin'))
    store.told.splice(0)
    expect(await store.import(chosen)).toMatchObject({ ok: true })
    expect(stateOf(store.model)).toBe('complete')
    const rest = ['params_shard_1.bin', 'model.wasm'].map((path) => folder.get(path)?.length ?? 0)
    expect(store.told[0]?.totalBytes).toBe(rest.reduce((sum, bytes) => sum + bytes, 0))
  })

  it('replaces a damaged file, and only it', async () => {
    await store.import(chosen)
    await store.ports.onFile({ ...(store.model.files[3] as StoredFile), state: 'damaged' })
    store.told.splice(0)
    expect(await store.import(chosen)).toMatchObject({ ok: true })
    expect(stateOf(store.model)).toBe('complete')
    expect(store.told[0]?.totalBytes).toBe(store.model.files[3]?.bytes)
  })

  it('an abort keeps what is whole and empties what is not', async () => {
    const controller = new AbortController()
    const { onProgress } = store.ports
    store.ports.onProgress = (progress) => {
      onProgress(progress)
      if (progress.doneBytes > (folder.get('mlc-chat-config.json')?.length ?? 0)) controller.abort()
    }
    expect(await store.import(chosen, null, controller.signal)).toEqual({
      ok: false,
      failure: { kind: 'aborted' },
    })
    expect(store.stateOf('mlc-chat-config.json')).toBe('verified')
    for (const { path, state } of store.model.files) {
      if (state === 'absent') expect(store.bytesOf(path), path).toHaveLength(0)
    }
    expect(stateOf(store.model)).toBe('incomplete')
  })

  it('nothing is copied where there is no room for all', async () => {
    store.freeBytes = 100
    expect(await store.import(chosen)).toMatchObject({
      failure: { kind: 'storage-full', availableBytes: 100 },
    })
    expect(store.sinks.size).toBe(0)
  })

  it('a disk that fills meanwhile is told, and the file is emptied', async () => {
    store.room = 1000
    expect(await store.import(chosen)).toMatchObject({ failure: { kind: 'storage-full' } })
    expect(store.model.files.filter(({ state }) => state === 'verified').length).toBeGreaterThan(0)
    expect(stateOf(store.model)).toBe('incomplete')
  })

  it('a stick that is pulled out is told', async () => {
    const pulled = chosen.map((named) =>
      named.path.endsWith('params_shard_0.bin')
        ? { ...named, file: unreadable('params_shard_0.bin', named.file.size) }
        : named,
    )
    expect(await store.import(pulled)).toMatchObject({
      failure: { kind: 'file-unreadable', path: 'params_shard_0.bin' },
    })
    expect(store.stateOf('params_shard_0.bin')).toBe('absent')
  })

  it('other files than those that were looked at are refused', async () => {
    const without = chosen.filter(({ path }) => !path.endsWith('params_shard_1.bin'))
    expect(await store.import(without)).toEqual({
      ok: false,
      failure: { kind: 'pack-incomplete', missing: ['params_shard_1.bin'] },
    })
    expect(store.sinks.size).toBe(0)
  })

  it('a library given beside the folder is copied, one to be fetched is left absent', async () => {
    const bare = namedFiles(await mlcFolder({ library: null }))
    const given = new File([libraryBytes(METADATA)], 'mine.wasm')
    store = await storeFor(bare, given)
    expect(await store.import(bare, given)).toMatchObject({ ok: true })
    expect(Buffer.compare(store.bytesOf('library.wasm'), libraryBytes(METADATA))).toBe(0)

    store = await storeFor(bare, null, inspectPorts([tinyLibrary('https://example.org/tiny.wasm')]))
    expect(await store.import(bare)).toMatchObject({ ok: true })
    expect(store.model.files.filter(({ state }) => state === 'absent').map(({ path }) => path)).toEqual([
      'tiny.wasm',
    ])
  })
})

describe('importing a GGUF file', () => {
  it('copies it, whatever the catalogue calls it', async () => {
    const bytes = ggufFile()
    const ports = inspectPorts()
    for (const model of ports.catalog.models) {
      if (model.id !== 'qwen2.5-0.5b-instruct' || !('variants' in model.availability)) continue
      for (const variant of model.availability.variants)
        if ('sha256' in variant) variant.sha256 = sha256(bytes)
    }
    const picked = namedFiles([['download (3).gguf', bytes]])
    store = await storeFor(picked, null, ports)
    expect(store.model.files[0]?.path).toBe('qwen2.5-0.5b-instruct-q4_k_m.gguf')
    expect(await store.import(picked)).toMatchObject({ failure: { kind: 'wrong-size' } })
    const files = store.model.files.map((file) => ({ ...file, bytes: bytes.length }))
    store.model = { ...store.model, files }
    expect(await store.import(picked)).toMatchObject({ ok: true })
    expect(Buffer.compare(store.bytesOf('qwen2.5-0.5b-instruct-q4_k_m.gguf'), bytes)).toBe(0)
  })
})

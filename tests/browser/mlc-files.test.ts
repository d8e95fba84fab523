/** Stored files in place of the cache that WebLLM reads. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { showMlcFiles, type MlcFilesView } from '../../src/worker/mlc-files'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('showMlcFiles', () => {
  const files = [
    { path: 'tensor-cache.json', file: new File(['{}'], 'tensor-cache.json') },
    { path: 'params_shard_0.bin', file: new File(['shard'], 'params_shard_0.bin') },
  ]
  const library = new File(['wasm'], 'library.wasm')
  let view: MlcFilesView
  beforeEach(() => {
    view = showMlcFiles(files, library)
  })
  afterEach(() => view.restore())

  const textAt = async (url: string) =>
    (await (await caches.open('webllm/model')).match(new Request(url)))?.text()

  test('answers from the files, whatever cache is opened, and from nothing else', async () => {
    expect(await textAt(`${view.weightsUrl}params_shard_0.bin`)).toBe('shard')
    expect(await textAt(view.libraryUrl)).toBe('wasm')
    expect(await textAt('https://huggingface.co/a/b/resolve/main/params_shard_0.bin')).toBeUndefined()
  })

  test('gives the manifest under the names of old and new releases', async () => {
    expect(await textAt(`${view.weightsUrl}tensor-cache.json`)).toBe('{}')
    expect(await textAt(`${view.weightsUrl}ndarray-cache.json`)).toBe('{}')
  })

  test('lists every file, so that WebLLM takes all shards for cached', async () => {
    const urls = (await (await caches.open('webllm/model')).keys()).map(({ url }) => url)
    expect(urls).toContain(`${view.weightsUrl}params_shard_0.bin`)
  })

  test('fetches nothing: what is missing is named', async () => {
    const network = vi.spyOn(globalThis, 'fetch')
    const cache = await caches.open('webllm/model')
    const adding = cache.add(new Request(`${view.weightsUrl}tokenizer.json`))
    await expect(adding).rejects.toMatchObject({ name: 'MissingModelFile', path: 'tokenizer.json' })
    expect(network).not.toHaveBeenCalled()
  })

  test('puts the real caches back; a view that was replaced leaves its successor alone', async () => {
    const next = showMlcFiles([], library)
    view.restore()
    expect(await textAt(next.libraryUrl)).toBe('wasm')
    next.restore()
    expect(globalThis.caches).toBeInstanceOf(CacheStorage)
  })
})

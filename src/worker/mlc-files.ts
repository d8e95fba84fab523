/**
 * The stored files of a model where WebLLM looks for them: in the Cache API. Nothing is fetched or copied; a file
 * that the model lacks is an error that names it.
 */
import type { EngineFile } from '#core/engine'

/** WebLLM 0.2.80 and later ask for the first, earlier ones for the second; their content is the same. */
const MANIFEST_NAMES = ['tensor-cache.json', 'ndarray-cache.json'] as const

/**
 * Addresses that exist for WebLLM only. It takes an address with "/resolve/" as it is, and passes the cache over
 * for one with "localhost".
 */
const PSEUDO_HOST = 'https://model.invalid'

/** A file that WebLLM asked for and the model has not. */
export class MissingModelFile extends Error {
  override readonly name = 'MissingModelFile'
  readonly path: string

  constructor(path: string) {
    super(`The model has no file "${path}".`)
    this.path = path
  }
}

export interface MlcFilesView {
  /** For WebLLM's model record. */
  weightsUrl: string
  libraryUrl: string
  /** Puts the real caches back. */
  restore(): void
}

const realCaches = Object.getOwnPropertyDescriptor(globalThis, 'caches')
let views = 0

/** Makes `files` and the library all that this worker's `caches` hold, until `restore`. */
export function showMlcFiles(files: readonly EngineFile[], library: File): MlcFilesView {
  views += 1
  const base = `${PSEUDO_HOST}/${views}/`
  const weightsUrl = `${base}resolve/main/`
  const libraryUrl = `${base}library.wasm`
  const byUrl = new Map<string, File>([[libraryUrl, library]])
  for (const { path, file } of files) byUrl.set(new URL(path, weightsUrl).href, file)
  const manifest = files.find(({ path }) => (MANIFEST_NAMES as readonly string[]).includes(path))
  if (manifest) for (const name of MANIFEST_NAMES) byUrl.set(weightsUrl + name, manifest.file)

  const cache = {
    match(request: RequestInfo) {
      const file = byUrl.get(urlOf(request))
      return Promise.resolve(file && new Response(file))
    },
    add(request: RequestInfo) {
      return Promise.reject(new MissingModelFile(urlOf(request).replace(weightsUrl, '')))
    },
    keys: () => Promise.resolve([...byUrl.keys()].map((url) => new Request(url))),
    // WebLLM deletes what it takes for broken; what is stored is the model store's to delete.
    delete: () => Promise.resolve(false),
  }
  const view = { open: () => Promise.resolve(cache) }
  Object.defineProperty(globalThis, 'caches', { value: view, configurable: true })
  return {
    weightsUrl,
    libraryUrl,
    restore() {
      if ((globalThis.caches as unknown) !== view) return
      if (realCaches) Object.defineProperty(globalThis, 'caches', realCaches)
      else Reflect.deleteProperty(globalThis, 'caches')
    },
  }
}

function urlOf(request: RequestInfo): string {
  return typeof request === 'string' ? request : request.url
}

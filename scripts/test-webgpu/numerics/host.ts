/** Workers of the numerical tests, in one page of one browser. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { build } from 'vite'
import { filesRoute, sendFile, type Route } from '../../served-site'
import type { WebLlmRelease } from '../app-build'
import type { Calls } from './worker'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const WORKER = 'worker.js'
const PREFIX = '/beside/numerics/'
/** An empty page, below the site's address. */
export const PAGE = 'beside/numerics/page.html'
/** A cold pass over a long prompt on a software adapter takes minutes; what takes longer than this hangs. */
const ANSWER_LIMIT_MS = 60 * 60_000

/** Builds the worker with the app's engine and the given release of WebLLM; gives the folder. */
export async function buildWorker(release: WebLlmRelease, cache: string): Promise<string> {
  const outDir = resolve(cache, `numerics-${release.version}`)
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    resolve: {
      alias: release.isShipped ? [] : [{ find: /^@mlc-ai\/web-llm(?=$|\/)/, replacement: release.package }],
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      rolldownOptions: { input: resolve(HERE, 'worker.ts'), output: { entryFileNames: WORKER } },
    },
  })
  writeFileSync(join(outDir, 'page.html'), '<!doctype html><title>Numerics</title>')
  return outDir
}

export interface Addresses {
  weightsUrl: string
  libraryUrl: string
}

/** Where the workers find their code, the weights and the library. */
export function numericsRoutes(worker: string, weights: string, library: string): Route[] {
  return [
    filesRoute(`${PREFIX}weights/resolve/main/`, weights),
    {
      prefix: `${PREFIX}library.wasm`,
      answer: (_path, _request, response) => sendFile(library, response),
    },
    filesRoute(PREFIX, worker),
  ]
}

/** WebLLM passes its cache over for addresses with "localhost", which is what is wanted here. */
export function addressesOn(siteUrl: string): Addresses {
  const at = (path: string) => new URL(PREFIX + path, siteUrl).href
  return { weightsUrl: at('weights/resolve/main/'), libraryUrl: at('library.wasm') }
}

type Argument<Name extends keyof Calls> = Parameters<Calls[Name]> extends [infer Value] ? [Value] : []
type Value<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>
type Scope = typeof globalThis & { numerics?: Map<string, Worker> }

/** A worker with one loaded model. */
export class ModelWorker {
  readonly #page: Page
  readonly #name: string

  private constructor(page: Page, name: string) {
    this.#page = page
    this.#name = name
  }

  static async open(page: Page, name: string): Promise<ModelWorker> {
    await page.evaluate(
      ([id, url]) => {
        const scope = globalThis as Scope
        scope.numerics ??= new Map<string, Worker>()
        scope.numerics.set(id, new Worker(url, { type: 'module' }))
      },
      [name, PREFIX + WORKER] as const,
    )
    return new ModelWorker(page, name)
  }

  call<Name extends keyof Calls>(call: Name, ...[argument]: Argument<Name>): Promise<Value<Name>> {
    return this.#page.evaluate(
      ([id, name, value, limitMs]) =>
        new Promise<Value<Name>>((resolve, reject) => {
          const worker = (globalThis as Scope).numerics!.get(id)!
          const timer = setTimeout(() => reject(new Error(`${name}: no answer`)), limitMs)
          worker.onmessage = ({ data }: MessageEvent<{ value: Value<Name>; error?: string }>) => {
            clearTimeout(timer)
            if (data.error === undefined) resolve(data.value)
            else reject(new Error(data.error))
          }
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage({ call: name, argument: value })
        }),
      [this.#name, call, argument, ANSWER_LIMIT_MS] as const,
    )
  }

  async close(): Promise<void> {
    await this.call('unload')
    await this.#page.evaluate((id) => {
      const { numerics } = globalThis as Scope
      numerics?.get(id)?.terminate()
      numerics?.delete(id)
    }, this.#name)
  }
}

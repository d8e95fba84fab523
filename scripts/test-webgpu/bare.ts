/** WebLLM as it comes, in a worker of its own beside the app: what the app is held against. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import type { ChatMessage } from '#core/prompt/question'
import { filesRoute, sendFile, type Route } from '../served-site'
import type { WebLlmRelease } from './app-build'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url))

export interface BareReply {
  text: string
  tokens: number
  milliseconds: number
}

type BareCall = <Value>(call: string, argument?: unknown) => Promise<Value>
type Scope = typeof globalThis & { bare?: { call: BareCall; end(): void } }

/** Where the bare worker finds its code, the package, the weights and the library. */
export function bareRoutes(release: WebLlmRelease, weights: string, library: string): Route[] {
  return [
    filesRoute('/beside/weights/resolve/main/', weights),
    { prefix: '/beside/library.wasm', answer: (_path, _request, response) => sendFile(library, response) },
    filesRoute('/beside/web-llm/', join(PACKAGES, release.package, 'lib')),
    filesRoute('/beside/', HERE),
  ]
}

/** Starts the worker and loads the model in it. */
export async function openBare(page: Page, contextTokens: number): Promise<void> {
  await page.evaluate(async (tokens) => {
    const worker = new Worker('/beside/bare-webllm.js', { type: 'module' })
    const call: BareCall = (name, argument) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<{ value: never; error?: string }>) =>
          data.error === undefined ? resolve(data.value) : reject(new Error(data.error))
        worker.onerror = ({ message }) => reject(new Error(message))
        worker.postMessage({ call: name, argument })
      })
    await call('load', { contextTokens: tokens })
    ;(globalThis as Scope).bare = { call, end: () => worker.terminate() }
  }, contextTokens)
}

export function askBare(page: Page, messages: readonly ChatMessage[], maxTokens: number): Promise<BareReply> {
  return page.evaluate((argument) => (globalThis as Scope).bare!.call<BareReply>('reply', argument), {
    messages,
    maxTokens,
  })
}

/** The tokens of each text. */
export function encodeBare(page: Page, texts: readonly string[]): Promise<number[][]> {
  return page.evaluate((argument) => (globalThis as Scope).bare!.call<number[][]>('encode', argument), texts)
}

export function decodeBare(page: Page, tokens: readonly number[]): Promise<string> {
  return page.evaluate((argument) => (globalThis as Scope).bare!.call<string>('decode', argument), tokens)
}

export async function closeBare(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { bare } = globalThis as Scope
    await bare?.call('unload')
    bare?.end()
  })
}

/** The app as a user works it, by the words on the page, and its engine as the pages ask it. */
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import type { EngineDescription, EngineFailure, EngineResult, Generation, LetterScores } from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { english as en } from '#i18n/english'

type Scope = typeof globalThis & { somnusStores: Stores }

export interface Adapter {
  name: string
  /** Runs on the CPU: everything takes a thousand times as long. */
  isSoftware: boolean
}

const IMPORT_LIMIT_MS = 10 * 60_000
/** Loading compiles shaders; a software adapter on a busy machine needs minutes. */
const LOAD_LIMIT_MS = 15 * 60_000

/** A pass over a prompt on a software adapter takes minutes; what takes longer than this hangs. */
const ANSWER_LIMIT_MS = 30 * 60_000

/** The value, or an error once the engine has been silent for too long. */
async function inTime<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    const message = `The engine did not answer within ${ANSWER_LIMIT_MS / 60_000} minutes.`
    timer = setTimeout(() => reject(new Error(message)), ANSWER_LIMIT_MS)
  })
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer))
}

/** Goes to the Models page through the app's own link. */
export async function openModels(page: Page): Promise<void> {
  await page.getByRole('link', { name: en.common.pages.models, exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name: en.models.title }).waitFor()
}

/** Imports a folder and its library; gives the message of the notice that ends it. */
export async function importModel(
  page: Page,
  folder: string,
  library: string,
  name: string,
): Promise<string> {
  await page.locator(`input[aria-label="${en.store.libraryFile}"]`).setInputFiles(library)
  await page.locator(`input[aria-label="${en.store.chooseFolder}"]`).setInputFiles(folder)
  const dialog = page.getByRole('dialog', { name: en.store.reviewTitle })
  const refusal = page.getByRole('alert')
  await dialog.or(refusal).first().waitFor({ timeout: IMPORT_LIMIT_MS })
  if (!(await dialog.isVisible())) return `refused: ${await refusal.first().innerText()}`
  await dialog.getByLabel(en.store.reviewName).fill(name)
  await dialog.getByRole('button', { name: en.store.import }).click()
  const stored = page.getByText(en.store.added(name))
  await stored.or(refusal).first().waitFor({ timeout: IMPORT_LIMIT_MS })
  return (await stored.isVisible()) ? en.store.added(name) : `refused: ${await refusal.first().innerText()}`
}

/** Presses the model's Load button and waits until the engine has it. */
export async function loadModel(page: Page, name: string): Promise<EngineResult<EngineDescription>> {
  await page
    .getByRole('button', { name: en.models.loadModel(name), exact: true })
    .first()
    .click()
  return await page.evaluate(async (limitMs) => {
    const { engine } = (globalThis as Scope).somnusStores
    const began = performance.now()
    let hasBegun = false
    while (performance.now() - began < limitMs) {
      const { state } = engine
      if (state.kind === 'loading') hasBegun = true
      if (state.kind === 'ready') return { ok: true, value: state.description }
      if (state.kind === 'failed' && hasBegun) return { ok: false, failure: state.failure }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { ok: false, failure: { kind: 'engine-error', detail: `no end of loading: ${engine.state.kind}` } }
  }, LOAD_LIMIT_MS)
}

export async function unloadModel(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: en.store.unloadNamed(name), exact: true }).click()
  await page
    .getByRole('button', { name: en.models.loadModel(name), exact: true })
    .first()
    .waitFor()
  return await page.evaluate(() => (globalThis as Scope).somnusStores.engine.state.kind)
}

export function scoreLetters(
  page: Page,
  content: string,
  letters: readonly string[],
): Promise<EngineResult<LetterScores>> {
  return inTime(
    page.evaluate(
      ([text, options]) =>
        (globalThis as Scope).somnusStores.engine.scoreLetters(
          { messages: [{ role: 'user', content: text }], letters: options },
          new AbortController().signal,
        ),
      [content, letters] as const,
    ),
  )
}

/** A greedy reply. */
export function reply(page: Page, content: string, maxTokens: number): Promise<EngineResult<Generation>> {
  return inTime(
    page.evaluate(
      ([text, most]) =>
        (globalThis as Scope).somnusStores.engine.generate(
          { messages: [{ role: 'user', content: text }], maxTokens: most, temperature: 0, topP: 1, seed: 0 },
          () => undefined,
          new AbortController().signal,
        ),
      [content, maxTokens] as const,
    ),
  )
}

/** A greedy reply, timed from the call to its result in the page. */
export function timedReply(
  page: Page,
  messages: readonly ChatMessage[],
  maxTokens: number,
): Promise<{ text: string; tokens: number; milliseconds: number }> {
  return inTime(
    page.evaluate(
      async ([asked, most]) => {
        const began = performance.now()
        const result = await (globalThis as Scope).somnusStores.engine.generate(
          { messages: asked, maxTokens: most, temperature: 0, topP: 1, seed: 0 },
          () => undefined,
          new AbortController().signal,
        )
        const milliseconds = performance.now() - began
        if (!result.ok) throw new Error(JSON.stringify(result.failure))
        return { text: result.value.text, tokens: result.value.completionTokens, milliseconds }
      },
      [messages, maxTokens] as const,
    ),
  )
}

/** A long reply that is stopped at its first token; `milliseconds` from the stop to the end. */
export function abortedReply(
  page: Page,
  content: string,
): Promise<{ result: EngineResult<Generation>; milliseconds: number }> {
  return inTime(
    page.evaluate(async (text) => {
      const stop = new AbortController()
      let stoppedAt = performance.now()
      const result = await (globalThis as Scope).somnusStores.engine.generate(
        { messages: [{ role: 'user', content: text }], maxTokens: 500, temperature: 0, topP: 1, seed: 0 },
        () => {
          if (stop.signal.aborted) return
          stoppedAt = performance.now()
          stop.abort()
        },
        stop.signal,
      )
      return { result, milliseconds: performance.now() - stoppedAt }
    }, content),
  )
}

/** Asks for a reply and kills the browser's GPU process under it; what the app then says, and after how long. */
export async function loseDevice(
  page: Page,
  content: string,
): Promise<{ failure: EngineFailure | null; milliseconds: number; shown: boolean }> {
  const asked = reply(page, content, 500)
  // Far enough for the request to have reached the GPU.
  await page.waitForTimeout(1500)
  const session = await page.context().browser()?.newBrowserCDPSession()
  const began = performance.now()
  // The call itself fails on some versions, because the process is gone before it can answer.
  void session?.send('Browser.crashGpuProcess').catch(() => undefined)
  const timeout = new Promise<null>((resolve) => setTimeout(resolve, 60_000, null))
  const result = await Promise.race([asked, timeout])
  const milliseconds = performance.now() - began
  const sentence = page.getByText(en.failures.deviceLost.problem)
  const shown = await sentence
    .first()
    .waitFor({ timeout: 5000 })
    .then(() => true)
    .catch(() => false)
  return { failure: result && !result.ok ? result.failure : null, milliseconds, shown }
}

export function adapterOf(page: Page): Promise<Adapter | null> {
  return page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return null
    const { vendor, architecture, isFallbackAdapter } = adapter.info as GPUAdapterInfo & {
      isFallbackAdapter?: boolean
    }
    return {
      name: [vendor, architecture].filter(Boolean).join(' ') || 'unnamed',
      isSoftware: isFallbackAdapter ?? /swiftshader|llvmpipe/.test(architecture),
    }
  })
}

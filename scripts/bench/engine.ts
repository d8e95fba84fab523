/** The CPU engine through the app (page, worker, batches of events) against bare wllama, on the same prompts. */
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import type { ChatMessage } from '#core/prompt/question'
import { benchmarkPrompts } from '../benchmark-prompts'
import { spread, type Spread } from '../spread'

export interface EngineBench {
  rounds: number
  promptsPerRound: number
  /** New tokens per second over whole requests, the reading of the prompt included. */
  app: Spread
  bare: Spread
  /** App to bare in each round. */
  ratio: Spread
  /** The same from each prompt's fastest reply of all rounds: what other work on the machine disturbs least. */
  fastestRatio: number
}

interface Timing {
  tokens: number
  milliseconds: number
}

/** What one round measured: a reply to each prompt, by either side. */
interface Round {
  app: Timing[]
  bare: Timing[]
}

export const BUILT_IN = { modelId: 'formulary', variantId: 'q8_0', url: 'models/formulary.gguf' }
export type Settings = Readonly<Record<string, string | number | boolean>>

/** Threads and context as the app sets them for this model; all else as wllama comes. */
const SETTINGS = { n_ctx: 2048, n_threads: 1 }
const MAX_TOKENS = 200

/** Both sides take turns prompt by prompt, and swap who begins: what disturbs one disturbs the other. */
export async function benchEngine(page: Page, rounds: number, promptsPerRound: number): Promise<EngineBench> {
  await openEngines(page)
  const prompts = benchmarkPrompts(promptsPerRound)
  const measured: Round[] = []
  // The first round warms both up: code is compiled while it runs.
  for (let round = 0; round <= rounds; round += 1) {
    const result = await page.evaluate(oneRound, [prompts, MAX_TOKENS] as const)
    if (round > 0) measured.push(result)
  }
  const rate = (timings: Timing[]) => (1000 * sum(timings, 'tokens')) / sum(timings, 'milliseconds')
  return {
    rounds,
    promptsPerRound,
    app: spread(measured.map(({ app }) => rate(app))),
    bare: spread(measured.map(({ bare }) => rate(bare))),
    ratio: spread(measured.map(({ app, bare }) => rate(app) / rate(bare))),
    fastestRatio: rate(fastest(measured, 'app')) / rate(fastest(measured, 'bare')),
  }
}

/** The built-in model in the app's engine and in a bare worker beside it, with `settings` besides ours. */
export async function openEngines(page: Page, settings: Settings = {}): Promise<void> {
  await page.evaluate(openBoth, [BUILT_IN, { ...SETTINGS, ...settings }] as const)
}

function fastest(rounds: readonly Round[], side: keyof Round): Timing[] {
  const [first] = rounds
  return (first?.[side] ?? []).map((timing, prompt) =>
    rounds
      .map((round) => round[side][prompt]!)
      .reduce((best, each) => (each.milliseconds < best.milliseconds ? each : best), timing),
  )
}

function sum(timings: Timing[], key: keyof Timing): number {
  return timings.reduce((total, timing) => total + timing[key], 0)
}

export type BareCall = <Value>(call: string, argument: unknown) => Promise<Value>
export type BenchGlobal = typeof globalThis & { somnusStores: Stores; bare: BareCall }

/** In the page: loads the model into the app's engine and into a bare worker. */
async function openBoth([model, settings]: readonly [typeof BUILT_IN, Settings]): Promise<void> {
  const scope = globalThis as BenchGlobal
  const loaded = await scope.somnusStores.models.load(model)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
  const worker = new Worker('/beside/bare-wllama.js', { type: 'module' })
  scope.bare = (call, argument) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ value: never; error?: string }>) =>
        data.error === undefined ? resolve(data.value) : reject(new Error(data.error))
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage({ call, argument })
    })
  await scope.bare('load', { url: new URL(model.url, document.baseURI).href, settings })
}

/** In the page. The app's time is from the call to its result in the page; the bare worker times itself. */
async function oneRound([prompts, maxTokens]: readonly [ChatMessage[][], number]): Promise<Round> {
  const { somnusStores, bare } = globalThis as BenchGlobal
  const round: Round = { app: [], bare: [] }
  const askApp = async (messages: ChatMessage[]) => {
    const request = { messages, maxTokens, temperature: 0, topP: 1, seed: 0 }
    const began = performance.now()
    const result = await somnusStores.engine.generate(request, () => undefined, new AbortController().signal)
    const milliseconds = performance.now() - began
    if (!result.ok) throw new Error(JSON.stringify(result.failure))
    round.app.push({ tokens: result.value.completionTokens, milliseconds })
  }
  const askBare = async (messages: ChatMessage[]) => {
    round.bare.push(await bare<Timing>('reply', { messages, maxTokens }))
  }
  for (const [index, messages] of prompts.entries())
    for (const ask of index % 2 === 0 ? [askApp, askBare] : [askBare, askApp]) await ask(messages)
  return round
}

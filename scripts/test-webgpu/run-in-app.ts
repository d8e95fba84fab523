/** The life of a model in the app: import, load, answers that are right, abort, lost device, unload. */
import type { Page } from 'playwright'
import type { EngineDescription, LetterScores } from '#core/engine'
import * as app from './app-driver'
import { seconds, type Checks } from './checks'
import type { LibraryFacts } from './library-facts'
import { modelCodec, syntheticCodec } from './prompt-codec'
import { nextTokenLogits } from './reference-forward'
import { referenceShape } from './synthetic-model'
import type { WeightsFolder } from './weights-folder'

const NAME = 'WebGPU test'
const LETTERS = ['A', 'B', 'C', 'D']
const QUESTION = 'A, B or C?'
/** A reply of two tokens on a software adapter takes minutes. */
const REPLY_TOKENS = { software: 2, hardware: 64 }
/** Most that a probability may differ from the reference's, for single and half precision. */
const TOLERANCE = { f32: 3e-3, f16: 3e-2 }
/** Between two passes of the same engine over the same prompt. */
const REPEAT_TOLERANCE = 1e-6
/** Tokens of the greedy reply that the reference computes; each takes it a pass over the whole prompt. */
const REFERENCE_TOKENS = 2
/** 4-bit weights of 3 billion parameters, over which a pass takes some minutes. */
const REFERENCE_LIMIT_BYTES = 2e9
/** Of the engine that lends its tokenizer. */
const REFERENCE_CONTEXT_TOKENS = 1024
const LOSS_LIMIT_MS = 10_000
/** The app waits 20 s for the step under way, then replaces its worker. */
const ABORT_LIMIT_MS = 25_000

/** What an independent forward pass says of the question. */
interface Reference {
  promptTokens: number
  probabilities: number[]
  /** How the greedy reply begins; undefined where its tokens are no text by themselves. */
  text: string | undefined
}

export interface ModelInApp {
  name: string
  adapter: app.Adapter
  contextTokens: number
  isReal: boolean
}

/** Runs all checks; undefined where the model could not even be loaded. */
export async function runInApp(
  page: Page,
  checks: Checks,
  library: LibraryFacts,
  weights: WeightsFolder,
  isReal: boolean,
): Promise<ModelInApp | undefined> {
  const adapter = await app.adapterOf(page)
  if (!checks.check('adapter', adapter !== null, adapter?.name ?? 'this browser gives none') || !adapter)
    return undefined
  const { software, hardware } = REPLY_TOKENS
  const tokens = adapter.isSoftware ? software : hardware
  const reference = await makeReference(page, checks, library, weights, isReal)

  await app.openModels(page)
  let began = performance.now()
  const imported = await app.importModel(page, weights.path, library.path, NAME)
  const took = () => seconds(performance.now() - began)
  if (!checks.check('import', !imported.startsWith('refused'), `${imported} (${took()})`)) return undefined
  const loaded = await load(page, checks, 'load')
  if (!loaded) return undefined

  const scores = await scoreLetters(page, checks, library, reference)
  await greedyReply(page, checks, tokens, reference)
  await abort(page, checks)
  if (!(await isReady(page))) await load(page, checks, 'load after the abort')

  await app.openModels(page)
  const loss = await app.loseDevice(page, QUESTION)
  checks.check(
    'lost device',
    loss.failure?.kind === 'device-lost' && loss.milliseconds < LOSS_LIMIT_MS && loss.shown,
    `${JSON.stringify(loss.failure)} after ${seconds(loss.milliseconds)}, ${loss.shown ? 'shown' : 'not shown'} on the page`,
  )
  if (!(await load(page, checks, 'load after the loss'))) return undefined
  began = performance.now()
  const again = await app.scoreLetters(page, QUESTION, LETTERS)
  const difference =
    again.ok && scores ? largestDifference(again.value.probabilities, scores.probabilities) : NaN
  checks.check(
    'letters after the loss',
    difference <= REPEAT_TOLERANCE,
    again.ok ? `differ by ${difference.toExponential(1)} (${took()})` : JSON.stringify(again.failure),
  )
  const state = await app.unloadModel(page, NAME)
  checks.check('unload', state === 'idle', `the engine is ${state}`)
  return { name: NAME, adapter, contextTokens: loaded.contextTokens, isReal }
}

async function makeReference(
  page: Page,
  checks: Checks,
  library: LibraryFacts,
  weights: WeightsFolder,
  isReal: boolean,
): Promise<Reference | undefined> {
  const skip = (reason: string) => void checks.skip('reference', reason)
  const shape = referenceShape(library, weights.config)
  if (typeof shape === 'string') return skip(shape)
  if (weights.bytes > REFERENCE_LIMIT_BYTES) return skip('the model is too large for it')
  const codec = isReal
    ? await modelCodec(page, weights.config, REFERENCE_CONTEXT_TOKENS, QUESTION, LETTERS)
    : syntheticCodec(QUESTION, LETTERS)
  if (typeof codec === 'string') return skip(codec)
  const began = performance.now()
  const tokens: number[] = []
  let probabilities: number[] = []
  while (tokens.length < REFERENCE_TOKENS) {
    const logits = nextTokenLogits(weights.tensor, shape, [...codec.prompt, ...tokens])
    if (tokens.length === 0) probabilities = softmax(codec.letters.map((token) => logits[token] ?? NaN))
    tokens.push(logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit), -Infinity)))
  }
  const text = await codec.textOf(tokens)
  await codec.close()
  checks.say(
    'reference',
    `${codec.prompt.length} prompt tokens, letters ${list(probabilities)}, reply ${JSON.stringify(text)} (${seconds(performance.now() - began)})`,
  )
  return { promptTokens: codec.prompt.length, probabilities, text }
}

async function load(page: Page, checks: Checks, name: string): Promise<EngineDescription | undefined> {
  const began = performance.now()
  const result = await app.loadModel(page, NAME)
  const took = seconds(performance.now() - began)
  checks.check(
    name,
    result.ok,
    result.ok
      ? `${took}; WebLLM ${result.value.engineVersion}, ${result.value.device}, ${result.value.contextTokens} tokens`
      : `${JSON.stringify(result.failure)} (${took})`,
  )
  return result.ok ? result.value : undefined
}

async function scoreLetters(
  page: Page,
  checks: Checks,
  library: LibraryFacts,
  reference: Reference | undefined,
): Promise<LetterScores | undefined> {
  const scored = await app.scoreLetters(page, QUESTION, LETTERS)
  if (!scored.ok) {
    checks.check('letters', false, JSON.stringify(scored.failure))
    return undefined
  }
  const { probabilities, promptTokens: count, elapsedMs } = scored.value
  const text = `${list(probabilities)} from ${count} tokens (${seconds(elapsedMs)})`
  if (reference) {
    const tolerance = library.metadata.quantization.includes('f32') ? TOLERANCE.f32 : TOLERANCE.f16
    const difference = largestDifference(probabilities, reference.probabilities)
    checks.check(
      'letters',
      difference <= tolerance && count === reference.promptTokens,
      `${text}; differ from the reference by ${difference.toExponential(1)}, at most ${tolerance} is allowed`,
    )
  } else {
    const total = probabilities.reduce((sum, value) => sum + value, 0)
    checks.check('letters', Math.abs(total - 1) < 1e-6, `${text}; not compared with a reference`)
  }
  return scored.value
}

async function greedyReply(
  page: Page,
  checks: Checks,
  maxTokens: number,
  reference: Reference | undefined,
): Promise<void> {
  const result = await app.reply(page, QUESTION, maxTokens)
  if (!result.ok) {
    checks.check('reply', false, JSON.stringify(result.failure))
    return
  }
  const { text, finish, promptTokens: prompt, completionTokens, timeToFirstTokenMs, decodeMs } = result.value
  const expected = reference?.text
  const isRight = expected === undefined ? completionTokens > 0 : text.startsWith(expected)
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
  checks.check(
    'reply',
    isRight,
    `${shown} (${finish}, ${completionTokens} tokens)${expected === undefined ? '' : `; the reference begins ${JSON.stringify(expected)}`}`,
  )
  checks.say('prefill', `${((1000 * prompt) / timeToFirstTokenMs).toFixed(2)} tokens/s (${prompt} tokens)`)
  if (completionTokens > 1)
    checks.say('decode', `${((1000 * (completionTokens - 1)) / decodeMs).toFixed(2)} tokens/s`)
}

/** Either the reply ends with what it has, or, where one step takes too long, the worker is replaced. */
async function abort(page: Page, checks: Checks): Promise<void> {
  const { result, milliseconds } = await app.abortedReply(page, QUESTION)
  const how = result.ok ? result.value.finish : result.failure.kind
  checks.check(
    'abort',
    (how === 'abort' || how === 'aborted') && milliseconds < ABORT_LIMIT_MS,
    `"${how}" ${seconds(milliseconds)} after the stop${result.ok ? '' : ', by replacing the worker'}`,
  )
}

function isReady(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { somnusStores } = globalThis as unknown as {
      somnusStores: { engine: { state: { kind: string } } }
    }
    return somnusStores.engine.state.kind === 'ready'
  })
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits)
  const weights = logits.map((logit) => Math.exp(logit - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? NaN))))
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(4)).join(' ')
}

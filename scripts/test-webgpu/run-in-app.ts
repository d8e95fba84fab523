/** The life of a model in the app: import, load, answers that are right, abort, lost device, unload. */
import type { Page } from 'playwright'
import type { EngineDescription, LetterScores } from '#core/engine'
import * as app from './app-driver'
import { seconds, type Checks } from './checks'
import type { LibraryFacts } from './library-facts'
import { modelCodec, syntheticCodec, type PromptCodec } from './prompt-codec'
import { withSwap } from './converted-model'
import { nextTokenLogits, type ModelShape } from './reference-forward'
import { SWAPS, type Swap } from './synthetic-checkpoint'
import { referenceShape } from './synthetic-model'
import { SYSTEM_MESSAGE } from './synthetic-tokenizer'
import type { TensorSource } from './tensor'
import type { WeightsFolder } from './weights-folder'

const NAME = 'WebGPU test'
const LETTERS = ['A', 'B', 'C', 'D']
/** Each is a token of the synthetic vocabulary; the four letters come first. */
const CHARACTERS = [
  ...LETTERS,
  ...Array.from({ length: 0x7f - 0x21 }, (_, at) => String.fromCharCode(0x21 + at)),
].filter((character, at, all) => all.indexOf(character) === at)
const QUESTION = 'A, B or C?'
/** A reply of two tokens on a software adapter takes minutes. */
const REPLY_TOKENS = { software: 2, hardware: 64 }
/**
 * Most that a probability of real weights, and the logarithm of one of synthetic weights, may differ from the
 * reference's, for single and half precision.
 */
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

export interface TestedModel {
  weights: WeightsFolder
  /** Of a converted model: the tensors that it was converted from. */
  checkpoint: TensorSource | undefined
  isReal: boolean
}

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
  tested: TestedModel,
): Promise<ModelInApp | undefined> {
  const { weights, isReal } = tested
  const adapter = await app.adapterOf(page)
  if (!checks.check('adapter', adapter !== null, adapter?.name ?? 'this browser gives none') || !adapter)
    return undefined
  const { software, hardware } = REPLY_TOKENS
  const tokens = adapter.isSoftware ? software : hardware
  const reference = await makeReference(page, checks, library, tested)

  await app.openModels(page)
  let began = performance.now()
  const imported = await app.importModel(page, weights.path, library.path, NAME)
  const took = () => seconds(performance.now() - began)
  if (!checks.check('import', !imported.startsWith('refused'), `${imported} (${took()})`)) return undefined
  const loaded = await load(page, checks, 'load')
  if (!loaded) return undefined

  const letters = isReal ? LETTERS : CHARACTERS
  const scores = await scoreLetters(page, checks, library, letters, reference)
  const model = { name: NAME, adapter, contextTokens: loaded.contextTokens, isReal }
  // The rest of its life is that of every model.
  if (tested.checkpoint) return unload(page, checks, model)
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
  const again = await app.scoreLetters(page, QUESTION, letters)
  const difference =
    again.ok && scores ? largestDifference(again.value.probabilities, scores.probabilities) : NaN
  checks.check(
    'letters after the loss',
    difference <= REPEAT_TOLERANCE,
    again.ok ? `differ by ${difference.toExponential(1)} (${took()})` : JSON.stringify(again.failure),
  )
  return unload(page, checks, model)
}

async function unload(page: Page, checks: Checks, model: ModelInApp): Promise<ModelInApp> {
  await app.openModels(page)
  const state = await app.unloadModel(page, NAME)
  checks.check('unload', state === 'idle', `the engine is ${state}`)
  return model
}

async function makeReference(
  page: Page,
  checks: Checks,
  library: LibraryFacts,
  { weights, checkpoint, isReal }: TestedModel,
): Promise<Reference | undefined> {
  const skip = (reason: string) => void checks.skip('reference', reason)
  const shape = referenceShape(library, weights.config)
  if (typeof shape === 'string') return skip(shape)
  if (weights.bytes > REFERENCE_LIMIT_BYTES) return skip('the model is too large for it')
  const codec = isReal
    ? await modelCodec(page, weights.config, REFERENCE_CONTEXT_TOKENS, QUESTION, LETTERS)
    : syntheticCodec(QUESTION, CHARACTERS, checkpoint && SYSTEM_MESSAGE)
  if (typeof codec === 'string') return skip(codec)
  const began = performance.now()
  const tokens: number[] = []
  let probabilities: number[] = []
  while (tokens.length < (checkpoint ? 1 : REFERENCE_TOKENS)) {
    const logits = nextTokenLogits(checkpoint ?? weights.tensor, shape, [...codec.prompt, ...tokens])
    if (tokens.length === 0) probabilities = softmax(codec.letters.map((token) => logits[token] ?? NaN))
    tokens.push(logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit), -Infinity)))
  }
  const text = await codec.textOf(tokens)
  await codec.close()
  if (checkpoint) checkSwaps(checks, checkpoint, shape, codec, probabilities)
  checks.say(
    'reference',
    `${codec.prompt.length} prompt tokens, letters ${list(probabilities)}, reply ${JSON.stringify(text)} (${seconds(performance.now() - began)})`,
  )
  return { promptTokens: codec.prompt.length, probabilities, text }
}

/** Whether the letters would tell of a converter that exchanges tensors; if not, their agreement proves little. */
function checkSwaps(
  checks: Checks,
  checkpoint: TensorSource,
  shape: ModelShape,
  { prompt, letters }: PromptCodec,
  probabilities: readonly number[],
): void {
  for (const swap of Object.keys(SWAPS) as Swap[]) {
    const logits = nextTokenLogits(withSwap(checkpoint, swap), shape, prompt)
    const swapped = softmax(letters.map((token) => logits[token] ?? NaN))
    const difference = largestDifference(swapped.map(Math.log), probabilities.map(Math.log))
    checks.check(
      `${swap} exchanged`,
      difference > 100 * TOLERANCE.f32,
      `would move a log-probability by ${difference.toFixed(2)}`,
    )
  }
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
  letters: readonly string[],
  reference: Reference | undefined,
): Promise<LetterScores | undefined> {
  const scored = await app.scoreLetters(page, QUESTION, letters)
  if (!scored.ok) {
    checks.check('letters', false, JSON.stringify(scored.failure))
    return undefined
  }
  const { probabilities, promptTokens: count, elapsedMs } = scored.value
  const text = `${list(probabilities)} from ${count} tokens (${seconds(elapsedMs)})`
  if (reference) {
    const tolerance = library.metadata.quantization.includes('f32') ? TOLERANCE.f32 : TOLERANCE.f16
    const isSynthetic = letters === CHARACTERS
    const scale = (values: readonly number[]) => (isSynthetic ? values.map(Math.log) : values)
    const difference = largestDifference(scale(probabilities), scale(reference.probabilities))
    const what = isSynthetic ? `log-probabilities of ${letters.length} characters` : 'they'
    checks.check(
      'letters',
      difference <= tolerance && count === reference.promptTokens,
      `${text}; ${what} differ from the reference by ${difference.toExponential(1)}, at most ${tolerance} is allowed`,
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

/** The four letters, whatever else was scored. */
function list(values: readonly number[]): string {
  const letters = values.slice(0, LETTERS.length)
  const total = letters.reduce((sum, value) => sum + value, 0)
  return letters.map((value) => (value / total).toFixed(4)).join(' ')
}

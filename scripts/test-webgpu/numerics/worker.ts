/**
 * The app's WebGPU engine, or WebLLM as it comes, in a worker of a test: real requests, and beside the answers what the
 * engine does not tell: the logits of the whole vocabulary from which an answer's first token was taken.
 */
import { CreateMLCEngine, MLCEngine } from '@mlc-ai/web-llm'
import { version } from '@mlc-ai/web-llm/package.json'
import type { Engine, EngineFile, EngineResult, Generation, LetterScores, LoadRequest } from '#core/engine'
import { largestDifference } from '#core/numerics/self-test'
import type { Numerics, PromptReading, SelfTestReport } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { WebLlmEngine } from '#worker/webllm'
import { pipelineOf } from '#worker/webllm-pipeline'
import { FaultyCache, type Fault } from './faulty-cache'
import { matrixProducts, useQuickMatrixKernels } from './matrix-kernels'
import { watchReleasedLogits, type LogitWatch } from './released-logits'

const MODEL = 'numerics'

export interface LoadOptions {
  /** Of the folder and the library, as the test's server has them. */
  weightsUrl: string
  weightFiles: readonly string[]
  libraryUrl: string
  contextTokens: number
  requiresShaderF16: boolean
  /** Null leaves the matrix products as compiled. */
  thinning: number | null
  mergeBarrier: boolean
  /** The runtime then does not tell how many tokens its cache holds, as that of some libraries. */
  hidesCacheLength: boolean
}

export interface Loaded {
  numerics: Numerics | undefined
  matrixProducts: typeof matrixProducts
}

export interface Question {
  messages: readonly ChatMessage[]
  /** 0 asks for the probabilities of `letters`. */
  maxTokens: number
  letters: readonly string[]
  reusePrompt: boolean
  /** What is reused is compared with a cold pass, as for a run's last question. */
  compareReuse?: boolean
  /** The user stops it after so many milliseconds. */
  abortAfterMs?: number
}

export interface Answer {
  text: string
  probabilities: number[]
  reading: PromptReading | undefined
  /** Names the logits kept; null where the request was stopped before there were any. */
  logits: number | null
  milliseconds: number
}

let engine: Engine | undefined
let stock: MLCEngine | undefined
let watch: LogitWatch | undefined
let cache: FaultyCache | undefined
const kept: Float32Array[] = []

/** WebLLM with a look into the pipeline of the model that it has just loaded. */
class WatchedEngine extends MLCEngine {
  static hidesCacheLength = false

  override async reload(...request: Parameters<MLCEngine['reload']>): Promise<void> {
    await super.reload(...request)
    const pipeline = pipelineOf(this, MODEL)
    watch = watchReleasedLogits(pipeline)
    cache = new FaultyCache(pipeline, WatchedEngine.hidesCacheLength)
  }
}

async function load(options: LoadOptions): Promise<Loaded> {
  if (options.thinning !== null) useQuickMatrixKernels(options.thinning)
  WatchedEngine.hidesCacheLength = options.hidesCacheLength
  engine = new WebLlmEngine({ version, MLCEngine: WatchedEngine })
  const request: LoadRequest = {
    engine: 'webllm',
    source: {
      kind: 'mlc',
      modelId: MODEL,
      files: await Promise.all(
        options.weightFiles.map(async (path): Promise<EngineFile> => {
          return { path, file: await fileAt(options.weightsUrl + path) }
        }),
      ),
      library: await fileAt(options.libraryUrl),
      fingerprint: '',
      librarySha256: null,
      tokenizerSha256: null,
      requiresShaderF16: options.requiresShaderF16,
    },
    contextTokens: options.contextTokens,
    ...(!options.mergeBarrier && { mergeBarrier: false }),
  }
  const { numerics } = valueOf(await engine.load(request, () => undefined, never()))
  return { numerics, matrixProducts }
}

async function loadStock({ weightsUrl, libraryUrl, contextTokens, thinning }: LoadOptions): Promise<Loaded> {
  if (thinning !== null) useQuickMatrixKernels(thinning)
  stock = await CreateMLCEngine(
    MODEL,
    {
      appConfig: { model_list: [{ model: weightsUrl, model_id: MODEL, model_lib: libraryUrl }] },
      logLevel: 'SILENT',
    },
    { context_window_size: contextTokens },
  )
  return { numerics: undefined, matrixProducts }
}

/** A known report is taken over, which also forgets what was reused so far; null runs the test. */
async function checkNumbers(known: SelfTestReport | null): Promise<SelfTestReport> {
  return valueOf(await engine!.checkNumbers!(known, () => undefined, never()))
}

async function ask(question: Question): Promise<Answer> {
  const { messages, maxTokens, letters, reusePrompt, compareReuse = false, abortAfterMs } = question
  const stop = new AbortController()
  const timer = abortAfterMs === undefined ? undefined : setTimeout(() => stop.abort(), abortAfterMs)
  watch!.arm()
  const begun = performance.now()
  const answered: EngineResult<Generation | LetterScores> = await (maxTokens === 0
    ? engine!.scoreLetters({ messages, letters, reusePrompt, compareReuse }, stop.signal)
    : engine!.generate(
        { messages, maxTokens, temperature: 0, topP: 1, seed: 0, reusePrompt, compareReuse },
        () => undefined,
        stop.signal,
      ))
  const milliseconds = performance.now() - begun
  clearTimeout(timer)
  if (!answered.ok && answered.failure.kind === 'aborted')
    return { text: '', probabilities: [], reading: undefined, logits: null, milliseconds }
  const value = valueOf(answered)
  const logits = watch!.take()
  return {
    text: 'text' in value ? value.text : '',
    probabilities: 'probabilities' in value ? value.probabilities : [],
    reading: value.reading,
    logits: logits ? kept.push(logits) - 1 : null,
    milliseconds,
  }
}

/** The letters as somebody asks stock WebLLM for them: one token, with the logarithms of the likeliest ones. */
async function askStock(messages: readonly ChatMessage[]): Promise<number> {
  const begun = performance.now()
  await stock!.resetChat()
  await stock!.chat.completions.create({
    messages: messages as { role: 'user'; content: string }[],
    max_tokens: 1,
    temperature: 1,
    logprobs: true,
    top_logprobs: 5,
  })
  return performance.now() - begun
}

const calls = {
  load,
  loadStock,
  checkNumbers,
  ask,
  askStock,
  /** The largest difference of any logit of two answers. */
  difference: ([one, other]: readonly [number, number]) => largestDifference(kept[one]!, kept[other]!),
  plant: (fault: Fault) => cache!.plant(fault),
  unload: async () => {
    await engine?.unload()
    await stock?.unload()
  },
}

export type Calls = typeof calls

addEventListener('message', ({ data }: MessageEvent<{ call: keyof Calls; argument: never }>) => {
  void answer(data.call, data.argument)
})

async function answer(call: keyof Calls, argument: never): Promise<void> {
  try {
    postMessage({ value: await calls[call](argument) })
  } catch (error) {
    postMessage({ error: `${call}: ${error instanceof Error ? error.message : String(error)}` })
  }
}

async function fileAt(url: string): Promise<File> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return new File([await response.blob()], url.slice(url.lastIndexOf('/') + 1))
}

function valueOf<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

function never(): AbortSignal {
  return new AbortController().signal
}

/** llama.cpp with one model in it, started anew for the next request after it crashed or filled its memory. */
import { Wllama, LogLevel, type CacheManager } from '@wllama/wllama/esm/index.js'
import { version } from '@wllama/wllama/package.json'
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url'
import type { WasmBuild } from '#core/catalog/wasm-build'
import type { EngineDescription, EngineResult } from '#core/engine'
import { failure, success } from '#core/result'
import { aborted, unlessAborted } from './abort'
import type { GgufBytes } from './gguf-source'
import { NativeLog } from './native-log'
import type { PromptTimings } from './wllama-letters'
import { SavedPrompts } from './wllama-saved-prompts'

/** Below this size the threads wait for each other longer than they compute. */
const THREADS_FROM_BYTES = 64 * 1024 ** 2

/** Prompt tokens per step. An abort is noticed between steps, so small steps make it quick. */
const BATCH_TOKENS = 64
/** A model below this size reads fast: there larger steps are quick enough, and smaller ones only cost time. */
const SMALL_MODEL_BYTES = 16 * 1024 ** 2
const SMALL_MODEL_BATCH_TOKENS = 128

/**
 * llama.cpp's flash attention sums in half precision, and otherwise for one token than for many: what a prompt gives
 * then depends on the steps in which it was read (probabilities by up to 2e-2, measured). Without it they do not, bit
 * for bit, so that a prompt's beginning may stay in the cache.
 */
const SAME_IN_ALL_STEPS = { flash_attn: false }

/** wllama's own cache is not used; without this it refuses browsers that have no private file system. */
const NO_CACHE = {} as CacheManager

export interface CpuModel {
  build: WasmBuild
  weights: GgufBytes
  contextTokens: number
  threads: number
}

export class WllamaRuntime {
  readonly #model: CpuModel
  readonly #log = new NativeLog()
  #wllama: Wllama | undefined
  #saved: SavedPrompts | undefined

  constructor(model: CpuModel) {
    this.#model = model
  }

  /** What runs, started if nothing does. */
  async start(signal: AbortSignal): Promise<EngineResult<Wllama>> {
    if (this.#wllama) return success(this.#wllama)
    this.#log.clear()
    const { build, weights, contextTokens, threads } = this.#model
    const wllama = new Wllama({ default: wasmUrl }, { logger: this.#log, cacheManager: NO_CACHE })
    try {
      // Otherwise browsers without JSPI would be sent to a CDN for the other build.
      if (build === 'default') wllama.setCompat(null)
      // The mode lets Firefox have it, too.
      else wllama.setCompat((await import('./wllama-compatible')).compatibleBuild, 'firefox_safari')
      const loading = wllama.loadModel([weights.blob], {
        ...SAME_IN_ALL_STEPS,
        n_ctx: contextTokens,
        n_threads: threads,
        n_batch: weights.blob.size < SMALL_MODEL_BYTES ? SMALL_MODEL_BATCH_TOKENS : BATCH_TOKENS,
        // More requests than slots would hang for ever, and the host sends one at a time.
        n_parallel: 1,
        n_gpu_layers: 0,
        // The reply is scored as the model wrote it: nothing may be cut out as "reasoning" or as a tool call.
        reasoning_format: 'none',
        skip_chat_parsing: true,
        log_level: LogLevel.WARN,
      })
      const end = await unlessAborted(Promise.race([loading, this.#log.workerFailure]), signal)
      // loadModel resolves on junk, too; whether it loaded is said here.
      if (end !== 'aborted' && hasLoaded(wllama)) {
        this.#wllama = wllama
        this.#saved = new SavedPrompts(wllama.getModelMetadata().meta)
        return success(wllama)
      }
      await wllama.exit()
      return end === 'aborted'
        ? aborted()
        : failure(this.#log.failure('llama.cpp refused the model.', 'model-invalid'))
    } catch (error) {
      await wllama.exit()
      return failure(this.#log.failure(String(error), 'engine-error'))
    }
  }

  /** Turns what wllama throws into failures. After a crash of the WebAssembly module nothing runs any more. */
  async call<Value>(
    work: (wllama: Wllama) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<EngineResult<Value>> {
    const started = await this.start(signal)
    if (!started.ok) return started
    this.#log.clear()
    try {
      return success(await work(started.value))
    } catch (error) {
      if ((error as Error).name === 'RuntimeError') await this.exit()
      return signal.aborted ? aborted() : failure(this.#log.failure(String(error), 'engine-error'))
    }
  }

  /** To be called before each request: ends what runs if its memory may be full of older prompts. */
  async makeRoom(): Promise<void> {
    if (this.#saved?.isFull) await this.exit()
  }

  /** What is in the cache after a request, for `completionTokens` written. */
  count({ prompt_n, cache_n }: PromptTimings, completionTokens: number): void {
    this.#saved?.add(prompt_n + cache_n, cache_n, completionTokens)
  }

  async exit(): Promise<void> {
    const running = this.#wllama
    this.#wllama = undefined
    this.#saved = undefined
    await running?.exit()
  }
}

/** At most half of the hardware's threads: the rest of the machine stays usable, and more is slower. */
export function threadCount(wanted: number | undefined, modelBytes: number): number {
  if (!self.crossOriginIsolated) return 1
  const most = Math.max(1, Math.floor(navigator.hardwareConcurrency / 2))
  return Math.min(wanted ?? (modelBytes < THREADS_FROM_BYTES ? 1 : most), most)
}

/** The package's types leave the answer out. */
function hasLoaded(wllama: Wllama): boolean {
  return (wllama.getLoadedContextInfo() as unknown as { success: boolean }).success
}

export function describe(wllama: Wllama, { build, weights }: CpuModel): EngineDescription {
  const threads = wllama.getNumThreads()
  const features = [
    'WASM SIMD',
    `${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(build === 'compatible' ? ['compatible build'] : []),
  ]
  return {
    engine: 'wllama',
    // With flash attention, as before it was named here, the numbers are others.
    engineVersion: `${version} (llama.cpp ${Wllama.getLibllamaVersion()}, no flash attention)`,
    device: `CPU (${features.join(', ')})`,
    fingerprint: weights.sha256,
    librarySha256: __WASM_SHA256__[build],
    // It is part of the GGUF file.
    tokenizerSha256: null,
    contextTokens: wllama.getLoadedContextInfo().n_ctx,
  }
}

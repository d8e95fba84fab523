/**
 * The engine port: what the app asks of anything that runs a language model. Plain data only, because it
 * crosses the worker boundary. One engine holds at most one model and answers one request at a time.
 */
import type { ChatMessage } from './prompt/question'
import type { ModelFailure } from './model/failure'
import type { GoldenLetters } from './numerics/golden-letters'
import type { Numerics, PromptReading, SelfTestReport } from './numerics/types'
import type { Result } from './result'

export type EngineKind = 'wllama' | 'webllm' | 'scripted'

/** One file of an MLC model, by its path below the model's address, e.g. "params_shard_0.bin". */
export interface EngineFile {
  path: string
  file: File
}

/** Where the bytes of a model come from. Engines fetch nothing from other hosts: the model store does. */
export type ModelSource =
  /** A GGUF file of this site, fetched anew at each load; `sha256` (hex) is verified when given. */
  | { kind: 'gguf-url'; url: string; bytes: number; sha256?: string }
  /** A GGUF file; `sha256` (hex) where it was verified before, else it is computed. */
  | { kind: 'gguf-file'; file: File; sha256?: string }
  /** A verified MLC model: weights, manifest, config and tokenizer in `files`, and its compiled library. */
  | {
      kind: 'mlc'
      modelId: string
      files: readonly EngineFile[]
      library: File
      /** SHA-256 (hex) of the tensor manifest. */
      fingerprint: string
      /** SHA-256 (hex) of the library and of the tokenizer's file, as they were verified. */
      librarySha256: string | null
      tokenizerSha256: string | null
      requiresShaderF16: boolean
    }
  /** Fixed replies, for tests of the interface's own states. */
  | { kind: 'scripted'; replies: readonly string[]; tokensPerSecond: number }

export interface LoadRequest {
  engine: EngineKind
  source: ModelSource
  /** Size of the KV cache in tokens. */
  contextTokens: number
  /** CPU engine only: at most half of the hardware's threads is taken, however many are asked for. */
  threads?: number
  /** WebGPU engine only; false leaves the attention kernel as it comes, for comparison. */
  mergeBarrier?: false
  /** WebGPU engine only: asked in the self-test where they are of the same weights and library. */
  goldenLetters?: GoldenLetters
}

/** Checking the file; starting the runtime; copying the weights to the GPU; compiling shaders; in this order. */
export type PreparationStep = 'verify' | 'initialise' | 'upload' | 'compile-shaders'

export type LoadProgress =
  | { kind: 'downloading'; loadedBytes: number; totalBytes: number }
  /** `fraction` of the step, 0 to 1, where the engine tells; it never falls within a step. */
  | { kind: 'preparing'; step: PreparationStep; fraction?: number }

/** What a loaded engine says of itself; stored with every answer made by it. */
export interface EngineDescription {
  engine: EngineKind
  /** Version of the engine package, e.g. "3.8.1". */
  engineVersion: string
  /** The hardware path, e.g. "CPU (WASM SIMD, 1 thread)" or the WebGPU adapter's vendor and architecture. */
  device: string
  /** SHA-256 (hex) that identifies the weights: of the GGUF file, or of the MLC model's tensor manifest. */
  fingerprint: string
  /** SHA-256 (hex) of the code that computes: WebLLM's compiled library, or the CPU engine's WebAssembly; null where unknown. */
  librarySha256: string | null
  /** SHA-256 (hex) of the tokenizer's file; null where it is part of the weights' file. */
  tokenizerSha256: string | null
  contextTokens: number
  /** Set for a model that scores steps and writes nothing. */
  isRewardModel?: true
  /** WebGPU engine only; absent also in what was stored before it was known. */
  numerics?: Numerics
}

export interface GenerationRequest {
  messages: readonly ChatMessage[]
  /** The beginning of the reply, which the model goes on from; what it writes then does not repeat it. */
  replyStart?: string
  /** Upper bound of new tokens. */
  maxTokens: number
  /** 0 is greedy decoding. */
  temperature: number
  topP: number
  seed: number
  /** The prompt's beginning may stay in the KV cache from the request before: faster, and equal within a tolerance only. */
  reusePrompt?: boolean
  /** Where the prompt's beginning is reused: compared with a cold pass now, whenever the last comparison was. */
  compareReuse?: boolean
}

export type GenerationEvent =
  | { kind: 'prompt-processed'; promptTokens: number; timeToFirstTokenMs: number }
  /** `text` is what came since the last event; `completionTokens` counts all so far. */
  | { kind: 'text'; text: string; completionTokens: number }

export type FinishReason = 'stop' | 'length' | 'abort'

export interface Generation {
  text: string
  finish: FinishReason
  promptTokens: number
  completionTokens: number
  /** From the request to the first token, in ms. */
  timeToFirstTokenMs: number
  /** From the first token to the last, in ms; tokens/s = (completionTokens - 1) / decodeMs * 1000. */
  decodeMs: number
  /** Absent where the engine does not tell. */
  reading?: PromptReading
}

export interface LetterRequest {
  messages: readonly ChatMessage[]
  /** Single capital letters, in option order. */
  letters: readonly string[]
  /** As of a generation. */
  reusePrompt?: boolean
  compareReuse?: boolean
}

export interface LetterScores {
  /** Probability of each letter as the next token, renormalised over the letters; same order, sums to 1. */
  probabilities: number[]
  promptTokens: number
  elapsedMs: number
  /** Absent where the engine does not tell. */
  reading?: PromptReading
}

export interface RewardRequest {
  /** The question, as the policy was asked it. */
  messages: readonly ChatMessage[]
  /** The reply up to the end of each step to be scored, exactly as the reward model is to read it. */
  prefixes: readonly string[]
}

export interface RewardScores {
  /** For each prefix the probability of the class "right", 0 to 1, at the prefix's last token; same order. */
  probabilities: number[]
  /** Of all passes. */
  promptTokens: number
  elapsedMs: number
  /** Of all passes together; absent where the engine does not tell. */
  reading?: PromptReading
}

/** What becomes of messages before they are cut into tokens. */
export interface RenderedPrompt {
  /** The messages with the roles, marks and ends that the model's own chat template writes around them. */
  text: string
  /** Whether a token that is no text (begin of sequence) goes before it. */
  begins: boolean
}

/** Everything that can go wrong with an engine and that a user can be told about. */
export type EngineFailure =
  | { kind: 'aborted' }
  | { kind: 'not-loaded' }
  | { kind: 'webgpu-unavailable'; reason: 'no-api' | 'no-adapter' | 'insecure-origin' }
  | { kind: 'feature-missing'; feature: string }
  | { kind: 'download-failed'; url: string; status?: number; detail: string }
  /** The browser's storage has no room for a download of this size. */
  | { kind: 'storage-full'; bytes: number }
  | { kind: 'checksum-mismatch'; url: string; expected: string; actual: string }
  | { kind: 'model-invalid'; detail: string }
  /** The model could not be downloaded, or its stored files are not what they were. */
  | { kind: 'model-unavailable'; failure: ModelFailure }
  | { kind: 'model-too-large'; bytes: number; limitBytes: number }
  | { kind: 'out-of-memory'; detail: string }
  | { kind: 'device-lost'; detail: string }
  /** The vocabulary has no token of its own for each option letter, so one pass cannot score them. */
  | { kind: 'letters-not-tokens' }
  /** Steps are to be scored, and the loaded model has no head for that. */
  | { kind: 'not-a-reward-model' }
  /** Text or letters are wanted of a model that has nothing but such a head. */
  | { kind: 'only-a-reward-model' }
  /** The cache is not what it should be, and part of the reply may have been shown; nothing is reused from now on. */
  | { kind: 'reuse-check-failed'; detail: string }
  | { kind: 'context-exceeded'; promptTokens: number; contextTokens: number }
  | { kind: 'worker-lost'; detail: string }
  /** Another tab has taken over the engine. */
  | { kind: 'taken-over' }
  | { kind: 'engine-error'; detail: string }

export type EngineResult<Value> = Result<Value, EngineFailure>

/**
 * One model at a time, one request at a time (a second request waits for the first).
 * No method throws for an expected failure; an abort gives `finish: 'abort'` with what was generated so far,
 * or the failure `aborted` where there is nothing to keep.
 */
export interface Engine {
  /** Replaces the model held so far, if any. */
  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>>
  generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>>
  /** Exact probabilities of the option letters from one forward pass over the prompt. */
  scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>>
  /** A reward model's probability that each prefix of a reply is right: one forward pass for each. */
  scoreReward(request: RewardRequest, signal: AbortSignal): Promise<EngineResult<RewardScores>>
  /**
   * Takes over the self-test's result `known` of this device, library and browser, or with null runs the test;
   * `onProgress` gets the share done, 0 to 1. Only then is a prompt's beginning reused, or
   * a long prompt kept from being fed in chunks.
   */
  checkNumbers?(
    known: SelfTestReport | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<SelfTestReport>>
  /** The text of which the model receives the tokens when it is asked with `messages`. */
  renderPrompt(messages: readonly ChatMessage[], signal: AbortSignal): Promise<EngineResult<RenderedPrompt>>
  unload(): Promise<void>
  /** Set by who uses the engine; called when the loaded model is lost, whether or not a request is under way. */
  onLost?: ((failure: EngineFailure) => void) | undefined
}

/** Models that this browser keeps, whole or on their way: what is known of each and of every file of it. */

/** `<model>/<variant>` for a catalogue variant, `own/<slug>` for a model that the user brought. */
export type StoredModelId = string & { readonly brand: 'StoredModelId' }

export interface FileHash {
  /** `git-sha1` is git's blob hash: SHA-1 of "blob <bytes>\0" and the content. */
  algorithm: 'sha256' | 'md5' | 'git-sha1'
  hex: string
}

export type FileRole = 'weights' | 'manifest' | 'config' | 'tokenizer' | 'library'

/** One file of a model as its source describes it. */
export interface ModelFile {
  /** Relative to the model, with "/" between folders, e.g. "params_shard_0.bin". */
  path: string
  role: FileRole
  /** Null where the source does not say. */
  bytes: number | null
  /** What the source says the content is; null where it says nothing. */
  expected: FileHash | null
  /** Where it can be fetched (again); null for a file that came from a disk. */
  url: string | null
}

export interface StoredFile extends ModelFile {
  /** `absent` includes partly fetched; `damaged`: stored bytes are not those that were verified. */
  state: 'absent' | 'verified' | 'damaged'
  /** SHA-256 (hex) of the verified content; null until then. It is what later verifications compare with. */
  sha256: string | null
  /** The entity tag under which a download of it began: bytes of another version must not be appended. */
  etag: string | null
}

export type ModelOrigin =
  /** `address` as the catalogue or the user named it; `revision`: the commit it was resolved to, where told. */
  | { kind: 'remote'; address: string; revision: string | null }
  /** A folder or file of the user's, by its name. */
  | { kind: 'files'; name: string }
  /** A model pack, with the origin that it names. */
  | { kind: 'pack'; name: string; address: string | null; revision: string | null }

/** A file of original weights, as its source describes it. */
export interface SourceFile {
  path: string
  bytes: number
  /** Null where the source tells none. */
  hash: FileHash | null
  etag: string | null
}

/** How weights that were converted here came about: enough to go on, or to make a damaged file again. */
export interface ConversionRecord {
  /** Where the original weights lie; null: in a folder of the user's, which has to be chosen again after a visit. */
  address: string | null
  /** The kind of conversation template that the user named; null: it was recognised. */
  family: string | null
  /** The address of a library of the user's. */
  libraryUrl: string | null
  /** What the original weights were read from; empty for a folder of the user's. */
  files: SourceFile[]
  /** LoRA adapters at addresses, merged in this order; missing where there are none. */
  adapters?: AdapterOrigin[]
}

export interface AdapterOrigin {
  address: string
  /** The commit; null where the host tells none. */
  revision: string | null
}

/** What an engine needs to know before it loads the model. */
export type StoredRuntime =
  { engine: 'wllama' } | { engine: 'webllm'; requiresShaderF16: boolean; largestTensorBytes: number }

export interface StoredModel {
  id: StoredModelId
  name: string
  /** The catalogue's names, or null for a model that the user brought. */
  catalog: { modelId: string; variantId: string } | null
  /** As in its configuration: qwen2, llama, mistral, qwen3. */
  architecture: string
  /** As its makers name it: Q4_K_M, q4f16_1. */
  quantization: string
  parameters: number | null
  /** Size of the KV cache that the app asks for, in tokens. */
  contextTokens: number
  /** Memory (CPU) or graphics memory (WebGPU) while running, in MB (10^6 bytes), at `contextTokens`. */
  memoryMB: number
  runtime: StoredRuntime
  /** Set for a model that scores steps and writes nothing; such a model is no choice for a chat or a benchmark. */
  isRewardModel?: true
  origin: ModelOrigin
  /** Missing for a model that was not converted here. */
  conversion?: ConversionRecord
  files: StoredFile[]
  /** SHA-256 (hex) that identifies the weights (see EngineDescription); null until all files are verified. */
  fingerprint: string | null
  /** Milliseconds since 1970. */
  addedAt: number
  completedAt: number | null
  verifiedAt: number | null
  lastUsedAt: number | null
}

/** What is about to be stored: everything but what storing it will tell. */
export type ModelPlan = Omit<
  StoredModel,
  'files' | 'fingerprint' | 'addedAt' | 'completedAt' | 'verifiedAt' | 'lastUsedAt'
> & { files: ModelFile[] }

export type StoredModelState = 'complete' | 'incomplete' | 'damaged'

export function stateOf(model: StoredModel): StoredModelState {
  if (model.files.some(({ state }) => state === 'damaged')) return 'damaged'
  return model.files.every(({ state }) => state === 'verified') ? 'complete' : 'incomplete'
}

/** Bytes of all files, as far as their sizes are known. */
export function totalBytes(files: readonly ModelFile[]): number {
  return files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
}

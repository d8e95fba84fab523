/** Wire types of the model worker: downloads, imports, verification and export. The page imports this file only. */
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
import type { Access } from '#core/transfer/hub-token'

/** Names one call, so that it can be cancelled and its progress told from that of others. */
export type ModelRequestId = number & { readonly brand: 'ModelRequestId' }

/** A file by its place in a model or folder; `path` has "/" between folders. */
export interface NamedFile {
  path: string
  file: File
}

/** An own model at an address: where its files are and, if the user names one, its library. */
export interface RemoteSource {
  /** "owner/repository", an address of a repository, or any base address. A GGUF file's own address as well. */
  address: string
  /** Null: chosen from the known libraries by architecture and shape. */
  libraryUrl: string | null
  access: Access
  /** Of original weights: the kind of conversation template, where it is not recognised; null: it is to be recognised. */
  family: string | null
  /** Addresses of LoRA adapters that are to be merged into original weights, in this order. */
  adapters?: readonly string[]
}

export type AddressFinding =
  | { kind: 'model'; plan: ModelPlan }
  /** Original weights, and what they could be converted into. */
  | { kind: 'checkpoint'; review: CheckpointReview }
  /** A LoRA adapter, which is nothing by itself; `base`: the repository that it says it was trained on. */
  | { kind: 'adapter'; base: string | null }

/** Until `retryAt` (ms since 1970), or null: until the network is back. */
export interface Waiting {
  reason: ModelFailure
  retryAt: number | null
}

export type ModelProgress =
  | { kind: 'inspecting' }
  | {
      kind: 'downloading'
      /** Bytes of the whole model that are stored, verified or not. */
      loadedBytes: number
      totalBytes: number
      /** Set while every transfer waits. */
      waiting: Waiting | null
    }
  /** Reading stored or chosen bytes to compare their hashes. */
  | { kind: 'verifying'; doneBytes: number; totalBytes: number }
  /** Copying from or to a disk. */
  | { kind: 'copying'; doneBytes: number; totalBytes: number }
  /** `doneBytes` of the checkpoint's tensors are converted, those of kept shards included; now it is `tensor`'s turn. */
  | { kind: 'converting'; tensor: string; doneBytes: number; totalBytes: number; waiting: Waiting | null }

export interface ModelWorkerEvent {
  request: ModelRequestId
  progress: ModelProgress
}

/** What the engine worker is given to load a stored model. */
export interface EngineFiles {
  model: StoredModel
  files: NamedFile[]
}

export interface ModelWorkerApi {
  /** Called once, first. The worker holds the Web Lock `lockName` as long as it lives. */
  open(lockName: string, databaseName: string, listener: (event: ModelWorkerEvent) => void): Promise<void>
  /** Finds out what lies at an address and whether it can run here; fetches small files only. */
  inspect(request: ModelRequestId, source: RemoteSource): Promise<ModelResult<ModelPlan>>
  /** As `inspect`, for an address that may hold original weights. */
  look(request: ModelRequestId, source: RemoteSource): Promise<ModelResult<AddressFinding>>
  /** Stores the plan and fetches what is absent or damaged until all is verified; continues what was begun. */
  download(request: ModelRequestId, plan: ModelPlan, access: Access): Promise<ModelResult<StoredModel>>
  /** Goes on with a stored plan: resume after a pause, and repair; a conversion from an address as well. */
  resume(request: ModelRequestId, id: StoredModelId, access: Access): Promise<ModelResult<StoredModel>>
  /** Converts original weights at an address into the store; `plan` is an offer that `look` gave. */
  convertRemote(request: ModelRequestId, plan: ModelPlan, access: Access): Promise<ModelResult<StoredModel>>
  /** Compares every stored byte with its hash; damaged files are marked in the record. */
  verify(request: ModelRequestId, id: StoredModelId): Promise<ModelResult<StoredModel>>
  /** Frees the space. */
  remove(id: StoredModelId): Promise<ModelResult<void>>
  /** Says what chosen files are: a pack, an MLC model or a GGUF file. Null library: chosen from the known ones. */
  inspectFiles(
    request: ModelRequestId,
    files: readonly NamedFile[],
    library: File | null,
  ): Promise<ModelResult<ModelPlan>>
  /**
   * Copies chosen files in, verifying them; `plan` is what `inspectFiles` gave for the same files and library. What
   * the plan has besides, such as a published library, is fetched.
   */
  importFiles(
    request: ModelRequestId,
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
  ): Promise<ModelResult<StoredModel>>
  /**
   * Says what a chosen checkpoint (see core/convert/checkpoint-files) could be converted into. Null family: its kind of
   * conversation template is to be recognised.
   */
  inspectCheckpoint(
    request: ModelRequestId,
    files: readonly NamedFile[],
    library: File | null,
    family: string | null,
  ): Promise<ModelResult<CheckpointReview>>
  /**
   * Converts a chosen checkpoint into the store; `plan` is an offer that `inspectCheckpoint` gave for the same files and
   * library. Goes on with what an earlier conversion of the same checkpoint has left.
   */
  convertFiles(
    request: ModelRequestId,
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
  ): Promise<ModelResult<StoredModel>>
  /** The verified files of a complete model, for the engine; marks it as used. */
  engineFiles(id: StoredModelId): Promise<ModelResult<EngineFiles>>
  /** Writes a model pack into a new folder inside `parent`; gives the folder's name. */
  exportFolder(
    request: ModelRequestId,
    id: StoredModelId,
    parent: FileSystemDirectoryHandle,
  ): Promise<ModelResult<string>>
  /** The same pack as one tar archive; its bytes stay on the disk. */
  exportArchive(request: ModelRequestId, id: StoredModelId): Promise<ModelResult<Blob>>
  /** Ends a call early, keeping what is stored; unknown ids are ignored. */
  cancel(request: ModelRequestId): void
}

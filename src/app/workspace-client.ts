import { proxy, wrap, type Remote } from 'comlink'
import { failure, type Result } from '#core/result'
import type { WorkspaceFailure } from '#core/workspace/failure'
import type {
  ExportedWorkspace,
  ExportRequest,
  ImportedWorkspace,
  ImportRequest,
  OnProgress,
  ReadResult,
  WorkspaceWorkerApi,
} from '#worker/workspace-api'

type Outcome<Value> = Promise<Result<Value, WorkspaceFailure>>

/** One export or import in its own worker. After `end`, what was still under way never settles. */
export interface WorkspaceSession {
  export(request: ExportRequest, onProgress: OnProgress): Outcome<ExportedWorkspace>
  read(file: File, databaseName: string, onProgress: OnProgress): Outcome<ReadResult>
  import(request: ImportRequest, onProgress: OnProgress): Outcome<ImportedWorkspace>
  /** Ends the worker: stops what it does, and frees its memory. */
  end(): void
}

/** The door to the workspace worker. */
export function startWorkspaceWorker(): WorkspaceSession {
  const worker = new Worker(new URL('../worker/workspace.ts', import.meta.url), {
    type: 'module',
    name: 'workspace',
  })
  const api: Remote<WorkspaceWorkerApi> = wrap<WorkspaceWorkerApi>(worker)
  const lost = new Promise<Result<never, WorkspaceFailure>>((resolve) => {
    worker.addEventListener('error', (event) =>
      resolve(failure({ kind: 'worker-lost', detail: event.message })),
    )
  })
  // An error thrown in the worker (a bug, or memory that ran out) rejects here.
  const guard = <Value>(call: Outcome<Value>): Outcome<Value> =>
    Promise.race([
      call.catch((error: unknown) => failure({ kind: 'worker-lost', detail: String(error) } as const)),
      lost,
    ])
  return {
    export: (request, onProgress) => guard(api.export(request, proxy(onProgress))),
    read: (file, databaseName, onProgress) => guard(api.read(file, databaseName, proxy(onProgress))),
    import: (request, onProgress) => guard(api.import(request, proxy(onProgress))),
    end: () => worker.terminate(),
  }
}

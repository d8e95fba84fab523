import { expose } from 'comlink'
import { freeStorage } from '#core/catalog/device'
import { keepingShards } from '#core/convert/stored-plan'
import type { ModelResult } from '#core/model/failure'
import { mirrored } from '#core/model/mirror'
import { canConvertAgain, completed, outdatedPaths, recordOf, withFreeId } from '#core/model/record'
import {
  stateOf,
  type ModelPlan,
  type StoredFile,
  type StoredModel,
  type StoredModelId,
} from '#core/model/stored'
import type { Purpose } from '#core/privacy/ledger'
import { failure, success } from '#core/result'
import type { Access } from '#core/transfer/hub-token'
import { ModelDatabase } from '#data/db/models'
import { openDatabase } from '#data/db/schema'
import { ModelFiles } from '#data/model-files'
import { LedgerLog } from '#data/privacy/ledger-log'
import { PrivacyRecord } from '#data/privacy/record'
import { recordRefusal } from '#data/privacy/recorded-fetch'
import { recordViolations } from '#data/privacy/violations'
import { storageStatus } from '#data/storage-status'
import { holdLock } from '../hold-lock'
import type { ModelProgress, ModelWorkerApi } from '../model-api'
import { cleanUp } from './clean-up'
import { convertCheckpoint, type Conversion } from './convert-checkpoint'
import { ConvertProgress } from './convert-progress'
import { engineFilesOf } from './engine-files'
import { exportArchive, exportFolder, type ExportPorts } from './export-pack'
import { obeying, workerFetchPorts, type FetchPorts } from './fetch-ports'
import { importFiles } from './import-files'
import { inspectAddress, lookAtAddress } from './inspect-address'
import { inspectCheckpoint, openConversion } from './inspect-checkpoint'
import { inspectFiles } from './inspect-files'
import { openRemoteConversion } from './inspect-remote-checkpoint'
import { KNOWN } from './known'
import { throughMirror } from './mirror-fetch'
import { withModelLock } from './model-lock'
import { recorded } from './recorded-ports'
import { transferFiles } from './transfer-files'
import { verifyModel } from './verify'
import { withToken } from './with-token'
import { settled, WorkerJobs } from './worker-jobs'

type OnProgress = (progress: ModelProgress) => void

const now = () => Date.now()

/** Makes this worker the model worker: answers the page over Comlink until it dies. */
export function serveModels(): void {
  const files = new ModelFiles()
  const ports = workerFetchPorts()
  const privacy = new PrivacyRecord()
  const log = new LedgerLog()
  recordViolations(log, 'worker')
  let models: ModelDatabase
  let jobs: WorkerJobs

  /** The work on a stored model that changes it, if nobody else does so now. */
  function onStored<Value>(
    id: StoredModelId,
    work: (model: StoredModel) => Promise<ModelResult<Value>>,
  ): Promise<ModelResult<Value>> {
    return withModelLock(id, async () => {
      const model = await models.get(id)
      return model ? work(model) : failure({ kind: 'unknown-model' })
    })
  }

  /** Stores the record of a plan and frees the bytes of files that it describes otherwise than before. */
  async function record(plan: ModelPlan): Promise<ModelResult<StoredModel>> {
    const existing = await models.get(plan.id)
    const model = recordOf(plan, existing, now())
    // First, so that no crash leaves bytes of another version under a record that would go on behind them.
    for (const path of outdatedPaths(model, existing)) {
      const freed = await files.removeFile(model.id, path)
      if (!freed.ok) return freed
    }
    await models.put(model)
    return success(model)
  }

  /** The network, by the way that the user named; what is asked for is written down with its purpose. */
  function reaching({ mirror, token }: Access, purpose: Purpose): FetchPorts {
    const obedient = obeying(recorded(ports, log, purpose), privacy, location.origin, (url) =>
      recordRefusal(url, { log, from: 'worker', purpose }),
    )
    return throughMirror(withToken(obedient, token), mirror)
  }

  async function complete(id: StoredModelId): Promise<ModelResult<StoredModel>> {
    const model = await models.update(id, (current) => completed(current, now()))
    return model ? success(model) : failure({ kind: 'unknown-model' })
  }

  const onFile = (id: StoredModelId) => async (file: StoredFile) => {
    await models.updateFile(id, file.path, file)
  }

  async function transfer(
    { id, files: wanted }: StoredModel,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    const transferred = await transferFiles(
      { id, files: wanted, addressOf: (url) => mirrored(url, access.mirror) },
      {
        ...reaching(access, 'weights'),
        files,
        availableBytes,
        onFile: onFile(id),
        onProgress,
      },
      signal,
    )
    return transferred.ok ? complete(id) : transferred
  }

  /** Completes a model whose own files are here, and fetches what is not: a published library. */
  async function completeFetched(
    id: StoredModelId,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    const model = await models.get(id)
    if (!model) return failure({ kind: 'unknown-model' })
    return stateOf(model) === 'complete' ? complete(id) : transfer(model, access, onProgress, signal)
  }

  /** Carries a conversion out whose source has been opened; shards that are whole by the record are kept. */
  async function convert(
    plan: ModelPlan,
    conversion: Conversion,
    access: Access,
    progress: ConvertProgress,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    const recorded = await record(keepingShards(plan, await models.get(plan.id)))
    if (!recorded.ok) return recorded
    const into = {
      ...{ files, availableBytes, onFile: onFile(plan.id) },
      onProgress: (done: Parameters<ConvertProgress['done']>[0]) => progress.done(done),
    }
    const converted = await convertCheckpoint(recorded.value, conversion, into, signal)
    return converted.ok ? completeFetched(plan.id, access, onProgress, signal) : converted
  }

  async function convertRemote(
    wanted: ModelPlan | StoredModel,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    const progress = new ConvertProgress(onProgress)
    const opened = await openRemoteConversion(
      wanted,
      access,
      { ...KNOWN, ...reaching(access, 'weights'), onProgress },
      (waiting) => progress.waiting(waiting),
      signal,
    )
    if (!opened.ok) return opened
    const { remote, prepared, plan } = opened.value
    try {
      const conversion = { source: remote.source, prepared, library: null }
      return await convert({ ...plan, name: wanted.name }, conversion, access, progress, onProgress, signal)
    } finally {
      remote.close()
    }
  }

  /** Two models of the same name are two models. */
  async function named(inspected: Promise<ModelResult<ModelPlan>>): Promise<ModelResult<ModelPlan>> {
    const found = await inspected
    return found.ok ? success(withFreeId(found.value, await models.list())) : found
  }

  const exportPorts = (id: StoredModelId, onProgress: OnProgress): ExportPorts => ({
    files,
    appVersion: __APP_VERSION__,
    onDamaged: async (path) => void (await models.updateFile(id, path, { state: 'damaged' })),
    onProgress,
  })

  const api: ModelWorkerApi = {
    async open(lockName, databaseName, listener) {
      const observer = { onBlocked: () => undefined, onOutdated: () => undefined }
      models = new ModelDatabase(await openDatabase(observer, databaseName))
      jobs = new WorkerJobs(listener)
      await holdLock(lockName)
      // What cannot be freed now is tried again at the next visit.
      cleanUp(models, files).catch(() => undefined)
    },
    inspect: (request, source) =>
      jobs.run(request, (onProgress, signal) =>
        named(
          inspectAddress(source, { ...KNOWN, ...reaching(source.access, 'inspection'), onProgress }, signal),
        ),
      ),
    look: (request, source) =>
      jobs.run(request, async (onProgress, signal) => {
        const found = await lookAtAddress(
          source,
          { ...KNOWN, ...reaching(source.access, 'inspection'), onProgress },
          signal,
        )
        if (!found.ok || found.value.kind !== 'model') return found
        const plan = await named(Promise.resolve(success(found.value.plan)))
        return plan.ok ? success({ kind: 'model', plan: plan.value }) : plan
      }),
    download: (request, plan, access) =>
      jobs.run(request, (onProgress, signal) =>
        withModelLock(plan.id, async () => {
          const model = await record(plan)
          return model.ok ? transfer(model.value, access, onProgress, signal) : model
        }),
      ),
    resume: (request, id, access) =>
      jobs.run(request, (onProgress, signal) =>
        onStored(id, (model) =>
          canConvertAgain(model)
            ? convertRemote(model, access, onProgress, signal)
            : transfer(model, access, onProgress, signal),
        ),
      ),
    convertRemote: (request, plan, access) =>
      jobs.run(request, (onProgress, signal) =>
        withModelLock(plan.id, () => convertRemote(plan, access, onProgress, signal)),
      ),
    verify: (request, id) =>
      jobs.run(request, (onProgress, signal) =>
        onStored(id, (model) => verifyModel(model, { files, models, onProgress, now }, signal)),
      ),
    remove: (id) =>
      settled(() =>
        withModelLock(id, async () => {
          const freed = await files.remove(id)
          if (freed.ok) await models.remove(id)
          return freed
        }),
      ),
    inspectFiles: (request, chosen, library) =>
      jobs.run(request, (onProgress, signal) =>
        named(inspectFiles(chosen, library, { ...KNOWN, onProgress }, signal)),
      ),
    importFiles: (request, plan, chosen, library, mirror) =>
      jobs.run(request, (onProgress, signal) =>
        withModelLock(plan.id, async () => {
          const into = { files, availableBytes, onFile: onFile(plan.id), onProgress }
          const recorded = await record(plan)
          if (!recorded.ok) return recorded
          const copied = await importFiles(recorded.value, chosen, library, into, signal)
          return copied.ok ? completeFetched(plan.id, { mirror, token: null }, onProgress, signal) : copied
        }),
      ),
    inspectCheckpoint: (request, chosen, library, family) =>
      jobs.run(request, (onProgress, signal) =>
        inspectCheckpoint(chosen, library, family, { ...KNOWN, onProgress }, signal),
      ),
    convertFiles: (request, plan, chosen, library, mirror) =>
      jobs.run(request, (onProgress, signal) =>
        withModelLock(plan.id, async () => {
          const conversion = await openConversion(plan, chosen, library, { ...KNOWN, onProgress }, signal)
          if (!conversion.ok) return conversion
          const progress = new ConvertProgress(onProgress)
          const access = { mirror, token: null }
          return convert(plan, conversion.value, access, progress, onProgress, signal)
        }),
      ),
    engineFiles: (id) => settled(() => engineFilesOf(id, { files, models }, now())),
    exportFolder: (request, id, parent) =>
      jobs.run(request, (onProgress, signal) =>
        onStored(id, (model) => exportFolder(model, parent, exportPorts(id, onProgress), signal)),
      ),
    exportArchive: (request, id) =>
      jobs.run(request, (onProgress, signal) =>
        onStored(id, (model) => exportArchive(model, exportPorts(id, onProgress), signal)),
      ),
    cancel: (request) => jobs.cancel(request),
  }
  expose(api)
}

/** Free space for this site; null where the browser does not say. */
async function availableBytes(): Promise<number | null> {
  // Private windows of some browsers refuse the question, and insecure origins have nobody to ask.
  return freeStorage(await storageStatus().catch(() => ({ estimate: null, persisted: false })))
}

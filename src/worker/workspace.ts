/** The workspace worker: all that is stored into one archive, and back. */
import { expose } from 'comlink'
import { failure, success, type Result } from '#core/result'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { randomId } from '#data/random-id'
import { openByteSink } from '#data/workspace/byte-sink'
import { exportWorkspace } from '#data/workspace/export-workspace'
import { importWorkspace } from '#data/workspace/import-workspace'
import { readWorkspace, type ReadWorkspace } from '#data/workspace/read-workspace'
import type { OnProgress, WorkspaceProgress, WorkspaceWorkerApi } from './workspace-api'

/** At most this often: a report is a message to the page. */
const REPORT_INTERVAL_MS = 100

let reading: { here: SomnusDatabase; read: ReadWorkspace } | null = null

const api: WorkspaceWorkerApi = {
  async export({ databaseName, ...content }, onProgress) {
    const opened = await open(databaseName)
    if (!opened.ok) return opened
    const sink = await openByteSink(`${randomId()}.tar`)
    return exportWorkspace(opened.value, sink, content, atIntervals(onProgress))
  },

  async read(file, databaseName, onProgress) {
    const opened = await open(databaseName)
    if (!opened.ok) return opened
    const here = opened.value
    const read = await readWorkspace(here, file, atIntervals(onProgress))
    if (!read.ok) return read
    reading = { here, read: read.value }
    return success({ preview: read.value.preview, models: read.value.models })
  },

  async import(request, onProgress) {
    if (!reading) throw new Error('nothing was read')
    const { here, read } = reading
    return importWorkspace(here, read, request, atIntervals(onProgress))
  },
}

async function open(name: string): Promise<Result<SomnusDatabase, WorkspaceFailure>> {
  try {
    return success(await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name))
  } catch (error) {
    return failure({ kind: 'storage-failed', detail: String(error) })
  }
}

/** Passes on the first report and then one per interval; a report of a new kind always. */
function atIntervals(listener: OnProgress): OnProgress {
  let last = -Infinity
  let lastKind: WorkspaceProgress['kind'] | null = null
  return (progress) => {
    const now = performance.now()
    if (progress.kind === lastKind && now - last < REPORT_INTERVAL_MS) return
    last = now
    lastKind = progress.kind
    listener(progress)
  }
}

expose(api)

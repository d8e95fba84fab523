/** The dataset worker: files or addresses in, a stored dataset out. The page never holds the items. */
import { expose } from 'comlink'
import type { ImportFailure } from '#core/dataset/failure'
import { datasetId } from '#core/dataset/fingerprint'
import type { Dataset, Item } from '#core/dataset/item'
import type { ImportPreview } from '#core/dataset/preview'
import { failure, success, type Result } from '#core/result'
import { readSources } from '#data/dataset-source'
import { readPairSources } from '#data/pair-source'
import { DatasetDatabase } from '#data/db/datasets'
import { openDatabase } from '#data/db/schema'
import { download, type DownloadPorts, type NamedBlob } from '#data/hub'
import { guardedFetch } from '#data/privacy/guarded-fetch'
import { watchPolicy } from '#data/privacy/policy-reports'
import { LedgerLog } from '#data/privacy/ledger-log'
import { PrivacyRecord } from '#data/privacy/record'
import { recordedFetch, recordRefusal } from '#data/privacy/recorded-fetch'
import { recordViolations } from '#data/privacy/violations'
import type { DatasetWorkerApi, ImportProgress, ImportRequest, ProgressListener } from './dataset-api'

/** At most this often: a report is a message to the page. */
const REPORT_INTERVAL_MS = 100

interface Pending {
  preview: ImportPreview
  items: Item[]
  datasets: DatasetDatabase
}

let pending: Pending | null = null

const log = new LedgerLog()
recordViolations(log, 'worker')

const policyOn = watchPolicy()

const ports: DownloadPorts = {
  fetch(url, init) {
    const isOwn = new URL(url, location.href).origin === location.origin
    const books = { log, from: 'worker', purpose: isOwn ? 'built-in-dataset' : 'dataset' } as const
    const whoRefused = async () => ((await policyOn(url)) === null ? null : ('policy' as const))
    const recorded = recordedFetch((asked, how) => fetch(asked, how), { ...books, whoRefused })
    const onRefused = (refused: string) => recordRefusal(refused, books)
    return guardedFetch(recorded, new PrivacyRecord(), location.origin, onRefused)(url, init)
  },
  policyOn,
}

const api: DatasetWorkerApi = {
  async read(request, onProgress) {
    const report = atIntervals(onProgress)
    const sources = await open(request.content, report)
    if (!sources.ok) return failure([sources.failure])
    const reading = await readSources(sources.value, {
      onBytes: (loadedBytes, totalBytes) => report({ kind: 'reading', loadedBytes, totalBytes }),
      onRows: (rows) => report({ kind: 'parsing', rows }),
    })
    if (!reading.ok) return reading
    const datasets = await openDatasets(request.databaseName)
    if (!datasets.ok) return failure([datasets.failure])
    const { name, source } = request
    const stored = (await datasets.value.find(datasetId(reading.value.preview.itemsSha256))) ?? null
    const preview = { name, source, stored, ...reading.value.preview }
    pending = { preview, items: reading.value.items, datasets: datasets.value }
    return success(preview)
  },

  async save(importedAt, onProgress) {
    if (!pending) throw new Error('nothing was read')
    const { preview, items, datasets } = pending
    const report = atIntervals(onProgress)
    return datasets.save(describeDataset(preview, importedAt), items, preview.problems.listed, (saved) =>
      report({ kind: 'saving', items: saved, totalItems: items.length }),
    )
  },

  readPairs: (files) => readPairSources(files.map((file) => ({ name: file.name, blob: file }))),
}

async function open(
  content: ImportRequest['content'],
  report: ProgressListener,
): Promise<Result<NamedBlob[], ImportFailure>> {
  if (content.kind === 'files') return success(content.files.map((file) => ({ name: file.name, blob: file })))
  return download(
    content.urls,
    (loadedBytes, totalBytes) => report({ kind: 'downloading', loadedBytes, totalBytes }),
    ports,
  )
}

async function openDatasets(name: string): Promise<Result<DatasetDatabase, ImportFailure>> {
  try {
    const observer = { onBlocked: () => undefined, onOutdated: () => undefined }
    return success(new DatasetDatabase(await openDatabase(observer, name)))
  } catch (error) {
    return failure({ kind: 'storage-failed', detail: String(error) })
  }
}

function describeDataset(preview: ImportPreview, importedAt: number): Dataset {
  const { name, source, sha256, itemsSha256, counts, optionCounts, problems } = preview
  const id = datasetId(itemsSha256)
  return {
    id,
    name,
    source,
    sha256,
    itemsSha256,
    counts,
    optionCounts,
    problemCount: problems.total,
    importedAt,
  }
}

/** Passes on the first report and then one per interval; a report of a new kind always. */
function atIntervals(listener: ProgressListener): ProgressListener {
  let last = -Infinity
  let lastKind: ImportProgress['kind'] | null = null
  return (progress) => {
    const now = performance.now()
    if (progress.kind === lastKind && now - last < REPORT_INTERVAL_MS) return
    last = now
    lastKind = progress.kind
    listener(progress)
  }
}

expose(api)

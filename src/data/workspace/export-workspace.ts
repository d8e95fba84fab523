/** Writes the whole workspace as one archive. */
import type { PrivacyState } from '#core/privacy/state'
import { failure, success, type Result } from '#core/result'
import type { LeftRecord, WorkspaceFailure } from '#core/workspace/failure'
import {
  entryPath,
  manifestText,
  MODELS_FOLDER,
  PRIVACY_ENTRY,
  WORKSPACE_MANIFEST,
  type WorkspaceEntry,
} from '#core/workspace/manifest'
import { rowLine } from '#core/workspace/row'
import type { WorkspaceStore } from '#core/workspace/tables'
import { DATABASE_VERSION, type SomnusDatabase } from '../db/schema'
import { createSha256Source } from '../sha256'
import { ArchiveWriter } from './archive-writer'
import type { ByteSink } from './byte-sink'
import { raw } from './raw-database'
import { LeftRecords } from './left-records'
import { readSnapshot, type SnapshotSink } from './snapshot'
import { storageFailure } from './storage-failure'

export interface ExportContent {
  appVersion: string
  /** Milliseconds since 1970. */
  at: number
  /** Null where it is not known. */
  privacy: PrivacyState | null
  /** Packs of models as tar archives, by the name of their file without its end. */
  models: readonly { name: string; pack: Blob }[]
}

/** `done` of `total` bytes of models; `total` is null for records, whose size shows at the end. */
export interface ExportStep {
  kind: 'records' | 'models'
  done: number
  total: number | null
}

export interface WorkspaceExport {
  archive: Blob
  /** Records by store. */
  rows: Partial<Record<WorkspaceStore, number>>
  models: number
  left: LeftRecord[]
}

export async function exportWorkspace(
  database: SomnusDatabase,
  sink: ByteSink,
  content: ExportContent,
  onStep: (step: ExportStep) => void,
): Promise<Result<WorkspaceExport, WorkspaceFailure>> {
  const newHash = await createSha256Source()
  const rows: Partial<Record<WorkspaceStore, number>> = {}
  const onRows = (done: number) => onStep({ kind: 'records', done, total: null })
  try {
    const left = new LeftRecords()
    let writer: ArchiveWriter
    let entries: WorkspaceEntry[]
    // What must stay behind shows itself by one of its parts, when others are written already.
    do {
      sink.clear()
      left.again()
      writer = new ArchiveWriter(sink, newHash)
      entries = []
      await writeRecords(database, writer, entries, left, onRows)
    } while (left.grew)
    for (const entry of entries) if (entry.kind === 'records') rows[entry.store] = entry.rows
    if (content.privacy) {
      const { locked, hosts } = content.privacy
      writer.begin(PRIVACY_ENTRY)
      writer.text(`${JSON.stringify({ locked, hosts: hosts.toSorted() }, null, 2)}\n`)
      entries.push({ kind: 'privacy', ...writer.end() })
    }
    await writeModels(content.models, writer, entries, onStep)
    writer.begin(WORKSPACE_MANIFEST)
    writer.text(
      manifestText({
        databaseVersion: DATABASE_VERSION,
        appVersion: content.appVersion,
        exportedAt: content.at,
        entries,
      }),
    )
    writer.end()
    const archive = await writer.finish()
    return success({ archive, rows, models: content.models.length, left: left.list })
  } catch (error) {
    await sink.close().catch(() => undefined)
    return failure(storageFailure(error))
  }
}

async function writeRecords(
  database: SomnusDatabase,
  writer: ArchiveWriter,
  entries: WorkspaceEntry[],
  left: LeftRecords,
  onRows: (rows: number) => void,
): Promise<void> {
  let store: WorkspaceStore = 'runs'
  let rows = 0
  let done = 0
  const sink: SnapshotSink = {
    begin(name) {
      store = name
      rows = 0
      writer.begin(entryPath(name))
    },
    row(row) {
      const line = rowLine(store, row.key, row.value)
      left.look(store, row, line)
      writer.text(`${line}\n`)
      rows += 1
      done += 1
      onRows(done)
    },
    end: () => void entries.push({ kind: 'records', store, rows, ...writer.end() }),
  }
  await readSnapshot(raw(database), sink, (table, id) => left.has(table, id))
}

async function writeModels(
  models: ExportContent['models'],
  writer: ArchiveWriter,
  entries: WorkspaceEntry[],
  onStep: (step: ExportStep) => void,
): Promise<void> {
  const total = models.reduce((sum, { pack }) => sum + pack.size, 0)
  let done = 0
  for (const { name, pack } of models) {
    writer.begin(`${MODELS_FOLDER}/${name}.tar`)
    const reader = pack.stream().getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      writer.bytes(piece.value)
      done += piece.value.length
      onStep({ kind: 'models', done, total })
    }
    entries.push({ kind: 'model', name, ...writer.end() })
  }
}

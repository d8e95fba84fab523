import type { ExportableRun } from '#core/export/exportable-run'
import { exportFileName } from '#core/export/file-name'
import { inspectFileName, inspectLogParts } from '#core/export/inspect/log'
import { runCsvParts } from '#core/export/run-csv'
import { samplesCsvParts } from '#core/export/samples-csv'
import { runExport, runJsonParts, type ExportOptions } from '#core/export/run-export'
import { createExportHashing } from './export-hashing'
import { collect, inSteps } from './slices'

/** `samples`: a table of all replies, of runs that draw several. */
export type RunExportFormat = 'json' | 'csv' | 'samples' | 'inspect'

const MEDIA_TYPES: Record<RunExportFormat, string> = {
  json: 'application/json',
  csv: 'text/csv;charset=utf-8',
  samples: 'text/csv;charset=utf-8',
  inspect: 'application/json',
}

/** A run as a file to download, made in slices. `at` is the time of the export in ms since 1970. */
export async function runExportFile(
  run: ExportableRun,
  format: RunExportFormat,
  options: ExportOptions,
  at: number,
): Promise<File> {
  const ending = format === 'samples' ? 'samples.csv' : format
  const name = format === 'inspect' ? inspectFileName(run.plan) : exportFileName(run.plan, ending)
  return new File(await contentOf(run, format, options, at), name, { type: MEDIA_TYPES[format] })
}

async function contentOf(
  run: ExportableRun,
  format: RunExportFormat,
  options: ExportOptions,
  at: number,
): Promise<string[]> {
  const hashing = await createExportHashing()
  switch (format) {
    case 'json':
      return collect(runJsonParts(await inSteps(runExport(run, options, at, hashing))))
    case 'csv':
      return collect(runCsvParts(run, options, hashing.sha256))
    case 'samples':
      return collect(samplesCsvParts(run, hashing.sha256))
    case 'inspect':
      return collect(inspectLogParts(run, options, hashing.sha256))
  }
}

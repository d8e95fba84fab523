import { createHash } from 'node:crypto'
import type { ExportableRun } from '#core/export/exportable-run'
import type { CheckHashing } from '#core/receipt/file-checks'
import { readRunFile, type ReadProblem, type RunFile } from '#core/receipt/read'
import { foldRun } from '#core/receipt/run-events'
import { HistoryBuilder } from '#core/run/history'
import { SampleCollector } from '#core/run/samples'
import type { Result } from '#core/result'
import { accuracyTable } from '#core/score/accuracy-table'
import { replySummary } from '#core/score/replies'
import { endOf, exportOf, run, sha256 } from '../export/runs'
import { runJsonParts, type RunExport } from '#core/export/run-export'

export const checkHashing: CheckHashing = {
  sha256,
  encode: (text) => new TextEncoder().encode(text),
  newHash: () => {
    const hash = createHash('sha256')
    return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
  },
}

/** The fixture with all its questions answered. */
export function finishedRun(): ExportableRun {
  const plain = run()
  const { plan } = plain
  return { ...plain, plan: { ...plan, itemIndexes: [2, 0], rotations: [0, 0] } }
}

export function fileText(of: ExportableRun, includeQuestions = true): string {
  return [...runJsonParts(exportOf(of, { includeQuestions }, 5))].join('')
}

export function read(text: string): Result<RunFile, ReadProblem> {
  return endOf(readRunFile(text))
}

export function readGood(text: string): RunFile {
  const file = read(text)
  if (!file.ok) throw new Error(JSON.stringify(file.failure))
  return file.value
}

/** The problem with a file of which one thing was changed. */
export function problemWith(change: (file: RunExport) => void, of: ExportableRun = finishedRun()) {
  const file = JSON.parse(fileText(of)) as RunExport
  change(file)
  const result = read(JSON.stringify(file))
  return result.ok ? null : result.failure
}

/** As the database would give it back after the file was stored. */
export function stored(file: RunFile): ExportableRun {
  const folded = endOf(foldRun({ ...file, at: file.exportedAt }))
  if (!folded.ok) throw new Error(`${folded.failure.event.kind}: ${folded.failure.reason}`)
  const history = new HistoryBuilder()
  const samples = new SampleCollector()
  for (const event of folded.value.events) {
    history.add(event)
    samples.add(event)
  }
  const { summary } = folded.value
  const answers = file.answers.filter(({ rotation }) => rotation === 0)
  return {
    plan: file.plan,
    state: summary.state,
    ...history.history,
    answers,
    rotated: file.answers.filter(({ rotation }) => rotation !== 0),
    tables: { accuracy: accuracyTable(answers), replies: replySummary(answers) },
    flags: summary.flags,
    ...(file.plan.strategy && { samples: samples.samples }),
  }
}

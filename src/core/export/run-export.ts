/**
 * A benchmark run as a file. JSON holds everything and loses nothing; CSV has one row per answer for
 * spreadsheets and statistics packages.
 *
 * Both can leave the questions out: AnesBench's terms (C-UDA 1.0) leave results free but allow passing its
 * items on only under the same terms, so results can be shared without them.
 */
import type { EngineDescription } from '../engine'
import { optionLetter, type ItemLanguage } from '../prompt/question'
import type { RunState } from '../run/summary'
import type { Answer, LevelChoice, RunPlan } from '../run/types'
import { accuracyTable, levelChoice, type AccuracyTable } from '../score/accuracy-table'
import { replySummary, type ReplySummary } from '../score/replies'
import { keyedLetter, verdict } from '../score/verdict'
import { csvParts, type CsvValue } from './csv'

export const RUN_EXPORT_FORMAT = 'somnus-run'
export const RUN_EXPORT_VERSION = 1

/** One stretch of a run without interruption; all but the first are resumptions. */
export interface RunSession {
  /** Milliseconds since 1970, as all times here. */
  at: number
  /** Position of the first answer that the session could give. */
  position: number
  engine: EngineDescription
  userAgent: string
}

/** What an export is made from; `flags` are notes on doubted keys, by position. */
export interface ExportableRun {
  plan: RunPlan
  state: RunState
  sessions: readonly RunSession[]
  answers: readonly Answer[]
  flags: Readonly<Record<number, string>>
}

export interface ExportOptions {
  /** False leaves out stems and option texts; replies may still quote them. */
  includeQuestions: boolean
}

export interface ExportedItem {
  id: string
  language: ItemLanguage
  level: LevelChoice
  optionCount: number
  /** Keyed answer. */
  key: string
  /** Present when the questions are included; `options[0]` is A. */
  stem?: string
  options?: readonly string[]
}

/** An answer with its item in export form. */
export interface ExportedAnswer extends Omit<Answer, 'item'> {
  item: ExportedItem
  officialCorrect: boolean
  strictCorrect: boolean
}

/** The JSON file, version 1. Fractions are 0 to 1, durations in ms, hashes hexadecimal SHA-256. */
export interface RunExport {
  format: typeof RUN_EXPORT_FORMAT
  version: typeof RUN_EXPORT_VERSION
  exportedAt: number
  questionsIncluded: boolean
  plan: RunPlan
  state: RunState
  sessions: readonly RunSession[]
  tables: { accuracy: AccuracyTable; replies: ReplySummary }
  flags: { position: number; itemId: string; note: string }[]
  answers: ExportedAnswer[]
}

export function runExport(run: ExportableRun, options: ExportOptions, exportedAt: number): RunExport {
  const itemIds = new Map(run.answers.map((answer) => [answer.position, answer.item.id]))
  return {
    format: RUN_EXPORT_FORMAT,
    version: RUN_EXPORT_VERSION,
    exportedAt,
    questionsIncluded: options.includeQuestions,
    plan: run.plan,
    state: run.state,
    sessions: run.sessions,
    tables: { accuracy: accuracyTable(run.answers), replies: replySummary(run.answers) },
    flags: Object.entries(run.flags).map(([key, note]) => {
      const position = Number(key)
      return { position, itemId: itemIds.get(position) ?? '', note }
    }),
    answers: run.answers.map((answer) => exportedAnswer(answer, options)),
  }
}

/** The JSON file in pieces of one answer, for writing a long one without holding up the page. */
export function* runJsonParts({ answers, ...head }: RunExport): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"answers":[`
  for (const [index, answer] of answers.entries()) yield (index === 0 ? '\n' : ',\n') + JSON.stringify(answer)
  yield '\n]}\n'
}

function exportedAnswer(answer: Answer, { includeQuestions }: ExportOptions): ExportedAnswer {
  const { id, language, stem, options } = answer.item
  return {
    ...answer,
    item: {
      id,
      language,
      level: levelChoice(answer),
      optionCount: options.length,
      key: keyedLetter(answer),
      ...(includeQuestions && { stem, options }),
    },
    officialCorrect: verdict(answer, 'official') === 'right',
    strictCorrect: verdict(answer, 'strict') === 'right',
  }
}

/** One CSV column: its name, and its value for an answer of the run. */
interface Column {
  name: string
  value: (answer: Answer, run: ExportableRun) => CsvValue
}

const COLUMNS: readonly Column[] = [
  { name: 'position', value: (answer) => answer.position },
  { name: 'item_id', value: (answer) => answer.item.id },
  { name: 'language', value: (answer) => answer.item.language },
  { name: 'level', value: (answer) => levelChoice(answer) },
  { name: 'option_count', value: (answer) => answer.item.options.length },
  { name: 'key', value: keyedLetter },
  { name: 'official_letter', value: (answer) => answer.officialLetter },
  { name: 'official_correct', value: (answer) => verdict(answer, 'official') === 'right' },
  { name: 'strict_letter', value: (answer) => answer.strictLetter },
  { name: 'strict_correct', value: (answer) => verdict(answer, 'strict') === 'right' },
  { name: 'strict_reason', value: (answer) => answer.strictReason },
  { name: 'finish', value: (answer) => answer.finish },
  { name: 'failure', value: (answer) => answer.failure?.kind ?? null },
  { name: 'prompt_tokens', value: (answer) => answer.promptTokens },
  { name: 'completion_tokens', value: (answer) => answer.completionTokens },
  { name: 'time_to_first_token_ms', value: (answer) => answer.timeToFirstTokenMs },
  { name: 'decode_ms', value: (answer) => answer.decodeMs },
  { name: 'in_background', value: (answer) => answer.hidden },
  { name: 'answered_at', value: (answer) => new Date(answer.answeredAt).toISOString() },
  { name: 'key_doubted', value: (answer, run) => run.flags[answer.position] !== undefined },
  { name: 'doubt_note', value: (answer, run) => run.flags[answer.position] ?? null },
  { name: 'model', value: (_, run) => run.plan.model.name },
  { name: 'quantization', value: (_, run) => run.plan.model.quantization },
  { name: 'dataset', value: (_, run) => run.plan.dataset.name },
  // A run only goes on with the same weights, so its first session names them for all answers.
  { name: 'weights_sha256', value: (_, run) => run.sessions[0]?.engine.fingerprint ?? null },
  { name: 'items_sha256', value: (_, run) => run.plan.dataset.itemsSha256 },
  { name: 'prompt_sha256', value: (_, run) => run.plan.promptSha256 },
  { name: 'run_id', value: (_, run) => run.plan.id },
  { name: 'reply', value: (answer) => answer.reply },
]

const QUESTION_COLUMNS: readonly Column[] = [
  { name: 'stem', value: (answer) => answer.item.stem },
  {
    name: 'options',
    value: (answer) => answer.item.options.map((text, index) => `${optionLetter(index)}. ${text}`).join('\n'),
  },
]

/** The CSV file in pieces: UTF-8 with byte order mark, header, one row per answer. */
export function runCsvParts(run: ExportableRun, options: ExportOptions): Generator<string> {
  const columns = options.includeQuestions ? [...COLUMNS, ...QUESTION_COLUMNS] : COLUMNS
  function* rows() {
    for (const answer of run.answers) yield columns.map((column) => column.value(answer, run))
  }
  return csvParts(
    columns.map((column) => column.name),
    rows(),
  )
}

/** Two names of 24 characters, of at most 4 bytes each in UTF-8, stay well below the usual 255 bytes. */
const MOST_NAME_CHARACTERS = 24

/**
 * A file name that every file system takes, e.g. "somnus-qwen2-5-0-5b-demo-2026-11-21.json": letters and
 * digits of any script, everything else becomes a hyphen.
 */
export function exportFileName(plan: RunPlan, extension: 'json' | 'csv'): string {
  const day = new Date(plan.createdAt).toISOString().slice(0, 10)
  const words = [plan.model.name, plan.dataset.name].map((text) =>
    [
      ...text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-'),
    ]
      .slice(0, MOST_NAME_CHARACTERS)
      .join('')
      .replace(/^-|-$/g, ''),
  )
  return ['somnus', ...words.filter((word) => word !== ''), day].join('-') + `.${extension}`
}

/** Comparisons as files: JSON with replies and summaries, CSV with one row each for statistics packages. */
import { calendarDay } from '../export/calendar-day'
import { csvParts, type CsvValue } from '../export/csv'
import {
  isReady,
  isVeiled,
  preferredModel,
  SIDES,
  type ComparisonRecord,
  type Preference,
  type Side,
} from './comparison'
import { pairSummaries, type PairSummary } from './preference'

export const COMPARISONS_FORMAT = 'somnus-chat-comparisons'
export const COMPARISONS_VERSION = 1

/** The JSON file, version 1. Times are in ms since 1970, shares are 0 to 1. */
export interface ComparisonsFile {
  format: typeof COMPARISONS_FORMAT
  version: typeof COMPARISONS_VERSION
  exportedAt: number
  /** What the replies are, and are not meant for. */
  notice: string
  /** Blind ones without a preference, whose names must stay hidden, and those without both replies. */
  leftOut: number
  /** Blind preferences only. */
  pairs: PairSummary[]
  comparisons: readonly ComparisonRecord[]
}

export function comparisonsFile(
  records: readonly ComparisonRecord[],
  notice: string,
  exportedAt: number,
): ComparisonsFile {
  const told = records.filter(isTold)
  return {
    format: COMPARISONS_FORMAT,
    version: COMPARISONS_VERSION,
    exportedAt,
    notice,
    leftOut: records.length - told.length,
    pairs: pairSummaries(told),
    comparisons: told,
  }
}

/** The JSON file in pieces of one comparison, for writing a long one without holding up the page. */
export function* comparisonsJsonParts({ comparisons, ...head }: ComparisonsFile): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"comparisons":[`
  for (const [index, one] of comparisons.entries()) yield (index === 0 ? '\n' : ',\n') + JSON.stringify(one)
  yield '\n]}\n'
}

const SIDE_COLUMNS = ['model', 'quantization', 'fingerprint', 'device', 'finish', 'tokens', 'reply']

const COLUMNS = [
  'id',
  'series',
  'position',
  'created_at',
  'decided_at',
  'blind',
  'preference',
  'preferred_model',
  'question',
  'system',
  'temperature',
  'top_p',
  'max_tokens',
  'seed',
  ...SIDES.flatMap((side) => SIDE_COLUMNS.map((column) => `${side}_${column}`)),
  'notice',
]

/** The CSV file in pieces; the notice stands in each row, because rows are copied out of tables. */
export function comparisonsCsvParts(records: readonly ComparisonRecord[], notice: string): Generator<string> {
  function* rows() {
    for (const record of records) if (isTold(record)) yield rowOf(record, notice)
  }
  return csvParts(COLUMNS, rows())
}

/** E.g. "somnus-preferences-2026-11-21.json". */
export function comparisonsFileName(at: number, ending: string): string {
  return `somnus-preferences-${calendarDay(at)}.${ending}`
}

function isTold(record: ComparisonRecord): boolean {
  return record.removedAt === null && isReady(record) && !isVeiled(record)
}

function rowOf(record: ComparisonRecord, notice: string): CsvValue[] {
  const { settings, preference } = record
  return [
    record.id,
    record.series,
    record.position,
    timeText(record.createdAt),
    record.decidedAt === null ? null : timeText(record.decidedAt),
    record.blind,
    preference satisfies Preference | null,
    preferredModel(record)?.name ?? null,
    record.question,
    settings.system,
    settings.temperature,
    settings.topP,
    settings.maxTokens,
    settings.seed,
    ...SIDES.flatMap((side) => sideCells(record, side)),
    notice,
  ]
}

function sideCells({ models, replies }: ComparisonRecord, side: Side): CsvValue[] {
  const { name, quantization } = models[side]
  const reply = replies[side]
  if (!reply) return [name, quantization, null, null, null, null, null]
  const { engine, finish, completionTokens, text } = reply
  return [name, quantization, engine.fingerprint, engine.device, finish, completionTokens, text]
}

function timeText(at: number): string {
  return new Date(at).toISOString()
}

/** One record as a line of an archive: `[key, record]` in canonical JSON, so that equal records are equal lines. */
import { canonicalJson } from '../export/canonical-json'
import { valueEnd } from '../json-scan'
import { MAX_LEVELS } from '../receipt/limits'
import { failure, success, type Result } from '../result'
import type { WorkspaceStore } from './tables'

export type RowKey = string | readonly [string, number]

export interface Row {
  key: RowKey
  value: unknown
}

/** The line of a record, without its end. */
export function rowLine(store: WorkspaceStore, key: RowKey, value: unknown): string {
  return canonicalJson([key, store === 'datasetDetails' ? withStrataText(value) : value])
}

/** The record of a line. Its shape is checked elsewhere; only that it is a pair is known here. */
export function readRow(store: WorkspaceStore, line: string): Result<Row, 'not-json'> {
  if (valueEnd(line, 0, MAX_LEVELS) !== line.length) return failure('not-json')
  let pair: unknown
  try {
    pair = JSON.parse(line)
  } catch {
    return failure('not-json')
  }
  if (!Array.isArray(pair) || pair.length !== 2) return failure('not-json')
  const [key, value] = pair as [unknown, unknown]
  if (!isKey(key)) return failure('not-json')
  return success({ key, value: store === 'datasetDetails' ? withStrataBytes(value) : value })
}

function isKey(key: unknown): key is RowKey {
  if (typeof key === 'string') return true
  return Array.isArray(key) && key.length === 2 && typeof key[0] === 'string' && Number.isSafeInteger(key[1])
}

/** Levels and languages are bytes from 0 to 7 in the database and a digit each in the archive. */
function withStrataText(value: unknown): unknown {
  const { meta, ...rest } = value as { meta: { ids: string[]; strata: Uint8Array } }
  return { ...rest, meta: { ...meta, strata: Array.from(meta.strata, (code) => code & 7).join('') } }
}

function withStrataBytes(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['meta'])) return value
  const { strata } = value['meta']
  if (typeof strata !== 'string' || !/^[0-7]*$/.test(strata)) return value
  return { ...value, meta: { ...value['meta'], strata: Uint8Array.from(strata, Number) } }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As the database orders keys: texts by UTF-16 units, then numbers. */
export function compareKeys(one: RowKey, other: RowKey): number {
  const [id, number] = typeof one === 'string' ? [one, -1] : one
  const [otherId, otherNumber] = typeof other === 'string' ? [other, -1] : other
  if (id !== otherId) return id < otherId ? -1 : 1
  return number - otherNumber
}

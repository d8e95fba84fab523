/** A JSON file of a model, parsed once at the edge: its text against a schema. */
import * as v from 'valibot'
import { failure, success } from '../result'
import type { ModelFailure, ModelResult } from './failure'
import { isModelPath } from './path'

/** A path that a manifest of unknown origin may name. */
export const SafePath = v.pipe(v.string(), v.check(isModelPath, 'a relative path inside the model'))

/** Parses a text as JSON of the given shape. The failure names the first place that differs. */
export function parseFile<Output>(
  path: string,
  text: string,
  schema: v.GenericSchema<unknown, Output>,
): ModelResult<Output> {
  let json: unknown
  try {
    // Some editors begin a file with a byte order mark, which is no JSON.
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return failure(fileInvalid(path, null, 'JSON'))
  }
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return success(parsed.output)
  const [issue] = parsed.issues
  return failure(fileInvalid(path, placeOf(issue), issue.message))
}

export function fileInvalid(path: string, where: string | null, expected: string): ModelFailure {
  return { kind: 'file-invalid', path, where, expected }
}

/** The place of an issue, such as `records[3].nbytes`; null for the whole. */
function placeOf(issue: v.BaseIssue<unknown>): string | null {
  const keys = (issue.path ?? []).map(({ key }) => key)
  const place = keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key),
    '',
  )
  return place === '' ? null : place
}

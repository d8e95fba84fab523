/** The list of entries of a workspace archive, with the versions it was written by. */
import * as v from 'valibot'
import { isModelPath } from '../model/path'
import { misfitOf } from '../receipt/expected'
import { Count, Hash, Line, Time } from '../receipt/shapes'
import { failure, success, type Result } from '../result'
import type { WorkspaceFailure } from './failure'
import { MAX_ENTRIES } from './limits'
import { WORKSPACE_STORES } from './tables'

export const WORKSPACE_MANIFEST = 'somnus-workspace.json'
export const PRIVACY_ENTRY = 'privacy.json'
export const MODELS_FOLDER = 'models'
const FORMAT = 'somnus-workspace'
export const WORKSPACE_VERSION = 1

const Path = v.pipe(Line, v.check(isModelPath))
const Content = { path: Path, bytes: Count, sha256: Hash }
const Entry = v.variant('kind', [
  /** JSON Lines, one `[key, record]` each, in the order of the keys. */
  v.object({ kind: v.literal('records'), store: v.picklist(WORKSPACE_STORES), rows: Count, ...Content }),
  v.object({ kind: v.literal('privacy'), ...Content }),
  /** A model pack as a tar archive of its own. */
  v.object({ kind: v.literal('model'), name: Line, ...Content }),
])
const Manifest = v.object({
  format: v.literal(FORMAT),
  version: v.literal(WORKSPACE_VERSION),
  databaseVersion: v.pipe(Count, v.minValue(1)),
  appVersion: Line,
  exportedAt: Time,
  entries: v.pipe(v.array(Entry), v.maxLength(MAX_ENTRIES)),
})
const Versions = v.object({
  format: v.literal(FORMAT),
  version: v.pipe(Count, v.minValue(1)),
  databaseVersion: v.pipe(Count, v.minValue(1)),
})

export type WorkspaceEntry = v.InferOutput<typeof Entry>
/** `exportedAt` is in ms since 1970, and the only member that differs between two archives of one workspace. */
export type WorkspaceManifest = v.InferOutput<typeof Manifest>
export type RecordsEntry = Extract<WorkspaceEntry, { kind: 'records' }>

/** The manifest as text: JSON, indented to be read by people. */
export function manifestText(manifest: Omit<WorkspaceManifest, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: FORMAT, version: WORKSPACE_VERSION, ...manifest }, null, 2)}\n`
}

/** Reads a manifest; what newer versions wrote is told apart from what is damaged. */
export function readManifest(
  text: string,
  databaseVersion: number,
): Result<WorkspaceManifest, WorkspaceFailure> {
  const entry = WORKSPACE_MANIFEST
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return failure({ kind: 'not-json', entry, row: null })
  }
  const versions = v.safeParse(Versions, json)
  if (!versions.success) return failure(misfit(versions.issues[0]))
  const { version, databaseVersion: found } = versions.output
  if (version > WORKSPACE_VERSION)
    return failure({ kind: 'newer', what: 'format', found: version, supported: WORKSPACE_VERSION })
  if (found > databaseVersion)
    return failure({ kind: 'newer', what: 'database', found, supported: databaseVersion })
  const parsed = v.safeParse(Manifest, json)
  if (!parsed.success) return failure(misfit(parsed.issues[0]))
  const seen = new Set<string>([WORKSPACE_MANIFEST])
  for (const each of parsed.output.entries) {
    for (const name of each.kind === 'records' ? [each.path, `store ${each.store}`] : [each.path]) {
      if (seen.has(name)) return failure({ kind: 'entry-unexpected', entry: each.path })
      seen.add(name)
    }
  }
  return success(parsed.output)
}

function misfit(issue: v.BaseIssue<unknown>): WorkspaceFailure {
  return { kind: 'misfit', entry: WORKSPACE_MANIFEST, row: null, ...misfitOf(issue, '') }
}

/** E.g. "somnus-workspace-2026-11-22.tar", by the local date of the time in ms since 1970. */
export function workspaceFileName(date: { year: number; month: number; day: number }): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `somnus-workspace-${date.year}-${two(date.month)}-${two(date.day)}.tar`
}

export function entryPath(store: string): string {
  return `${store}.jsonl`
}

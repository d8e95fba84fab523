/** What Hugging Face tells of a repository: its commit, and every file with size and hash. */
import * as v from 'valibot'
import type { ModelResult } from './failure'
import { parseFile } from './parse-file'
import type { FileHash } from './stored'

/** About 300 bytes a file; repositories of models have hundreds of files. */
export const HUB_ANSWER_LIMIT_BYTES = 8 * 2 ** 20

export interface HubFile {
  path: string
  bytes: number
  /** SHA-256 of large files, git's blob hash of others; null where neither is told. */
  hash: FileHash | null
}

const RevisionSchema = v.object({
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'a commit')),
})

const TreeSchema = v.array(
  v.object({
    type: v.string(),
    path: v.string(),
    size: v.optional(v.number(), 0),
    oid: v.optional(v.string()),
    lfs: v.optional(v.nullable(v.object({ oid: v.string(), size: v.number() }))),
  }),
)

export function readHubRevision(text: string): ModelResult<string> {
  const parsed = parseFile('revision', text, RevisionSchema)
  return parsed.ok ? { ok: true, value: parsed.value.sha } : parsed
}

export function readHubTree(text: string): ModelResult<HubFile[]> {
  const parsed = parseFile('tree', text, TreeSchema)
  if (!parsed.ok) return parsed
  const files = parsed.value.filter(({ type }) => type === 'file')
  return {
    ok: true,
    value: files.map(({ path, size, oid, lfs }) => ({
      path,
      bytes: lfs?.size ?? size,
      hash: hashOf(oid, lfs?.oid),
    })),
  }
}

function hashOf(oid: string | undefined, large: string | undefined): FileHash | null {
  if (large !== undefined && /^[0-9a-f]{64}$/.test(large)) return { algorithm: 'sha256', hex: large }
  return oid !== undefined && large === undefined && /^[0-9a-f]{40}$/.test(oid)
    ? { algorithm: 'git-sha1', hex: oid }
    : null
}

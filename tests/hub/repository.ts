/** What Hugging Face answers for a repository: revision, tree and files. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type RepositoryFiles = Readonly<Record<string, Uint8Array | string>>

/** Kept outside git there, so the tree names their SHA-256. */
const LARGE_FILE = /\.(bin|safetensors|gguf|wasm)$/

interface Answer {
  bytes: Uint8Array
  /** The file of the repository; null for an answer of the API. */
  file: string | null
}

/** The commit (made up from the content) and every answer by its path on the host. */
export function repositoryAnswers(
  repository: string,
  files: RepositoryFiles,
): { commit: string; answers: Map<string, Answer> } {
  const contents = Object.entries(files).map(([path, content]): [string, Uint8Array] => [
    path,
    typeof content === 'string' ? Buffer.from(content) : content,
  ])
  const tree = contents.map(([path, bytes]) => treeEntry(path, bytes))
  const commit = createHash('sha1').update(JSON.stringify(tree)).digest('hex')
  const answers = new Map<string, Answer>()
  const json = (path: string, value: unknown) =>
    answers.set(path, { bytes: Buffer.from(JSON.stringify(value)), file: null })
  const revision = { id: repository, sha: commit, siblings: contents.map(([rfilename]) => ({ rfilename })) }
  json(`/api/models/${repository}`, revision)
  for (const name of ['main', commit]) {
    json(`/api/models/${repository}/revision/${name}`, revision)
    json(`/api/models/${repository}/tree/${name}`, tree)
    for (const [path, bytes] of contents) {
      answers.set(`/${repository}/resolve/${name}/${path}`, { bytes, file: path })
    }
  }
  return { commit, answers }
}

function treeEntry(path: string, bytes: Uint8Array) {
  const size = bytes.length
  if (!LARGE_FILE.test(path)) return { type: 'file', oid: gitBlobHash(bytes), size, path }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`
  const lfs = { oid: sha256, size, pointerSize: pointer.length }
  return { type: 'file', oid: gitBlobHash(Buffer.from(pointer)), size, lfs, path }
}

export function gitBlobHash(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** The files of a folder and its subfolders, by path. */
export function folderFiles(folder: string): Record<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''), readFileSync(path)]
    }),
  )
}

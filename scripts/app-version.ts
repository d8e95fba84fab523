/** What names a build of the app: receipts carry it, so that a result can be traced to the code that made it. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { gitTree } from './git-tree.ts'

/** Everything that the built app is made from: folders, and files beside them. */
const SOURCE_FOLDERS = ['public', 'scripts', 'src']
const SOURCE_FILES = [
  ...['LICENSE', 'index.html', 'libraries.json', 'models.json', 'package-lock.json', 'package.json'],
  ...['svelte.config.js', 'vite.config.ts'],
]

/** Says in an archive made by git which commit and tree it holds (see .gitattributes). */
const COMMIT_FILE = 'scripts/commit.txt'
/** As it is in a checkout. */
const COMMIT_FILE_TEXT = 'commit $Format:%H$\ntree $Format:%T$\n'

/** What lies beside the sources and belongs to no commit. */
const IGNORED = new Set(['.cache', '.git', 'coverage', 'dist', 'node_modules', 'test-results'])

/** Digits of hashes in versions: 48 bits are ample for telling builds of one project apart. */
const DIGITS = 12

/**
 * "0.1.0+4f2a90c1d3e5", the commit, in a checkout as in an archive that git made of it. A tree that differs from its
 * commit adds "-modified.", one that knows of no commit has "source.", and the hash of its sources: the same sources
 * have the same version wherever they lie.
 */
export function appVersion(version: string, root = '.'): string {
  const commit = existsSync(join(root, '.git')) ? checkedOut(root) : archived(root)
  if (!commit) return `${version}+source.${sourcesHash(root)}`
  const named = `${version}+${commit.hash.slice(0, DIGITS)}`
  return commit.isModified ? `${named}-modified.${sourcesHash(root)}` : named
}

interface Commit {
  hash: string
  isModified: boolean
}

function checkedOut(root: string): Commit | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    return { hash: git('rev-parse', 'HEAD'), isModified: git('status', '--porcelain') !== '' }
  } catch {
    return undefined
  }
}

function archived(root: string): Commit | undefined {
  const file = join(root, COMMIT_FILE)
  const [, hash, tree] =
    (existsSync(file) && /^commit ([0-9a-f]{40})\ntree ([0-9a-f]{40})\n$/.exec(readFileSync(file, 'utf8'))) ||
    []
  if (!hash) return undefined
  const found = gitTree(root, IGNORED, new Map([[COMMIT_FILE, COMMIT_FILE_TEXT]]))
  return { hash, isModified: found !== tree }
}

/** The first digits of the SHA-256 over path and SHA-256 of every source, in the order of paths. */
export function sourcesHash(root = '.'): string {
  const inFolders = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  )
  const lines = [...inFolders, ...SOURCE_FILES]
    .map((path) => `${path.replaceAll('\\', '/')} ${sha256OfFile(join(root, path))}`)
    .sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, DIGITS)
}

/** SHA-256 (hex) of the CPU engine's two builds, by the names of core/catalog/wasm-build. */
export function wasmSha256(): Record<'default' | 'compatible', string> {
  const require = createRequire(import.meta.url)
  return {
    default: sha256OfFile(require.resolve('@wllama/wllama/esm/wasm/wllama.wasm')),
    compatible: sha256OfFile(require.resolve('@wllama/wllama-compat/wasm/wllama.wasm')),
  }
}

function sha256OfFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

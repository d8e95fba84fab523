/** What names a build of the app: receipts carry it, so that a result can be traced to the code that made it. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'

/** Everything that the built app is made from: folders, and files beside them. */
const SOURCE_FOLDERS = ['src', 'public']
const SOURCE_FILES = ['index.html', 'models.json', 'package-lock.json', 'vite.config.ts']

/** Digits of hashes in versions: 48 bits are ample for telling builds of one project apart. */
const DIGITS = 12

/**
 * "0.1.0+4f2a90c1d3e5", the commit. A tree that differs from its commit adds "-modified.", one without git has
 * "source.", and the hash of its sources: the same sources have the same version wherever they lie.
 */
export function appVersion(version: string): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    const commit = `${version}+${git('rev-parse', `--short=${DIGITS}`, 'HEAD')}`
    return git('status', '--porcelain') === '' ? commit : `${commit}-modified.${sourcesHash()}`
  } catch {
    return `${version}+source.${sourcesHash()}`
  }
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

/** The last step of a build: the service worker with the list of all files, and their hashes for everyone. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build, type Plugin, type ResolvedConfig } from 'vite'
import {
  isServed,
  SUMS_FILE,
  sumsFile,
  WORKER_FILE,
  type SiteBuild,
  type SiteFile,
} from '../src/core/site/build.ts'

const WORKER_SOURCE = 'src/sw/main.ts'

/** Stands in the worker's code until the list is known, which the code's own hash goes into. */
const PLACEHOLDER = '__SITE_BUILD__'

/** Digits of a build's id: 64 bits tell builds apart; the files themselves are checked by whole hashes. */
const ID_DIGITS = 16

/** Writes `sw.js` and `SHA256SUMS` once everything else lies in the folder. The same files give the same bytes. */
export function siteBuild(version: string): Plugin {
  let config: ResolvedConfig
  let isWritten = false
  return {
    name: 'somnus-site-build',
    apply: 'build',
    configResolved(resolved) {
      config = resolved
    },
    writeBundle() {
      isWritten = true
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        // A build that failed is closed as well.
        if (!isWritten) return
        const folder = resolve(config.root, config.build.outDir)
        finishSite(folder, await workerCode(config.root, version), version)
      },
    },
  }
}

/** Writes the service worker, made of `code`, and `SHA256SUMS` for what else lies in the folder. */
export function finishSite(folder: string, code: string, version: string): void {
  const files = filesOf(folder).filter(({ path }) => isServed(path))
  writeFileSync(join(folder, WORKER_FILE), withBuild(code, version, files))
  const all = filesOf(folder).filter(({ path }) => path !== SUMS_FILE)
  writeFileSync(join(folder, SUMS_FILE), sumsFile(all))
}

/** All files of a folder in the order of their paths' code units, which is the same on every machine. */
export function filesOf(folder: string): SiteFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const content = readFileSync(file)
      return {
        path: relative(folder, file).replaceAll('\\', '/'),
        sha256: sha256(content),
        bytes: content.length,
      }
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The service worker as one classic script with a place for the list of files. */
export async function workerCode(root: string, version: string): Promise<string> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { __APP_VERSION__: JSON.stringify(version) },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { checks: { pluginTimings: false } },
      lib: { entry: WORKER_SOURCE, formats: ['iife'], name: 'somnusServiceWorker' },
    },
  })
  const [script, ...others] = [output].flat().flatMap((result) => ('output' in result ? result.output : []))
  if (script?.type !== 'chunk' || others.length > 0) throw new Error('The service worker must be one script.')
  return script.code
}

function withBuild(code: string, version: string, files: readonly SiteFile[]): string {
  const id = sha256(code + JSON.stringify(files)).slice(0, ID_DIGITS)
  const list: SiteBuild = { id, version, files }
  // The minifier may choose any quote.
  const [before, after, ...more] = code.split(new RegExp(`["'\`]${PLACEHOLDER}["'\`]`))
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('The service worker must have one place for its list of files.')
  return before + JSON.stringify(JSON.stringify(list)) + after
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

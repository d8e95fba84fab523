/** A build of the site as its service worker knows it: which files there are, and what must be in them. */

export interface SiteFile {
  /** Below the site's root, with "/" between folders and none in front. */
  path: string
  /** Lower-case hex. */
  sha256: string
  bytes: number
}

export interface SiteBuild {
  /** Names the build: the first digits of the SHA-256 of the service worker's code and of all `files`. */
  id: string
  /** Version and commit, as `__APP_VERSION__`. */
  version: string
  /** Every file that a page may ask for, in the order of paths. */
  files: readonly SiteFile[]
}

/** The hashes of the built folder, in the format of `sha256sum`; not among its own lines. */
export const SUMS_FILE = 'SHA256SUMS'

/** The service worker: it cannot hold its own hash, and the browser keeps it itself. */
export const WORKER_FILE = 'sw.js'

/** Files that hosts read and do not hand out. */
const HOST_FILES: readonly string[] = ['_headers', '.nojekyll']

/** Whether a page may ask for this file of the built folder, so that it has to be there offline. */
export function isServed(path: string): boolean {
  return path !== SUMS_FILE && path !== WORKER_FILE && !HOST_FILES.includes(path)
}

/** The text of `SHA256SUMS`, which `sha256sum -c` reads. */
export function sumsFile(files: readonly Pick<SiteFile, 'path' | 'sha256'>[]): string {
  return files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')
}

/** The files of a `SHA256SUMS`; null where the text is none. */
export function parseSums(text: string): Pick<SiteFile, 'path' | 'sha256'>[] | null {
  const lines = text.split('\n')
  if (lines.pop() !== '') return null
  const files = lines.map((line) => /^([0-9a-f]{64}) {2}(.+)$/.exec(line))
  return files.every((match) => match !== null)
    ? files.map(([, sha256 = '', path = '']) => ({ path, sha256 }))
    : null
}

/**
 * The response headers of the site, in one place: the dev and preview servers and the service worker send them, and
 * the build writes them to `_headers` for static hosts that read that file.
 */
import type { PrivacyState } from './state'

/**
 * The built workers that fetch what the user asked for (models, datasets) lie in this folder. A worker obeys the
 * policy of its own response, so the rest of the app, which sees prompts and replies, reaches no other host.
 */
export const DOWNLOAD_FOLDER = 'downloads'

/** The names of those workers' entry files, without extension. */
export const DOWNLOAD_WORKERS: readonly string[] = ['models', 'dataset-import']

/** The other folder whose files carry a hash of their content in their names. */
const ASSETS_FOLDER = 'assets'

/** Files under a fixed name that tell which files belong together: an old one would hold back every update. */
const ENTRY_FILES = ['', 'index.html', 'sw.js', 'manifest.webmanifest', 'SHA256SUMS']

/**
 * Which hosts the download workers may reach. A static host does not know what its visitors chose, so its own policy
 * can only say "any"; the service worker says which.
 */
export type Reach = 'any-host' | PrivacyState

type Headers = Record<string, string>

export const isolationHeaders: Headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Sent with every file. */
export const siteHeaders: Headers = {
  ...isolationHeaders,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** The content security policy of a file of the built site; `path` is below the site's root, without leading "/". */
export function policyOf(path: string, reach: Reach): string {
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    // wllama starts its threads from blob URLs.
    'worker-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", 'blob:', ...(isIn(DOWNLOAD_FOLDER, path) ? reached(reach) : [])],
    'img-src': ["'self'", 'data:'],
    'style-src': ["'self'"],
    'font-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}

/** All headers of a file of the built site. */
export function headersOf(path: string, reach: Reach): Headers {
  return { ...siteHeaders, 'Content-Security-Policy': policyOf(path, reach), ...cachingOf(path) }
}

/** `_headers`. Hosts join the headers of all rules that match a file, so each file gets each header from one rule. */
export function headersFile(): string {
  const rule = (pattern: string, headers: Headers) =>
    [pattern, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n')
  const patterns = [...ENTRY_FILES, `${ASSETS_FOLDER}/*`, `${DOWNLOAD_FOLDER}/*`]
  const rules = patterns.map((path) =>
    rule(`/${path}`, { 'Content-Security-Policy': policyOf(path, 'any-host'), ...cachingOf(path) }),
  )
  return `${[rule('/*', siteHeaders), ...rules].join('\n')}\n`
}

function reached(reach: Reach): readonly string[] {
  // A model or dataset may come from any mirror that the user names; http: is for one on the local network.
  if (reach === 'any-host') return ['https:', 'http:']
  return reach.locked ? [] : reach.hosts
}

function cachingOf(path: string): Headers {
  if ([ASSETS_FOLDER, DOWNLOAD_FOLDER].some((folder) => isIn(folder, path)))
    return { 'Cache-Control': 'public, max-age=31536000, immutable' }
  return ENTRY_FILES.includes(path) ? { 'Cache-Control': 'no-cache' } : {}
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`)
}

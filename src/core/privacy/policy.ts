/**
 * The response headers of the site, in one place: the dev and preview servers and the service worker send them, and
 * the build writes them to `_headers` for static hosts that read that file.
 */
import { sourcesOf } from './hosts.ts'
import type { PrivacyState } from './state'

/**
 * The built workers that fetch what the user asked for (models, datasets) lie in this folder. A worker obeys the
 * policy of its own response, so the rest of the app, which sees prompts and replies, reaches no other host.
 */
export const DOWNLOAD_FOLDER = 'downloads'

/** The names of those workers' entry files, without extension. */
export const DOWNLOAD_WORKERS: readonly string[] = ['models', 'dataset-import', 'self-test-download']

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

/** What no part of the app needs; the page may keep its processors awake and use them all, and copy. */
const SWITCHED_OFF = [
  ...['accelerometer', 'autoplay', 'browsing-topics', 'camera', 'compute-pressure', 'display-capture'],
  ...[
    'encrypted-media',
    'gamepad',
    'geolocation',
    'gyroscope',
    'hid',
    'identity-credentials-get',
    'idle-detection',
  ],
  ...['keyboard-map', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment'],
  ...['picture-in-picture', 'publickey-credentials-create', 'publickey-credentials-get', 'serial'],
  ...['storage-access', 'usb', 'window-management', 'xr-spatial-tracking'],
]

/** Sent with every file. */
export const siteHeaders: Headers = {
  ...isolationHeaders,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': SWITCHED_OFF.map((feature) => `${feature}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Names of hosts that a page links to would be asked for before anyone follows the link.
  'X-DNS-Prefetch-Control': 'off',
}

/**
 * The names of the policies that may make what runs as script or becomes HTML: Svelte's for its own templates, that
 * of the sanitizer, and the page's own for the addresses of its workers (see app/own-scripts).
 */
const TRUSTED_TYPES = ['svelte-trusted-html', 'dompurify', 'default']

/** The content security policy of a file of the built site; `path` is below the site's root, without leading "/". */
export function policyOf(path: string, reach: Reach): string {
  return [...directivesOf(path, reach), "frame-ancestors 'none'"].join('; ')
}

/** The page's policy for hosts that send no headers, as a meta element: those may not say who may frame the page. */
export function metaPolicy(): string {
  return directivesOf('', 'any-host').join('; ')
}

function directivesOf(path: string, reach: Reach): string[] {
  const directives = {
    'default-src': ["'none'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    // wllama starts its threads from blob URLs.
    'worker-src': ["'self'", 'blob:'],
    'connect-src': ["'self'", 'blob:', ...(isIn(DOWNLOAD_FOLDER, path) ? reached(reach) : [])],
    'img-src': ["'self'", 'data:'],
    'style-src': ["'self'"],
    'font-src': ["'self'"],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    // Workers have no HTML, and no sink for script that the directives above leave open.
    ...(isPage(path) ? { 'require-trusted-types-for': ["'script'"], 'trusted-types': TRUSTED_TYPES } : {}),
  }
  return Object.entries(directives).map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
}

/**
 * Browsers that know `Connection-Allowlist` (Chromium since 152) hold to it what a content security policy cannot:
 * WebRTC, links, windows, redirects of the page, names that are looked up. While the app is open the user may follow
 * links; the workers that download are held by their content security policy, which judges redirects host by host.
 */
function connectionsOf(path: string, reach: Reach): Headers {
  const isLocked = reach !== 'any-host' && reach.locked
  if (isIn(DOWNLOAD_FOLDER, path) && !isLocked) return {}
  const allowlist =
    isPage(path) && !isLocked
      ? '(response-origin "*://*:*/*");redirects=allow;webrtc=block'
      : '(response-origin)'
  return { 'Connection-Allowlist': allowlist }
}

/** Under which policy a page was sent; it can read this of itself, and of nothing else that it was sent with. */
export const POLICY_TIMING = 'policy'
export type SentUnder = 'host' | 'open' | 'locked'

function timingOf(path: string, reach: Reach): Headers {
  const under: SentUnder = reach === 'any-host' ? 'host' : reach.locked ? 'locked' : 'open'
  return isPage(path) ? { 'Server-Timing': `${POLICY_TIMING};desc="${under}"` } : {}
}

/** The headers of a file of the built site that are not those of every file. */
function ownHeadersOf(path: string, reach: Reach): Headers {
  return {
    'Content-Security-Policy': policyOf(path, reach),
    ...connectionsOf(path, reach),
    ...timingOf(path, reach),
    ...cachingOf(path),
  }
}

/** All headers of a file of the built site. */
export function headersOf(path: string, reach: Reach): Headers {
  return { ...siteHeaders, ...ownHeadersOf(path, reach) }
}

/** `_headers`. Hosts join the headers of all rules that match a file, so each file gets each header from one rule. */
export function headersFile(): string {
  const rule = (pattern: string, headers: Headers) =>
    [pattern, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n')
  const patterns = [...ENTRY_FILES, `${ASSETS_FOLDER}/*`, `${DOWNLOAD_FOLDER}/*`]
  const rules = patterns.map((path) => rule(`/${path}`, ownHeadersOf(path, 'any-host')))
  return `${[rule('/*', siteHeaders), ...rules].join('\n')}\n`
}

function reached(reach: Reach): readonly string[] {
  // A model or dataset may come from any mirror that the user names; http: is for one on the local network.
  if (reach === 'any-host') return ['https:', 'http:']
  return reach.locked ? [] : sourcesOf(reach.hosts)
}

function cachingOf(path: string): Headers {
  if ([ASSETS_FOLDER, DOWNLOAD_FOLDER].some((folder) => isIn(folder, path)))
    return { 'Cache-Control': 'public, max-age=31536000, immutable' }
  return ENTRY_FILES.includes(path) ? { 'Cache-Control': 'no-cache' } : {}
}

function isPage(path: string): boolean {
  return path === '' || path === 'index.html'
}

/** Whether a page or worker at this path is one of the workers that download. */
export function isDownloadPath(path: string | null): boolean {
  return path !== null && isIn(DOWNLOAD_FOLDER, path)
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`)
}

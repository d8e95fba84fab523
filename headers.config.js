// The response headers of the site, in one place: the dev and preview servers send them, and the build
// writes them to dist/_headers for static hosts that read that file.

/**
 * The built workers that fetch what the user asked for (models, datasets) lie in this folder. A worker obeys the
 * policy of its own response, so the rest of the app, which sees prompts and replies, reaches no other host.
 */
export const DOWNLOAD_FOLDER = 'downloads'

/** The names of those workers' entry files, without extension. */
export const DOWNLOAD_WORKERS = ['models', 'dataset-import']

const OWN_SITE = ["'self'", 'blob:']
// A model or dataset may come from any mirror that the user names; http: is for one on the local network.
const ANY_HOST = [...OWN_SITE, 'https:', 'http:']

/** @param {string[]} connect */
function contentSecurityPolicy(connect) {
  const directives = {
    'default-src': ["'self'"],
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    // wllama starts its threads from blob URLs.
    'worker-src': ["'self'", 'blob:'],
    'connect-src': connect,
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

/** @type {Record<string, string>} */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Sent with every file. @type {Record<string, string>} */
export const siteHeaders = {
  ...isolationHeaders,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * The policy of a file of the built site.
 * @param {string} path below the site's root, without leading "/"
 */
export function policyOf(path) {
  return contentSecurityPolicy(path.startsWith(`${DOWNLOAD_FOLDER}/`) ? ANY_HOST : OWN_SITE)
}

/** dist/_headers. Hosts combine the rules that match a file, so each file has one policy and no rule adds another. */
export function headersFile() {
  const rule = (pattern, headers) =>
    [pattern, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n')
  const policy = (pattern) => rule(pattern, { 'Content-Security-Policy': policyOf(pattern.slice(1)) })
  const policies = ['/', '/index.html', '/assets/*', `/${DOWNLOAD_FOLDER}/*`].map(policy)
  return `${[rule('/*', siteHeaders), ...policies].join('\n')}\n`
}

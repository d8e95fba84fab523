/** A mirror: one base address that stands in for the hosts that public models come from. */

/** The hosts that a mirror replaces: weights, tokenizers and GGUF files; compiled libraries. */
export const MIRRORED_HOSTS: readonly string[] = ['huggingface.co', 'raw.githubusercontent.com']

/** The setting that keeps it. */
export const MIRROR_SETTING = 'modelMirror'

const HTTP_ADDRESS = /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/i

/** The base address that was typed, without a slash at its end; null where it is not an http(s) address. */
export function parseMirror(typed: string): string | null {
  const address = typed.trim()
  return HTTP_ADDRESS.test(address) ? address.replace(/\/+$/, '') : null
}

/**
 * The address under the mirror `base` (as `parseMirror` gives it), path and query kept; unchanged without a
 * mirror or for another host.
 */
export function mirrored(url: string, base: string | null): string {
  if (base === null) return url
  const [, host, rest] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url) ?? []
  return host !== undefined && MIRRORED_HOSTS.includes(host.toLowerCase()) ? base + (rest ?? '') : url
}

/** Where compiled libraries are published. */
export const LIBRARY_HOST = 'https://raw.githubusercontent.com'
/** Paths that only Hugging Face has: /api/…, /owner/repository/resolve/…. */
const HUB_PATH = /^\/(?:api\/|[^/]+\/[^/]+\/(?:resolve|raw|blob)\/)/

/**
 * The original address of a compiled library that was looked for on the mirror `base`; null for anything else.
 * Public mirrors of Hugging Face have no libraries, so what a mirror lacks is fetched from where it is.
 */
export function originalLibrary(url: string, base: string | null): string | null {
  if (base === null || !url.startsWith(`${base}/`)) return null
  const path = url.slice(base.length)
  return /\.wasm(?:[?#]|$)/.test(path) && !HUB_PATH.test(path) ? LIBRARY_HOST + path : null
}

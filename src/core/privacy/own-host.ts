import { isDownloadPath } from './policy'
import type { PrivacyState } from './state'

/** A request to Somnus's own host that no kept file answers. */
export interface HostRequest {
  method: string
  /** Below the site's root; null for an address elsewhere at the same origin. */
  path: string | null
  hasQuery: boolean
  /** The path of the page or worker that asks, below the site's root; null where it is not known. */
  asker: string | null
}

/** What the service worker knows of the site. */
export interface KnownSite {
  /** Paths of the files of its build. */
  files: ReadonlySet<string>
  /** Some build's start page is kept, so that the app starts without the host. */
  isKept: boolean
}

/**
 * Whether the host may be asked. While the app is locked, a request of the page or of the engine must not be able to
 * carry a text: files of the build alone, by their names. Workers that download see no text of the user's, and models
 * may lie at the own host. Where no build is kept, only the host can still give the app.
 */
export function mayAskHost(request: HostRequest, state: PrivacyState, site: KnownSite): boolean {
  const { method, path, hasQuery, asker } = request
  if (!state.locked || isDownloadPath(asker)) return true
  if (path === null || hasQuery || (method !== 'GET' && method !== 'HEAD')) return false
  return site.files.has(path) || !site.isKept
}

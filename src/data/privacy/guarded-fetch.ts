/** The app's own guard before every request of the download workers: it also stands where no policy is in force. */
import { isOpenTo } from '#core/privacy/hosts'
import { UNREADABLE } from '#core/privacy/state'
import type { PrivacyRecord } from './record'
import type { Fetch } from './recorded-fetch'

export type HostRefusal =
  /** The app is locked. */
  | 'locked'
  | 'host-not-chosen'
  /** A chosen host sent the request on to one that was not chosen. */
  | 'redirect-not-chosen'

/** Thrown instead of a request, or of an answer that came from elsewhere. */
export class HostRefused extends TypeError {
  readonly refusal: HostRefusal
  constructor(refusal: HostRefusal, url: string) {
    super(`${refusal}: ${url}`)
    this.refusal = refusal
  }
}

/**
 * Asks `fetch` only for what the stored state allows at that moment; own files are always allowed. `onRefused` is told
 * what was not asked for.
 */
export function guardedFetch(
  fetch: Fetch,
  record: Pick<PrivacyRecord, 'read'>,
  ownOrigin: string,
  onRefused?: (url: string) => void,
): Fetch {
  const refusalOf = async (url: string): Promise<'locked' | 'host-not-chosen' | null> => {
    const { origin } = new URL(url)
    if (origin === ownOrigin) return null
    const state = await record.read().catch(() => UNREADABLE)
    if (state.locked) return 'locked'
    return isOpenTo(state, origin) ? null : 'host-not-chosen'
  }
  return async (url, init) => {
    const address = new URL(url, ownOrigin).href
    const refusal = await refusalOf(address)
    if (refusal) {
      onRefused?.(address)
      throw new HostRefused(refusal, url)
    }
    const response = await fetch(url, init)
    // Where a content security policy is in force, no such answer comes.
    if (response.redirected && (await refusalOf(response.url)) !== null) {
      void response.body?.cancel().catch(() => undefined)
      throw new HostRefused('redirect-not-chosen', response.url)
    }
    return response
  }
}

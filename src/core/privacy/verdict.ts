import { isOpenTo } from './hosts'
import { isDownloadPath } from './policy'
import type { PrivacyState } from './state'

/** What becomes of a request to another origin. */
export type Verdict =
  | 'chosen-host'
  /** The app is locked. */
  | 'locked'
  /** The user has not chosen this host. */
  | 'host-not-chosen'
  /** Only the workers that download may reach other hosts. */
  | 'not-a-download'

/**
 * Judges a request to another origin.
 *
 * @param origin of the address that is asked for
 * @param asker the path of the page or worker that asks, below the site's root; null where it is not known
 */
export function verdictOf(origin: string, asker: string | null, state: PrivacyState): Verdict {
  if (state.locked) return 'locked'
  if (!isDownloadPath(asker)) return 'not-a-download'
  return isOpenTo(state, origin) ? 'chosen-host' : 'host-not-chosen'
}

import { choosable } from './hosts'

/** The two phases of the app: open to hosts that the user chose, or locked to its own origin. */
export interface PrivacyState {
  /** Nothing but the own origin may be reached. */
  locked: boolean
  /** Origins ("https://huggingface.co") that the user chose; they count while the app is not locked, and are kept while it is. */
  hosts: readonly string[]
}

export const FIRST_VISIT: PrivacyState = { locked: false, hosts: [] }

/** What holds where the record cannot be read: a lock that may have been set is not broken. */
export const UNREADABLE: PrivacyState = { locked: true, hosts: [] }

/**
 * The state that was stored; nothing stored is a first visit. A record of another shape counts as locked, and hosts
 * that a policy cannot name are left out: they go into a header.
 */
export function parsePrivacyState(stored: unknown): PrivacyState {
  if (stored === undefined) return FIRST_VISIT
  if (typeof stored !== 'object' || stored === null) return UNREADABLE
  const { locked, hosts } = stored as Record<string, unknown>
  if (typeof locked !== 'boolean' || !Array.isArray(hosts)) return UNREADABLE
  const known = hosts.filter((host): host is string => typeof host === 'string' && choosable(host) === host)
  return { locked, hosts: [...new Set(known)] }
}

/** The same object where nothing is new. */
export function withHosts(state: PrivacyState, origins: readonly string[]): PrivacyState {
  const added = [...new Set(origins)].filter((origin) => !state.hosts.includes(origin))
  return added.length === 0 ? state : { ...state, hosts: [...state.hosts, ...added] }
}

export function withoutHost(state: PrivacyState, origin: string): PrivacyState {
  return { ...state, hosts: state.hosts.filter((host) => host !== origin) }
}

/** Equal for states under which a worker gets the same policy. */
export function reachKey({ locked, hosts }: PrivacyState): string {
  return locked ? 'locked' : [...hosts].sort().join(' ')
}

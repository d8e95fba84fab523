/** The two phases of the app: open to hosts that the user chose, or locked to its own origin. */
export interface PrivacyState {
  /** Nothing but the own origin may be reached. */
  locked: boolean
  /** Origins ("https://huggingface.co") that the user chose; they count while the app is not locked, and are kept while it is. */
  hosts: readonly string[]
}

export const FIRST_VISIT: PrivacyState = { locked: false, hosts: [] }

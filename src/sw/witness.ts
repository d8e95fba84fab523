/** The service worker's own record of the requests that it sees. */
import type { Outcome } from '#core/privacy/ledger'

/** What became of a request. */
export interface Seen {
  outcome: Outcome
  /** Bytes of the body; null where they are not counted. */
  bytes: number | null
}

/** Records one request; never keeps its answer waiting. */
export function witness(_event: ExtendableEvent, _request: Request, _seen: Seen): void {
  // Nothing is recorded here yet.
}

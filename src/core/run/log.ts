import type { Result } from '../result'
import type { IllegalEvent, RunSummary } from './summary'
import type { Sample } from '../strategy/types'
import type { RunEvent, RunId } from './types'

export type LogFailure =
  | IllegalEvent
  /** The browser's storage quota is used up; nothing of the event was stored. */
  | { kind: 'storage-full' }
  | { kind: 'storage-failed'; detail: string }

/** Where the events of runs are kept. */
export interface RunLog {
  /**
   * Makes `event` the run's next one and returns the summary with it, once both are on disk. An event that
   * cannot follow what is stored is refused and changes nothing, whichever tab it comes from.
   */
  append(runId: RunId, event: RunEvent): Promise<Result<RunSummary, LogFailure>>
  /** The samples that the next question has already, in the order drawn. */
  openSamples(runId: RunId): Promise<Sample[]>
}

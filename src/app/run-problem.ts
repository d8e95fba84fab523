import type { ImportFailure } from '#core/dataset/failure'
import type { EngineFailure } from '#core/engine'
import type { LogFailure } from '#core/run/log'
import type { TooFewShots } from '#core/run/shots'

/** Why a run could not start or go on; what was stored before stays. */
export type RunProblem =
  /** This tab answers a run already, or another tab does. */
  | { kind: 'busy'; holder: 'this-tab' | 'run' | 'engine' }
  | { kind: 'run-missing' }
  | { kind: 'no-items' }
  | TooFewShots
  | { kind: 'dataset-missing'; name: string }
  /** The built-in dataset could not be read. */
  | { kind: 'dataset-failed'; failure: ImportFailure }
  | { kind: 'model-unknown'; name: string }
  | { kind: 'model-differs'; name: string }
  | { kind: 'model-failed'; failure: EngineFailure }
  | { kind: 'log-failed'; failure: LogFailure }

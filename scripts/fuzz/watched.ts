/** What the thread that runs cases and the one that watches it tell each other. */
import type { Outcome } from './targets'

/** What the thread that watches sees, while the other computes. */
export const WATCHED = { target: 0, index: 1, phase: 2, length: 3 } as const
export const PHASE = { warmingUp: 0, running: 1 } as const

export interface Order {
  seed: number
  cases: number
  slowMs: number
  shared: SharedArrayBuffer
  /** Where to begin, after a case that had to be stopped. */
  from: { target: number; index: number }
}

export type Report =
  | { kind: 'case'; target: string; index: number; outcome: Outcome; ms: number }
  | { kind: 'failed'; target: number; index: number; reason: string }

/** What a conversion takes, told before it begins. Rough, and meant to be. */
import { AHEAD_BYTES } from './fetch-plan'
import type { CheckpointReview } from './stored-plan'

/** What a core converts at least; disks are faster. */
const DISK_BYTES_PER_SECOND = 150e6
/** 100 Mbit/s, where nothing was measured. */
const USUAL_BYTES_PER_SECOND = 12.5e6
/** The worker, blocks of rows under way, and the scales of a large matrix. */
const WORKING_BYTES = 200e6

export interface ConversionCost {
  seconds: number
  /** Whether the host's speed was measured. */
  isMeasured: boolean
  bytesPerSecond: number
  /** Memory while it converts, beyond that of the page. */
  memoryBytes: number
}

export function conversionCost({
  sourceBytes,
  remote,
}: Pick<CheckpointReview, 'sourceBytes' | 'remote'>): ConversionCost {
  const measured = remote?.bytesPerSecond ?? null
  const pace = remote ? (measured ?? USUAL_BYTES_PER_SECOND) : DISK_BYTES_PER_SECOND
  // Whatever the network brings, it has to be converted as well.
  const bytesPerSecond = Math.min(pace, DISK_BYTES_PER_SECOND)
  return {
    ...{ seconds: sourceBytes / bytesPerSecond, isMeasured: measured !== null, bytesPerSecond },
    memoryBytes: WORKING_BYTES + (remote ? AHEAD_BYTES : 0),
  }
}

/** How fast a download goes and how long it still takes. */

export interface TransferSample {
  /** Milliseconds of any clock. */
  at: number
  loadedBytes: number
}

export interface TransferRate {
  bytesPerSecond: number
  remainingMs: number
}

/** The speed is that of the last few seconds: short enough to follow the network, long enough to be read. */
export const TRANSFER_WINDOW_MS = 5_000

/** Before this much has been seen, a speed would be noise. */
const LEAST_SPAN_MS = 1_000

/** Adds a sample and forgets those that are older than the window needs; a restart at fewer bytes forgets all. */
export function addSample(samples: readonly TransferSample[], sample: TransferSample): TransferSample[] {
  const last = samples.at(-1)
  if (last && sample.loadedBytes < last.loadedBytes) return [sample]
  return [...samples.filter(({ at }) => sample.at - at <= TRANSFER_WINDOW_MS), sample]
}

/** Null while too little is known, or when nothing arrived during the window. */
export function transferRate(samples: readonly TransferSample[], totalBytes: number): TransferRate | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.at - first.at < LEAST_SPAN_MS || last.loadedBytes === first.loadedBytes)
    return null
  const bytesPerSecond = ((last.loadedBytes - first.loadedBytes) / (last.at - first.at)) * 1000
  return { bytesPerSecond, remainingMs: ((totalBytes - last.loadedBytes) / bytesPerSecond) * 1000 }
}

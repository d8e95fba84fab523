/** Bounds of downloads; each with its reason. */
export interface TransferLimits {
  /** Nothing arrived for so long: the connection is given up. Hubs that look for a file take up to 20 s. */
  stallMs: number
  /** Attempts in a row that bring nothing new, after which a file is given up: about two minutes of waiting. */
  maxAttempts: number
  /** The same for a host that never answered: a wrong address or a missing permission (CORS) does not pass by itself. */
  maxFirstAttempts: number
}

export const TRANSFER_LIMITS: TransferLimits = { stallMs: 30_000, maxAttempts: 8, maxFirstAttempts: 4 }

/** Files of one model under way at a time: enough to fill a line with a slow host, few enough for browsers' six. */
export const PARALLEL_TRANSFERS = 4

/** The first wait before another attempt; each further one is twice as long. */
export const FIRST_BACK_OFF_MS = 1_000
export const LONGEST_BACK_OFF_MS = 30_000
/** A host that asks for more patience than this is taken to be unavailable for now. */
export const LONGEST_RETRY_AFTER_MS = 120_000

/** How often a file is fetched anew from its first byte because what was put together is not what was expected. */
export const MAX_RESTARTS = 1

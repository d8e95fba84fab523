import { FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS, LONGEST_RETRY_AFTER_MS } from './limits'

/**
 * Milliseconds to wait before the next attempt, after `failures` (1 or more) in a row. Half of it is by chance
 * (`random` in 0..1), so that thirty laptops cut off together do not come back together.
 */
export function backOffMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1))
  return Math.round((longest * (1 + random)) / 2)
}

/**
 * A Retry-After header (RFC 9110: seconds, or a date) as milliseconds from `now` (ms since 1970), at most
 * LONGEST_RETRY_AFTER_MS; null where it is missing or says nothing usable.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? ''
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  if (Number.isNaN(wait)) return null
  return Math.min(Math.max(0, wait), LONGEST_RETRY_AFTER_MS)
}

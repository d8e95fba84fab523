/** Whether what a file says of itself is what comes out when it is computed again. */

/** Sums in another order, or another engine's square root, may move the last digits. */
const TOLERANCE = 1e-9

/**
 * Goes through all members of `computed` and counts those that `claimed` has otherwise, or has not. Members that only
 * the file has are another version's, and say nothing. `optional`: what the file has not is no difference.
 */
export function disagreements(
  claimed: unknown,
  computed: unknown,
  optional = false,
): { checked: number; failed: number } {
  if (claimed === undefined && optional) return { checked: 0, failed: 0 }
  if (typeof computed !== 'object' || computed === null) {
    return { checked: 1, failed: agree(claimed, computed) ? 0 : 1 }
  }
  if (typeof claimed !== 'object' || claimed === null) return { checked: 1, failed: 1 }
  const sums = { checked: 0, failed: 0 }
  if (Array.isArray(computed) && (!Array.isArray(claimed) || claimed.length !== computed.length)) {
    return { checked: 1, failed: 1 }
  }
  for (const [name, value] of Object.entries(computed)) {
    if (value === undefined) continue
    const member = Object.hasOwn(claimed, name) ? (claimed as Record<string, unknown>)[name] : undefined
    const { checked, failed } = disagreements(member, value, optional)
    sums.checked += checked
    sums.failed += failed
  }
  return sums
}

function agree(claimed: unknown, computed: unknown): boolean {
  if (typeof claimed === 'number' && typeof computed === 'number') {
    return Math.abs(claimed - computed) <= TOLERANCE * Math.max(1, Math.abs(computed))
  }
  return claimed === computed
}

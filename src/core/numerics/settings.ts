/** The names of this browser's settings about numbers. */

/** What the self-test found, see `known-results.ts`. */
export const KNOWN_RESULTS = 'selfTestResults'

/** True where the attention kernel is to be left without its barrier, for comparison. */
export const KERNEL_AS_IT_COMES = 'attentionKernelAsItComes'

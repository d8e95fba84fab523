/** For tests that are not about which hosts were chosen. */
import type { HostGate } from '#app/privacy.svelte'
import { success } from '#core/result'

export const anyHost: HostGate = { admit: () => Promise.resolve(success(undefined)), reach: 'any' }

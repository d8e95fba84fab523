/** For tests that are not about which hosts were chosen. */
import type { HostGate, Privacy } from '#app/privacy.svelte'
import { success } from '#core/result'

export const anyHost: HostGate = { admit: () => Promise.resolve(success(undefined)), reach: 'any' }

/** What components ask: an app that is not locked. */
export const unlocked = { locked: false, hosts: [] as readonly string[] } as Privacy

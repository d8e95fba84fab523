/** A gate that stores every choice, so that real workers obey it. */
import type { HostGate } from '#app/privacy.svelte'
import { withHosts } from '#core/privacy/state'
import { success } from '#core/result'
import { PrivacyRecord } from '#data/privacy/record'

const record = new PrivacyRecord()

export const chosenHosts: HostGate = {
  async admit(addresses) {
    const origins = addresses.map((address) => new URL(address).origin)
    await record.change((state) => withHosts(state, origins))
    return success(undefined)
  },
  reach: 'any',
}

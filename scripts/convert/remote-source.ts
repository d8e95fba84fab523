/** Original weights at an address, for the command line. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SourceOrigin } from '#core/convert/progress'
import { parseAddress } from '#core/model/address'
import type { ModelResult } from '#core/model/failure'
import { failure, success } from '#core/result'
import type { Access } from '#core/transfer/hub-token'
import type { FetchPorts } from '#worker/models/fetch-ports'
import { openFolder } from '#worker/models/inspect-remote'
import { throughMirror } from '#worker/models/mirror-fetch'
import { RemoteCheckpoint, type SourceWaiting } from '#worker/models/remote-checkpoint'
import { withToken } from '#worker/models/with-token'

export interface RemoteAddress {
  /** As typed. */
  address: string
  access: Access
}

export interface RemoteSource {
  source: RemoteCheckpoint
  /** The commit, where the host tells one. */
  revision: string | null
}

/** @param before what an earlier run of the same conversion read: its commit is taken again */
export async function openRemoteSource(
  { address, access }: RemoteAddress,
  before: SourceOrigin | null,
  onWaiting: (waiting: SourceWaiting) => void,
  signal: AbortSignal,
): Promise<ModelResult<RemoteSource>> {
  const parsed = parseAddress(address)
  if (!parsed || parsed.kind === 'file') return failure({ kind: 'address-invalid', address })
  const known = before?.address === address ? before : null
  const pinned = parsed.kind === 'hub' && known?.revision ? { ...parsed, revision: known.revision } : parsed
  const ports = throughMirror(withToken(nodePorts, access.token), access.mirror)
  const folder = await openFolder(pinned, access.mirror, ports, signal)
  if (!folder.ok) return folder
  const options = { folder: folder.value, mirror: access.mirror, ports, known: known?.files ?? [], onWaiting }
  return success({ source: new RemoteCheckpoint(options), revision: folder.value.revision })
}

/** Node does not know whether there is a network: a host that does not answer is asked again for two minutes. */
const nodePorts: FetchPorts = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
  isOnline: () => true,
  whenOnline: () => Promise.resolve(),
  whyBlocked: () => Promise.resolve(null),
}

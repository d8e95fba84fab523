import type { Purpose } from '#core/privacy/ledger'
import type { LedgerLog } from '#data/privacy/ledger-log'
import { recordedFetch } from '#data/privacy/recorded-fetch'
import type { FetchPorts } from './fetch-ports'

/** Model libraries are fetched among the files of a model. */
const LIBRARY = /\.wasm(?=[?#]|$)/

/** The ports of requests that are written into the ledger with their purpose. */
export function recorded(ports: FetchPorts, log: LedgerLog, purpose: Purpose): FetchPorts {
  const asking = (what: Purpose) =>
    recordedFetch((url, init) => ports.fetch(url, init ?? {}), {
      log,
      from: 'worker',
      purpose: what,
      whoRefused: async (url) => ((await ports.whyBlocked(url)) === null ? null : 'policy'),
    })
  const [files, libraries] = [asking(purpose), asking('library')]
  return {
    ...ports,
    fetch: (url, init) => (purpose === 'weights' && LIBRARY.test(url) ? libraries : files)(url, init),
  }
}

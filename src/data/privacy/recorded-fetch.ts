/** A fetch that writes into the ledger what it asked for, what for, and how many bytes came. */
import type { LedgerEntry, Purpose } from '#core/privacy/ledger'
import { hostOf, shownAddress } from '#core/privacy/ledger-address'
import type { LedgerLine, LedgerLog } from './ledger-log'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface Books {
  log: Pick<LedgerLog, 'record'>
  from: LedgerEntry['from']
  purpose: Purpose
  /** Who refused a request that has just failed; null: nobody, as far as is known. */
  whoRefused?: (url: string) => Promise<LedgerEntry['refusedBy']>
}

/** What the app itself did not ask for. */
export function recordRefusal(url: string, { log, from, purpose }: Omit<Books, 'whoRefused'>): void {
  log.record({ ...entryOf(url, from, purpose), outcome: 'refused', refusedBy: 'app' })
}

function entryOf(url: string, from: LedgerEntry['from'], purpose: Purpose): LedgerEntry {
  return {
    at: Date.now(),
    from,
    url: shownAddress(url),
    redirectedBy: null,
    purpose,
    bytes: null,
    outcome: 'allowed',
    refusedBy: null,
    witness: 'app',
  }
}

/** Asks `fetch` and writes a line for each request, and one more where a redirect led to another host. */
export function recordedFetch(fetch: Fetch, { log, from, purpose, whoRefused }: Books): Fetch {
  return async (url, init) => {
    const entry = entryOf(url, from, purpose)
    // Written before the answer: a worker that is ended meanwhile has asked all the same.
    const line = log.record(entry)
    let response: Response
    try {
      response = await fetch(url, init)
    } catch (error) {
      const refusedBy = (await whoRefused?.(url)) ?? null
      line.amend({ outcome: refusedBy ? 'refused' : 'failed', refusedBy })
      throw error
    }
    const last =
      response.redirected && hostOf(response.url) !== hostOf(url)
        ? log.record({ ...entry, url: shownAddress(response.url), redirectedBy: hostOf(url) })
        : line
    return counted(response, last, init?.signal ?? null)
  }
}

/** The same response, whose body tells the line its length when it ends, however it ends. */
function counted(response: Response, line: LedgerLine, signal: AbortSignal | null): Response {
  if (!response.body) {
    line.amend({ bytes: 0 })
    return response
  }
  const reader = response.body.getReader()
  let bytes = 0
  const end = () => {
    signal?.removeEventListener('abort', end)
    line.amend({ bytes })
  }
  // Nobody may read on after that.
  signal?.addEventListener('abort', end)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            end()
            controller.close()
            return
          }
          bytes += value.length
          controller.enqueue(value)
        } catch (error) {
          end()
          throw error
        }
      },
      cancel(reason) {
        end()
        return reader.cancel(reason)
      },
    },
    // Nothing is read that nobody asks for.
    { highWaterMark: 0 },
  )
  const { status, statusText, headers, url, redirected } = response
  const copy = new Response(body, { status, statusText, headers })
  // A response that is made has no address; some callers want the one that it came from.
  Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } })
  return copy
}

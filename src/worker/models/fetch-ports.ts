/** What a download needs of the world outside, and where a worker finds it. */
import { isMixedContent } from '#core/transfer/mixed-content'
import { guardedFetch, HostRefused, type HostRefusal } from '#data/privacy/guarded-fetch'
import { watchPolicy } from '#data/privacy/policy-reports'
import type { PrivacyRecord } from '#data/privacy/record'
import { delay } from '../abort'

/** Why a request was not let out. */
export type Blocked = HostRefusal | 'blocked-by-policy' | 'insecure-address'

export interface FetchPorts {
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Milliseconds since 1970. */
  now(): number
  /** 0 to 1. */
  random(): number
  /** Waits, or ends early when the signal aborts; never rejects. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
  /** False while the computer knows that it has no network. */
  isOnline(): boolean
  /** Ends when the network is back or the signal aborts. */
  whenOnline(signal: AbortSignal): Promise<void>
  /** Whether the app or the browser refused a request that has just failed, and why; null: neither, or it is not told. */
  whyBlocked(url: string): Promise<Blocked | null>
}

/** Workers of some browsers miss the event. */
const ONLINE_CHECK_MS = 5_000

/** The ports of the worker that calls it; call it once. */
export function workerFetchPorts(): FetchPorts {
  const policyOn = watchPolicy()
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    random: () => Math.random(),
    wait: delay,
    isOnline: () => navigator.onLine,
    async whenOnline(signal) {
      while (!navigator.onLine && !signal.aborted) {
        const event = new AbortController()
        const stop = () => event.abort()
        addEventListener('online', stop)
        signal.addEventListener('abort', stop)
        await delay(ONLINE_CHECK_MS, event.signal)
        removeEventListener('online', stop)
        signal.removeEventListener('abort', stop)
      }
    },
    async whyBlocked(url) {
      return (await policyOn(url)) ?? (isMixedContent(location.protocol, url) ? 'insecure-address' : null)
    },
  }
}

/** The ports of a download that obeys what the user chose. */
export function obeying(
  ports: FetchPorts,
  record: Pick<PrivacyRecord, 'read'>,
  ownOrigin: string,
  onRefused?: (url: string) => void,
): FetchPorts {
  const refused = new Map<string, HostRefusal>()
  const fetch = guardedFetch((url, init) => ports.fetch(url, init ?? {}), record, ownOrigin, onRefused)
  return {
    ...ports,
    async fetch(url, init) {
      refused.delete(url)
      try {
        return await fetch(url, init)
      } catch (error) {
        if (error instanceof HostRefused) refused.set(url, error.refusal)
        throw error
      }
    },
    whyBlocked: async (url) => refused.get(url) ?? ports.whyBlocked(url),
  }
}

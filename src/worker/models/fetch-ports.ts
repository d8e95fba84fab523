/** What a download needs of the world outside, and where a worker finds it. */
import { isMixedContent } from '#core/transfer/mixed-content'
import { delay } from '../abort'

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
  /** Whether the browser itself refused a request that has just failed, and why; null: it did not, or does not say. */
  whyBlocked(url: string): Promise<'blocked-by-policy' | 'insecure-address' | null>
}

/** Workers of some browsers miss the event. */
const ONLINE_CHECK_MS = 5_000
/** The report of a violation comes a task after the request fails. */
const VIOLATION_WAIT_MS = 50

/** The ports of the worker that calls it; call it once. */
export function workerFetchPorts(): FetchPorts {
  const blocked = new Set<string>()
  addEventListener('securitypolicyviolation', (event) => {
    blocked.add((event as SecurityPolicyViolationEvent).blockedURI)
  })
  const never = new AbortController().signal
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
      await delay(VIOLATION_WAIT_MS, never)
      // Browsers report the whole address, or its origin alone.
      if (blocked.has(url) || blocked.has(new URL(url).origin)) return 'blocked-by-policy'
      return isMixedContent(location.protocol, url) ? 'insecure-address' : null
    },
  }
}

import type { ModelFailure } from '../model/failure'

/** What an HTTP status other than 200, 206 and 416 means, and whether another attempt may end better. */
export function refusal(url: string, status: number): { failure: ModelFailure; retry: boolean } {
  if (status === 401 || status === 403)
    return { failure: { kind: 'access-denied', url, status }, retry: false }
  if (status === 404 || status === 410) return { failure: { kind: 'not-found', url, status }, retry: false }
  // 408 Request Timeout, 425 Too Early, 429 Too Many Requests; 501 Not Implemented does not pass.
  const busy = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501)
  return busy
    ? { failure: { kind: 'host-busy', url, status }, retry: true }
    : { failure: { kind: 'refused', url, status }, retry: false }
}

import type { EngineFailure } from '#core/engine'
import { failure } from '#core/result'

export function aborted(): { ok: false; failure: EngineFailure } {
  return failure({ kind: 'aborted' })
}

/** Waits, or ends early when the signal aborts; never rejects. */
export function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds)
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    signal.addEventListener('abort', end)
  })
}

/** Settles like the work, or resolves to 'aborted' as soon as the signal aborts; the work is then left alone. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | 'aborted'> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve('aborted')
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

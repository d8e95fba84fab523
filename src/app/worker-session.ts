import { wrap, type Remote } from 'comlink'
import { randomId } from '#data/random-id'

/** A worker that may die, and the way to it. */
export interface WorkerSession<Api> {
  api: Remote<Api>
  /** Rejects when the worker's own opening fails. */
  opened: Promise<void>
  /** Resolves with the reason, in the browser's words, when the worker is gone. */
  lost: Promise<string>
  /** Ends the worker, if it has not ended yet. */
  end(reason: string): void
}

/**
 * Opens a conversation with `worker`. `open` is its first call: the worker must hold the Web Lock that it is
 * told as long as it lives, because a worker that the browser kills fires no event.
 */
export function openSession<Api>(
  worker: Worker,
  name: string,
  open: (api: Remote<Api>, lockName: string) => Promise<void>,
  onLost: (reason: string) => void,
): WorkerSession<Api> {
  const api = wrap<Api>(worker)
  const lockWatch = new AbortController()
  let markLost: (reason: string) => void = () => undefined
  const lost = new Promise<string>((resolve) => (markLost = resolve))
  let ended = false
  const end = (reason: string) => {
    if (ended) return
    ended = true
    worker.terminate()
    lockWatch.abort()
    markLost(reason)
    onLost(reason)
  }
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    end(event.message)
  })
  worker.addEventListener('messageerror', () => end('A message could not be read.'))
  const lockName = `${name}-${randomId()}`
  const opened = open(api, lockName).then(() => {
    void whenReleased(lockName, lockWatch.signal).then((released) => {
      if (released) end('The browser ended it, most likely for lack of memory.')
    })
  })
  // A worker that could not open is of no use to the next call either.
  opened.catch((error: unknown) => end(String(error)))
  return { api, opened, lost, end }
}

/** One call of a worker, by the Api's own names. */
export interface SessionCall<Api, Value> {
  start(api: Remote<Api>): Promise<Value>
  cancel(api: Remote<Api>): Promise<void>
  /** A worker that does not answer a cancellation for so long is ended. */
  graceMs: number
  aborted: Value
  /** The outcome when the worker ends meanwhile, in the browser's words. */
  lost(reason: string): Value
}

/** The answer of the worker, or what takes its place: it never hangs on a worker that is gone. */
export async function callSession<Api, Value>(
  session: WorkerSession<Api>,
  call: SessionCall<Api, Value>,
  signal: AbortSignal,
): Promise<Value> {
  let grace: ReturnType<typeof setTimeout> | undefined
  let isStarted = false
  const cancel = () => {
    // A worker that is still opening knows of nothing to cancel; it will not be asked then.
    if (isStarted) void call.cancel(session.api)
    grace = setTimeout(() => session.end('It did not answer a cancellation in time.'), call.graceMs)
  }
  signal.addEventListener('abort', cancel)
  const answer = session.opened.then(() => {
    if (signal.aborted) return call.aborted
    isStarted = true
    return call.start(session.api)
  })
  const lost = session.lost.then((reason) => (signal.aborted ? call.aborted : call.lost(reason)))
  try {
    return await Promise.race([answer, lost])
  } finally {
    clearTimeout(grace)
    signal.removeEventListener('abort', cancel)
  }
}

/** True once the lock's holder is gone; false when the wait was given up or the browser has no Web Locks. */
async function whenReleased(lockName: string, signal: AbortSignal): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return false
  try {
    return await locks.request(lockName, { signal }, () => true)
  } catch {
    return false
  }
}

import { wrap, type Remote } from 'comlink'

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
  const lockName = `${name}-${crypto.randomUUID()}`
  const opened = open(api, lockName).then(() => {
    void whenReleased(lockName, lockWatch.signal).then((released) => {
      if (released) end('The browser ended it, most likely for lack of memory.')
    })
  })
  // A worker that could not open is of no use to the next call either.
  opened.catch((error: unknown) => end(String(error)))
  return { api, opened, lost, end }
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

import type { ModelResult } from '#core/model/failure'
import { failure } from '#core/result'

/** As the work, or `aborted` as soon as the signal aborts; the work is then left alone. */
export function orAborted<Value>(
  work: Promise<ModelResult<Value>>,
  signal: AbortSignal | undefined,
): Promise<ModelResult<Value>> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const leave = () => resolve(failure({ kind: 'aborted' }))
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

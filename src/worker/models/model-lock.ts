import type { ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'

const PREFIX = 'somnus/model/'

/** Does work that changes a model while nobody else in this browser does; `busy-elsewhere` at once otherwise. */
export async function withModelLock<Value>(
  id: StoredModelId,
  work: () => Promise<ModelResult<Value>>,
): Promise<ModelResult<Value>> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return work()
  return locks.request(PREFIX + id, { ifAvailable: true }, (lock) =>
    lock ? work() : Promise.resolve(failure({ kind: 'busy-elsewhere' } as const)),
  )
}

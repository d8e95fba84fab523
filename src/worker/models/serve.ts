import { expose } from 'comlink'
import { holdLock } from '../hold-lock'

/** Makes this worker the model worker: answers the page over Comlink until it dies. */
export function serveModels(): void {
  expose({ open: (lockName: string) => holdLock(lockName) })
}

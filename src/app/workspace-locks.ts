/** Who may change the whole workspace, among all tabs of this browser (Web Locks). */
import { WORK_LOCK } from '#core/site/messages'

/** Held by the tab that reads an archive: there is one staging database. */
export const IMPORT_LOCK = 'somnus/importing'
/** Shared by the tabs that have made an archive, as long as they live: its bytes are being copied by the browser. */
export const EXPORT_LOCK = 'somnus/exporting'
/** Held while a benchmark or a measurement runs; whoever has it keeps others from starting. */
const MEASURING_LOCK = 'somnus/measuring'

/** Frees what was taken. */
type Release = () => void

/** Takes a lock if nobody has it; null when somebody does. Without a lock manager every lock is granted. */
export function tryLock(
  locks: LockManager | undefined,
  name: string,
  mode: LockMode = 'exclusive',
): Promise<Release | null> {
  if (!locks) return Promise.resolve(() => undefined)
  return new Promise((resolve, reject) => {
    locks
      .request(name, { mode, ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null)
        return new Promise<void>((release) => resolve(() => release()))
      })
      .catch(reject)
  })
}

/** Takes the right to change everything: null while some tab measures, answers, downloads or converts. */
export async function takeAll(locks: LockManager | undefined): Promise<Release | null> {
  const measuring = await tryLock(locks, MEASURING_LOCK)
  const working = measuring && (await tryLock(locks, WORK_LOCK))
  if (measuring && working)
    return () => {
      working()
      measuring()
    }
  measuring?.()
  return null
}

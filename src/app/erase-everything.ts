import { erasableParts, eraseAll, type Erasure, type Part } from '#data/workspace/erase'
import { ERASING_MARK } from './erasing'

export type { Erasure } from '#data/workspace/erase'

const NAME = 'somnus'

/** Notes of tabs; the mark of what is being done stays until the user starts afresh. */
const STORAGE: Part = {
  part: 'storage',
  list: () => Promise.resolve([...namesIn(localStorage), ...namesIn(sessionStorage)]),
  erase(name) {
    localStorage.removeItem(name)
    sessionStorage.removeItem(name)
    return Promise.resolve()
  },
}

/** Erases all that the app has stored, and tells what was there and what is left. */
export function eraseEverything(): Promise<Erasure[]> {
  return eraseAll([...erasableParts(new URL('./', document.baseURI).href), STORAGE])
}

/** By what was found afterwards; a part that cannot be listed counts as erased where nobody refused. */
export function isErased({ after, problem }: Erasure): boolean {
  return after === null ? problem === null : after.length === 0
}

function namesIn(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter(
    (name) => name.startsWith(NAME) && name !== ERASING_MARK,
  )
}

import type { Stores } from '#app/stores'

/** What is told of a deletion. */
interface Told {
  removed: string
  /** The deletion could not be stored. */
  failed: string
  undoFailed: string
}

/**
 * Deletes an entry of a list and offers the way back; false where the deletion could not be stored, which is told.
 * `remove` resolves to what brings the entry back, or to null where there is nothing to bring back.
 */
export async function removeWithUndo(
  remove: () => Promise<(() => Promise<unknown>) | null>,
  { removed, failed, undoFailed }: Told,
  { locale, notices }: Pick<Stores, 'locale' | 'notices'>,
): Promise<boolean> {
  try {
    const undo = await remove()
    if (!undo) return true
    const label = locale.t.common.undo
    notices.show({ text: removed, kind: 'info', action: { label, run: () => orTell(undo, undoFailed) } })
    return true
  } catch {
    notices.show({ text: failed, kind: 'bad' })
    return false
  }

  async function orTell(undo: () => Promise<unknown>, text: string): Promise<void> {
    try {
      await undo()
    } catch {
      notices.show({ text, kind: 'bad' })
    }
  }
}

/** The same of an entry that has a name. `removed` says that it was deleted. */
export async function removeNamed(
  remove: () => Promise<(() => Promise<unknown>) | null>,
  name: string,
  removed: (name: string) => string,
  stores: Pick<Stores, 'locale' | 'notices'>,
): Promise<boolean> {
  const { failed, undoFailed } = stores.locale.t.removal
  const told = { removed: removed(name), failed: failed(name), undoFailed: undoFailed(name) }
  return removeWithUndo(remove, told, stores)
}

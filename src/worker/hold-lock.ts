/** Holds a Web Lock until the worker dies; resolves once it is held, or at once where there are no Web Locks. */
export function holdLock(name: string): Promise<void> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return Promise.resolve()
  return new Promise((held) => {
    const whileAlive = () => {
      held()
      return new Promise(() => undefined)
    }
    locks.request(name, whileAlive).catch(held)
  })
}

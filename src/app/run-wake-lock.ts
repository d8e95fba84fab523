/** Keeps the computer from falling asleep during a run that nobody watches; returns the way to end that. */
export function keepAwake(): () => void {
  const { wakeLock } = navigator as { wakeLock?: WakeLock }
  let held: WakeLockSentinel | undefined
  let ended = false
  const acquire = async () => {
    try {
      const sentinel = await wakeLock?.request('screen')
      if (ended) await sentinel?.release()
      else held = sentinel
    } catch {
      // Refused (battery saver, hidden page): the run goes on, the computer may sleep.
    }
  }
  // The browser takes the lock away whenever the page is hidden.
  const again = () => {
    if (document.visibilityState === 'visible') void acquire()
  }
  document.addEventListener('visibilitychange', again)
  void acquire()
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', again)
    void held?.release()
  }
}

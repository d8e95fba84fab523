import { WORK_LOCK } from '#core/site/messages'

/** Tells all tabs whether this one does something that a reload would end. */
export class TabWork {
  readonly #locks: LockManager | undefined
  #tasks = $state(0)
  #sources = $state.raw<readonly (() => boolean)[]>([])
  readonly #busy = $derived(this.#tasks > 0 || this.#sources.some((isBusy) => isBusy()))

  /** Without a lock manager (an insecure origin) no other tab is told; nothing there reloads tabs, either. */
  constructor(locks: LockManager | undefined) {
    this.#locks = locks
    $effect.root(() => {
      $effect(() => {
        if (this.#busy) return this.#holdLock()
      })
    })
  }

  get busy(): boolean {
    return this.#busy
  }

  /** Counts as work while `isBusy` says so; it must read reactive state. */
  watch(isBusy: () => boolean): void {
    this.#sources = [...this.#sources, isBusy]
  }

  /** Counts as work until it has settled. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#tasks += 1
    try {
      return await work()
    } finally {
      this.#tasks -= 1
    }
  }

  /** Waits until no tab works, then does `then`. */
  async whenAllRest(then: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.#locks) await this.#locks.request(WORK_LOCK, { mode: 'exclusive', signal }, then)
    else await then()
  }

  /** Resolves when this tab does nothing that a reload would end. */
  rest(): Promise<void> {
    return new Promise((resolve) => {
      const stop = $effect.root(() => {
        $effect(() => {
          if (this.#busy) return
          resolve()
          queueMicrotask(() => stop())
        })
      })
    })
  }

  /** Gives the way to free it again. */
  #holdLock(): () => void {
    const end = new AbortController()
    const ended = new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()))
    this.#locks
      ?.request(WORK_LOCK, { mode: 'shared', signal: end.signal }, () => ended)
      // Given up before it was granted.
      .catch(() => undefined)
    return () => end.abort()
  }
}

import type { EngineHolder, EngineLock } from '#data/engine-lock'

export interface TurnMoment {
  holder: EngineHolder | null
  reason: 'waiting' | 'asking'
}

/** How often a tab that waits looks whether the engine is free. */
const LOOK_MS = 1_000

/** How a tab gets its turn at the one engine of all tabs. */
export class EngineTurn {
  readonly #lock: EngineLock
  readonly #visible: () => boolean
  #insist: () => void = () => undefined

  constructor(lock: EngineLock, visible: () => boolean) {
    this.#lock = lock
    this.#visible = visible
  }

  /** The user wants the engine now: whoever waits takes it over. */
  insist(): void {
    this.#insist()
  }

  /**
   * Waits until no other tab has the engine, or until `insist`. A page that cannot be seen goes on waiting: its
   * user is elsewhere. False when the signal aborted first; the engine may be held even then.
   */
  async wait(insist: boolean, follow: (moment: TurnMoment) => void, signal: AbortSignal): Promise<boolean> {
    if (await this.#lock.tryAcquire()) return !signal.aborted
    let wanted = insist
    const insisted = new Promise<void>((resolve) => {
      this.#insist = () => {
        wanted = true
        resolve()
      }
    })
    let holder: EngineHolder | null = null
    follow({ holder, reason: 'waiting' })
    while (!signal.aborted) {
      if (wanted) {
        follow({ holder, reason: 'asking' })
        await this.#lock.takeOver()
        return !signal.aborted
      }
      if (this.#visible() && (await this.#lock.tryAcquire())) return !signal.aborted
      const asked = await Promise.race([this.#lock.whoHolds(), insisted, aborted(signal)])
      if (asked !== undefined) holder = asked
      if (wanted || signal.aborted) continue
      follow({ holder, reason: 'waiting' })
      await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), insisted, aborted(signal)])
    }
    return false
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

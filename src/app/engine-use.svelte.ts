/** Work that asks the engine many times; it has the engine between two requests as well. */
export interface EngineUser {
  /** Reads reactive state. */
  readonly busy: boolean
}

/** Decides who has this tab's engine. */
export class EngineUse {
  readonly #engine: { readonly busy: boolean }
  #users = $state.raw<readonly { user: EngineUser; measures: boolean }[]>([])

  constructor(engine: { readonly busy: boolean }) {
    this.#engine = engine
  }

  /** `measures`: whether its numbers would be spoilt by what others ask, or by another model. */
  enter(user: EngineUser, { measures }: { measures: boolean }): void {
    this.#users = [...this.#users, { user, measures }]
  }

  get busy(): boolean {
    return this.#engine.busy || this.#users.some(({ user }) => user.busy)
  }

  get isMeasuring(): boolean {
    return this.#users.some(({ user, measures }) => measures && user.busy)
  }

  /** Whether the engine is at anyone else's work, so that `user` can neither begin nor go on. */
  isTakenFrom(user: EngineUser): boolean {
    // What a user at work has asked is its own request.
    if (this.#engine.busy && !user.busy) return true
    return this.#users.some((other) => other.user !== user && other.user.busy)
  }

  /** Whether anyone else measures: a user at work must then not load its model. */
  isMeasuredBeside(user: EngineUser): boolean {
    return this.#users.some((other) => other.user !== user && other.measures && other.user.busy)
  }
}

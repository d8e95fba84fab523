/**
 * What is computed of a state that changes while models work: one computation at a time, then that of the newest state.
 * Those between are passed over, since a computation may take longer than the next change.
 */
export class NewestReport<State, Report> {
  readonly #make: (state: State) => Promise<Report>
  #value = $state.raw<Report | null>(null)
  #next: { state: State } | null = null
  #isBusy = false

  constructor(make: (state: State) => Promise<Report>) {
    this.#make = make
  }

  /** The last that was computed; null before the first. */
  get value(): Report | null {
    return this.#value
  }

  follow(state: State): void {
    this.#next = { state }
    if (!this.#isBusy) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    try {
      for (let next = this.#next; next; next = this.#next) {
        this.#next = null
        this.#value = await this.#make(next.state)
      }
    } finally {
      this.#isBusy = false
    }
  }
}

import { inSteps, SLICE_MS } from './slices'

/** The outcome of the latest of several computations; one that is overtaken is given up. */
export class LatestSteps<Value> {
  #value = $state.raw() as Value
  #isBusy = $state(false)
  #turn = 0

  constructor(first: Value) {
    this.#value = first
  }

  /** Of the last computation that came to an end. */
  get value(): Value {
    return this.#value
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** What takes no longer than a slice is done when this returns; the rest goes on between breaths of the page. */
  run(steps: Generator<unknown, Value>): void {
    this.#turn += 1
    const sliceEnd = performance.now() + SLICE_MS
    do {
      const step = steps.next()
      if (step.done) {
        this.#end(step.value)
        return
      }
    } while (performance.now() < sliceEnd)
    this.#isBusy = true
    void inSteps(this.#rest(steps, this.#turn))
  }

  *#rest(steps: Generator<unknown, Value>, turn: number): Generator<undefined, void> {
    yield
    while (turn === this.#turn) {
      const step = steps.next()
      if (step.done) {
        this.#end(step.value)
        return
      }
      yield
    }
  }

  #end(value: Value): void {
    this.#value = value
    this.#isBusy = false
  }
}

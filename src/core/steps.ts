/** Long computations are generators, so that whoever runs them can pause between two steps. */

/** Runs to the end without a pause. */
export function finish<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

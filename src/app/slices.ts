/** Long work in slices, so that the page paints and reacts in between. */

/** Longest stretch of work between two breaths of the page, in ms: half a frame. */
export const SLICE_MS = 8

/** Goes through all steps; the page breathes whenever a slice is used up. */
export async function inSteps<Value>(steps: Generator<unknown, Value>): Promise<Value> {
  let sliceEnd = performance.now() + SLICE_MS
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < sliceEnd) continue
    await breath()
    sliceEnd = performance.now() + SLICE_MS
  }
}

/** Does `work` on every value; the page breathes whenever a slice is used up. */
export function inSlices<Value>(values: Iterable<Value>, work: (value: Value) => void): Promise<void> {
  function* steps() {
    for (const value of values) {
      work(value)
      yield
    }
  }
  return inSteps(steps())
}

export async function collect(parts: Iterable<string>): Promise<string[]> {
  const collected: string[] = []
  await inSlices(parts, (part) => collected.push(part))
  return collected
}

/** Lets the page paint and react. */
export function breath(): Promise<void> {
  // Timers that follow each other wait 4 ms, half as long again as a slice.
  const { scheduler } = globalThis as { scheduler?: Partial<Scheduler> }
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve))
}

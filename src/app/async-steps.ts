import { breath } from './slices'

/** As in `inSteps`: half a frame, in ms. */
const SLICE_MS = 8

/** Goes through all steps of work that also waits, e.g. for a database; the page breathes as in `inSteps`. */
export async function inAsyncSteps<Step, Value>(
  steps: AsyncGenerator<Step, Value>,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<Value> {
  let sliceEnd = performance.now() + SLICE_MS
  for (;;) {
    const step = await steps.next()
    if (step.done) return step.value
    signal.throwIfAborted()
    if (performance.now() < sliceEnd) continue
    onStep(step.value)
    await breath()
    sliceEnd = performance.now() + SLICE_MS
  }
}

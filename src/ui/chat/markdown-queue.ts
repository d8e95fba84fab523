/** Replies that wait to be rendered: one after the other, in slices, the last one first, because readers begin at the end. */
import { inSteps } from '#app/slices'

const waiting: Generator<unknown>[] = []
let busy = false

export function inTurn(steps: Generator<unknown>): void {
  waiting.push(steps)
  if (busy) return
  busy = true
  // After this frame's own work.
  setTimeout(() => void inSteps(all()).finally(() => (busy = false)))
}

function* all(): Generator<unknown> {
  for (let steps = waiting.pop(); steps; steps = waiting.pop()) {
    yield* guarded(steps)
    yield
  }
}

/** One reply that cannot be rendered does not stop the others. */
function* guarded(steps: Generator<unknown>): Generator<unknown> {
  try {
    yield* steps
  } catch (error) {
    console.error(error)
  }
}

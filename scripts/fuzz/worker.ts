/** Runs the cases in a thread of its own, so that one that never ends can be stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadSeeds, makeCase } from './cases'
import { createTargets } from './targets'
import { PHASE, WATCHED, type Order, type Report } from './watched'

/** A slow case is timed again: on a busy computer the best of three is the code's own time. */
const TRIALS = 3

await run(workerData as Order)

async function run({ seed, cases, slowMs, shared, from }: Order): Promise<void> {
  const watched = new Int32Array(shared)
  const tell = (report: Report) => parentPort?.postMessage(report)
  const targets = await createTargets()
  const seeds = targets.map(loadSeeds)
  // Code that is loaded with the first case of its kind is no growth of memory.
  for (const [position, target] of targets.entries())
    for (const { files } of seeds[position] ?? []) await target.read(files).catch(() => undefined)
  Atomics.store(watched, WATCHED.phase, PHASE.running)
  const perTarget = Math.ceil(cases / targets.length)
  for (const [position, target] of targets.entries()) {
    for (let index = position === from.target ? from.index : 0; index < perTarget; index++) {
      if (position < from.target) break
      const files = makeCase(seeds[position] ?? [], position, seed, index)
      Atomics.store(watched, WATCHED.target, position)
      Atomics.store(watched, WATCHED.index, index)
      let ms = Infinity
      for (let trial = 0; trial < TRIALS && ms > slowMs; trial++) {
        const start = performance.now()
        try {
          const outcome = await target.read(files)
          ms = Math.min(ms, performance.now() - start)
          if (trial === 0) tell({ kind: 'case', target: target.name, index, outcome, ms })
        } catch (error) {
          const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
          tell({ kind: 'failed', target: position, index, reason })
          break
        }
      }
      if (ms > slowMs && Number.isFinite(ms))
        tell({ kind: 'failed', target: position, index, reason: `took ${Math.round(ms)} ms` })
    }
  }
}

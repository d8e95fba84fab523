/**
 * npm run fuzz [-- --cases N --seed S]
 * Mutated files of every kind that the app reads: nothing may throw, take over 2 s, or make memory grow over 500 MB.
 * Failures are written among the seeds (tests/fixtures/fuzz). Exit codes: 0 none, 1 failures, 2 wrong arguments.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { keepCase, loadSeeds, makeCase } from './cases'
import { createTargets } from './targets'
import { PHASE, WATCHED, type Order, type Report } from './watched'

/** The thread's code is built: a thread cannot load TypeScript. */
const THREAD_FOLDER = '.cache/fuzz'

const DEFAULT_CASES = 20_000
const SLOW_MS = 2000
/** A case that is stopped: well above what is only slow, so that a busy computer stops none that ends. */
const STUCK_MS = 20_000
const GROWTH_LIMIT_BYTES = 500 * 2 ** 20
/** Below the limit, so that memory that is only not yet collected does not count as growth. */
const HEAP_MB = 400
const WATCH_MS = 20
/** Failures shown in full; all are counted and kept. */
const SHOWN = 20

interface Tally {
  cases: number
  accepted: number
  slowestMs: number
  slowestIndex: number
}

interface Failure {
  target: number
  index: number
  reason: string
}

export async function main(args: string[]): Promise<number> {
  const options = readArguments(args)
  if (!options) {
    console.error('Usage: npm run fuzz [-- --cases N --seed S]')
    return 2
  }
  const { cases, seed } = options
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: 'scripts/fuzz/worker.ts',
      outDir: THREAD_FOLDER,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: '[name].js' } },
    },
  })
  const targets = await createTargets()
  const tallies = new Map<string, Tally>()
  const failures: Failure[] = []
  let peakGrowth = 0
  let from: Order['from'] | null = { target: 0, index: 0 }
  while (from) {
    const part = await runFrom({ cases, seed, from }, tallies, failures)
    peakGrowth = Math.max(peakGrowth, part.growth)
    from = part.next
  }
  for (const [name, { cases: count, accepted, slowestMs, slowestIndex }] of tallies)
    console.log(
      `${name}: ${count} cases, ${accepted} accepted, slowest ${Math.round(slowestMs)} ms (case ${slowestIndex})`,
    )
  for (const [position, { target, index, reason }] of failures.entries()) {
    const found = targets[target]
    if (!found) continue
    const kept = keepCase(found.name, makeCase(loadSeeds(found), target, seed, index))
    if (position < SHOWN)
      console.error(`\nFAIL ${found.name} ${index} (${kept ?? 'too large to keep'})\n${reason}`)
  }
  const total = [...tallies.values()].reduce((sum, tally) => sum + tally.cases, 0)
  console.log(
    `${total} cases (seed ${seed}), memory grew by at most ${Math.round(peakGrowth / 2 ** 20)} MB, ${failures.length} failures`,
  )
  return failures.length === 0 ? 0 : 1
}

function readArguments(args: string[]): { cases: number; seed: number } | undefined {
  try {
    const { values } = parseArgs({ args, options: { cases: { type: 'string' }, seed: { type: 'string' } } })
    const cases = Number(values.cases ?? DEFAULT_CASES)
    const seed = Number(values.seed ?? 1)
    return Number.isSafeInteger(cases) && cases > 0 && Number.isSafeInteger(seed) && seed >= 0
      ? { cases, seed }
      : undefined
  } catch {
    return undefined
  }
}

/** Runs cases until all are done or one has to be stopped; `next` is the one after that. */
function runFrom(
  { cases, seed, from }: Pick<Order, 'cases' | 'seed' | 'from'>,
  tallies: Map<string, Tally>,
  failures: Failure[],
): Promise<{ growth: number; next: Order['from'] | null }> {
  const shared = new SharedArrayBuffer(WATCHED.length * Int32Array.BYTES_PER_ELEMENT)
  const watched = new Int32Array(shared)
  const order: Order = { cases, seed, slowMs: SLOW_MS, shared, from }
  const thread = new Worker(resolve(THREAD_FOLDER, 'worker.js'), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const place = () => ({
    target: Atomics.load(watched, WATCHED.target),
    index: Atomics.load(watched, WATCHED.index),
  })
  thread.on('message', (report: Report) => {
    if (report.kind === 'failed') failures.push(report)
    else count(tallies, report)
  })
  return new Promise((resolve) => {
    let baseline = 0
    let growth = 0
    let last = { ...place(), since: performance.now() }
    let reason: string | null = null
    const timer = setInterval(() => {
      if (Atomics.load(watched, WATCHED.phase) !== PHASE.running) return
      const rss = process.memoryUsage.rss()
      if (baseline === 0) baseline = rss
      growth = Math.max(growth, rss - baseline)
      const now = place()
      if (now.target !== last.target || now.index !== last.index) last = { ...now, since: performance.now() }
      if (rss - baseline > GROWTH_LIMIT_BYTES)
        reason ??= `memory grew by ${Math.round((rss - baseline) / 2 ** 20)} MB`
      else if (performance.now() - last.since > STUCK_MS) reason ??= `did not end within ${STUCK_MS} ms`
      if (reason) void thread.terminate()
    }, WATCH_MS)
    thread.on('error', (error) => (reason ??= error.message))
    thread.on('exit', () => {
      clearInterval(timer)
      const { target, index } = place()
      if (reason) failures.push({ target, index, reason })
      resolve({ growth, next: reason ? { target, index: index + 1 } : null })
    })
  })
}

function count(
  tallies: Map<string, Tally>,
  { target, index, outcome, ms }: Extract<Report, { kind: 'case' }>,
): void {
  const tally = tallies.get(target) ?? { cases: 0, accepted: 0, slowestMs: 0, slowestIndex: 0 }
  tally.cases++
  if (outcome === 'accepted') tally.accepted++
  if (ms > tally.slowestMs) {
    tally.slowestMs = ms
    tally.slowestIndex = index
  }
  tallies.set(target, tally)
}

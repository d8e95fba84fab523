/** The demo benchmark, killed and resumed until it is done, then another one. */
import type { Stores } from '#app/stores'
import type { StoredRun } from '#data/db/schema'
import type { RunEvent } from '#core/run/types'
import type { RawDatabase } from './raw-database'
import { isCount, TOLD, type Scenario } from './scenario'

export const runScenario: Scenario = {
  name: 'run',
  windowMs: 4_000,
  work: (page) => page.evaluate(answerOn, TOLD),
  faults: runFaults,
}

/** In the page: goes on with the unfinished run or starts one, and tells each answer that the store believes in. */
function answerOn(told: string): void {
  const { runs } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  const [unfinished] = runs.unfinished
  void (unfinished ? runs.resume(unfinished.id) : runs.startDemo())
  const seen = new Map<string, number>()
  setInterval(() => {
    for (const { id, answered } of runs.summaries) {
      if (answered > (seen.get(id) ?? 0)) console.info(`${told}${id} ${answered}`)
      seen.set(id, answered)
    }
  }, 5)
}

export function runFaults(stored: RawDatabase, told: readonly string[]): string[] {
  const found: string[] = []
  const events = new Map<string, { sequence: number; event: RunEvent }[]>()
  for (const { key, value } of stored.runEvents ?? []) {
    const [run, sequence] = key as [string, number]
    events.set(run, [...(events.get(run) ?? []), { sequence, event: value as RunEvent }])
  }
  for (const { value } of stored.runs ?? []) {
    const { id, summary } = value as StoredRun
    const own = events.get(id) ?? []
    if (!isCount(own.map(({ sequence }) => sequence))) found.push(`run ${id}: its events do not count up`)
    const positions = own.flatMap(({ event }) => (event.kind === 'answered' ? [event.answer.position] : []))
    if (!isCount(positions)) found.push(`run ${id}: answers to ${positions.join(' ')}`)
    if (summary.events !== own.length || summary.answered !== positions.length) {
      found.push(`run ${id}: its summary counts ${summary.answered} answers, its events ${positions.length}`)
    }
  }
  for (const line of told) {
    const [id = '', answered = ''] = line.split(' ')
    const kept = (events.get(id) ?? []).filter(({ event }) => event.kind === 'answered').length
    if (kept < Number(answered)) found.push(`run ${id}: ${answered} answers were told, ${kept} are kept`)
  }
  return found
}

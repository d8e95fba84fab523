/** The step from version 2 to 3: runs as the first version stored them, brought to today's form. */
import { reduce, type RunSummary } from '#core/run/summary'
import { upgradeEvent, type RunEventV1 } from '#core/run/upgrade'
import type { RunId } from '#core/run/types'
import type { UpgradeTransaction } from './schema'

/** Events brought up at a time: few enough to hold their replies in memory. */
const BATCH = 500

/** The summary is folded anew from the events, which are the truth. */
export async function upgradeRuns(transaction: UpgradeTransaction): Promise<void> {
  const runs = transaction.objectStore('runs')
  for (const stored of await runs.getAll()) {
    const summary = await upgradeEvents(transaction, stored.id)
    if (summary) await runs.put({ ...stored, summary })
  }
}

async function upgradeEvents(transaction: UpgradeTransaction, runId: RunId): Promise<RunSummary | null> {
  const events = transaction.objectStore('runEvents')
  let run: RunSummary | null = null
  for (let from = 0; ; from += BATCH) {
    const batch = await events.getAll(IDBKeyRange.bound([runId, from], [runId, from + BATCH - 1]))
    if (batch.length === 0) return run
    const upgraded = batch.map((event) => upgradeEvent(event as unknown as RunEventV1))
    await Promise.all(upgraded.map((event, index) => events.put(event, [runId, from + index])))
    for (const event of upgraded) {
      const next = reduce(run, event)
      if (next.ok) run = next.value
    }
  }
}

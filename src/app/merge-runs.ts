import { inOrderAsked } from '#core/export/exportable-run'
import { mergeParts, type PartRun } from '#core/receipt/merge'
import type { MergeRefusal } from '#core/receipt/merge-refusal'
import { foldRun } from '#core/receipt/run-events'
import { failure, type Result } from '#core/result'
import type { LogFailure } from '#core/run/log'
import type { RunId } from '#core/run/types'
import type { AdoptedRun } from '#data/db/adopt-run'
import { randomId } from '#data/random-id'
import { createTextSha256 } from '#data/sha256'
import type { Runs } from './runs.svelte'
import { inSteps } from './slices'

export type MergeProblem =
  | { kind: 'refused'; refusals: readonly MergeRefusal[] }
  | { kind: 'missing' }
  | { kind: 'not-stored'; failure: LogFailure }

/** Puts the stored runs of these ids together and stores the whole as a run of its own; the parts stay. */
export async function mergeRuns(
  runs: Pick<Runs, 'load' | 'allSamples' | 'adopt'>,
  ids: readonly RunId[],
  now: number,
): Promise<Result<AdoptedRun, MergeProblem>> {
  const parts: PartRun[] = []
  for (const id of ids) {
    const record = await runs.load(id)
    if (!record) return failure({ kind: 'missing' })
    const { plan, starts, summary } = record
    const part = { plan, starts, answers: inOrderAsked(record), flags: summary.flags }
    parts.push(plan.strategy ? { ...part, samples: await runs.allSamples(id) } : part)
  }
  const merged = mergeParts(parts, { id: randomId() as RunId, at: now, sha256: await createTextSha256() })
  if (!merged.ok) return failure({ kind: 'refused', refusals: merged.failure })
  const folded = await inSteps(foldRun(merged.value))
  // Every part could be stored, so the whole can: anything else is a bug.
  if (!folded.ok) throw new Error(`${folded.failure.event.kind}: ${folded.failure.reason}`)
  const stored = await runs.adopt(folded.value)
  return stored.ok ? stored : failure({ kind: 'not-stored', failure: stored.failure })
}

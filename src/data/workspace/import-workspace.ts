/** Takes over an archive that was read: the last step of an import. */
import { failure, success, type Result } from '#core/result'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { MAX_LISTED_NAMES } from '#core/workspace/limits'
import type { Fate } from '#core/workspace/relation'
import type { SomnusDatabase } from '../db/schema'
import { applyImport, ChangedMeanwhile, type Applied, type ImportChoice } from './apply-import'
import { compareAll } from './compare'
import { raw } from './raw-database'
import type { ReadWorkspace } from './read-workspace'
import { removeStaging } from './staging-name'
import { storageFailure } from './storage-failure'

/** Whoever writes between comparison and transaction, e.g. a reply in another tab, is waited for this often. */
const ATTEMPTS = 3

export interface ImportOutcome {
  /** How many records met which fate. */
  fates: Record<Fate, number>
  /** Names of records that came in beside others, the first of them. */
  copies: string[]
}

/** All of it or nothing; the staging database is gone afterwards. */
export async function importWorkspace(
  here: SomnusDatabase,
  { staging }: Pick<ReadWorkspace, 'staging'>,
  choice: ImportChoice,
  onStep: (step: { kind: 'writing'; done: number; total: number }) => void,
): Promise<Result<ImportOutcome, WorkspaceFailure>> {
  try {
    return success(outcomeOf(await applyLatest(here, staging, choice, onStep)))
  } catch (error) {
    return failure(
      error instanceof ChangedMeanwhile
        ? { kind: 'storage-failed', detail: 'changed meanwhile' }
        : storageFailure(error),
    )
  } finally {
    staging.close()
    await removeStaging(here.name)
  }
}

async function applyLatest(
  here: SomnusDatabase,
  staging: SomnusDatabase,
  choice: ImportChoice,
  onStep: (step: { kind: 'writing'; done: number; total: number }) => void,
): Promise<Applied> {
  for (let attempt = 1; ; attempt += 1) {
    // What was shown in the preview may be some minutes old.
    const compared = await compareAll(raw(here), raw(staging), () => undefined)
    let done = 0
    const onRecord = () => onStep({ kind: 'writing', done: (done += 1), total: compared.length })
    try {
      return await applyImport(raw(here), raw(staging), compared, choice, onRecord)
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === ATTEMPTS) throw error
    }
  }
}

function outcomeOf({ fates: all }: Applied): ImportOutcome {
  const fates: Record<Fate, number> = { add: 0, leave: 0, extend: 0, copy: 0 }
  for (const { fate } of all) fates[fate] += 1
  const copies = all.filter(({ fate }) => fate === 'copy').map(({ name }) => name)
  return { fates, copies: copies.slice(0, MAX_LISTED_NAMES) }
}

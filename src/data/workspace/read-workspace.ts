/** Reads an archive into the staging database and says what importing it would do. */
import { MIRROR_SETTING, parseMirror } from '#core/model/mirror'
import { readPrivacyEntry } from '#core/workspace/privacy'
import type { PrivacyState } from '#core/privacy/state'
import { failure, success, type Result } from '#core/result'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { MAX_PRIVACY_BYTES } from '#core/workspace/limits'
import type { WorkspaceEntry } from '#core/workspace/manifest'
import { previewOf, type WorkspacePreview } from '#core/workspace/preview'
import { DATABASE_VERSION, type SomnusDatabase } from '../db/schema'
import { checkStaging } from './check-staging'
import { compareAll, type Compared } from './compare'
import { openArchive, type OpenArchive } from './open-archive'
import { raw } from './raw-database'
import { fillStaging } from './staging'
import { removeStaging } from './staging-name'
import { storageFailure } from './storage-failure'

export interface ReadStep {
  kind: 'hashes' | 'records' | 'checks'
  done: number
  total: number
}

export interface ReadWorkspace {
  staging: SomnusDatabase
  compared: Compared[]
  preview: WorkspacePreview
  privacy: PrivacyState | null
  /** Packs of models, each a tar archive in the file. */
  models: { name: string; pack: Blob }[]
}

/** A failure leaves nothing behind. */
export async function readWorkspace(
  here: SomnusDatabase,
  file: File,
  onStep: (step: ReadStep) => void,
): Promise<Result<ReadWorkspace, WorkspaceFailure>> {
  const { name } = here
  let staging: SomnusDatabase | null = null
  try {
    const archive = await openArchive(file, (done, total) => onStep({ kind: 'hashes', done, total }))
    if (!archive.ok) return archive
    const privacy = await readPrivacy(archive.value)
    if (!privacy.ok) return privacy
    const filled = await fillStaging(name, archive.value, (done, total) =>
      onStep({ kind: 'records', done, total }),
    )
    if (!filled.ok) return await given(name, null, filled)
    staging = filled.value
    const { manifest } = archive.value
    const total = manifest.entries.reduce(
      (sum, entry) => sum + (entry.kind === 'records' ? entry.rows : 0),
      0,
    )
    let done = 0
    const onRecord = () => onStep({ kind: 'checks', done: Math.min((done += 1), total), total })
    const checked = await checkStaging(staging, manifest.databaseVersion !== DATABASE_VERSION, onRecord)
    if (!checked.ok) return await given(name, staging, checked)
    const compared = await compareAll(raw(here), raw(staging), () => undefined)
    const models = modelsOf(archive.value)
    return success({
      staging,
      compared,
      preview: previewOf(manifest, compared, privacy.value, await mirrorOf(staging)),
      privacy: privacy.value,
      models,
    })
  } catch (error) {
    return await given(name, staging, failure(storageFailure(error)))
  }
}

async function mirrorOf(staging: SomnusDatabase): Promise<string | null> {
  const address: unknown = await staging.get('preferences', MIRROR_SETTING)
  return typeof address === 'string' ? parseMirror(address) : null
}

async function given<Outcome>(
  name: string,
  staging: SomnusDatabase | null,
  outcome: Outcome,
): Promise<Outcome> {
  staging?.close()
  await removeStaging(name)
  return outcome
}

async function readPrivacy(archive: OpenArchive): Promise<Result<PrivacyState | null, WorkspaceFailure>> {
  const entry = archive.manifest.entries.find(({ kind }) => kind === 'privacy')
  if (!entry) return success(null)
  if (entry.bytes > MAX_PRIVACY_BYTES) return failure({ kind: 'too-long', entry: entry.path, row: null })
  return readPrivacyEntry(entry.path, await archive.content(entry).text())
}

function modelsOf(archive: OpenArchive): ReadWorkspace['models'] {
  const models = archive.manifest.entries.filter(
    (entry): entry is Extract<WorkspaceEntry, { kind: 'model' }> => entry.kind === 'model',
  )
  return models.map((entry) => ({ name: entry.name, pack: archive.content(entry) }))
}

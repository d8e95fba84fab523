/** From what is about to be stored to the record of what is stored. */
import { stateOf } from './stored'
import type {
  FileRole,
  ModelFile,
  ModelOrigin,
  ModelPlan,
  StoredFile,
  StoredModel,
  StoredModelId,
} from './stored'

/**
 * The record of a plan. Files that an earlier record of the same model had, as they are described now, keep their
 * state; all others are absent.
 *
 * @param now milliseconds since 1970
 */
export function recordOf(plan: ModelPlan, existing: StoredModel | undefined, now: number): StoredModel {
  const files = plan.files.map((file) => {
    const before = existing?.files.find(({ path }) => path === file.path)
    return before && isSameFile(before, file)
      ? { ...before, ...file, bytes: file.bytes ?? before.bytes, url: file.url ?? before.url }
      : absent(file)
  })
  const isWhole = files.every(({ state }) => state === 'verified')
  return {
    ...plan,
    files,
    fingerprint: (isWhole && existing?.fingerprint) || null,
    addedAt: existing?.addedAt ?? now,
    completedAt: (isWhole && existing?.completedAt) || null,
    // Of bytes that are kept nobody knows more than then.
    verifiedAt: (files.some(({ state }) => state === 'verified') && existing?.verifiedAt) || null,
    lastUsedAt: existing?.lastUsedAt ?? null,
  }
}

/** The paths whose stored bytes are of no use to `record`: another version's, or files that it has no longer. */
export function outdatedPaths(record: StoredModel, existing: StoredModel | undefined): string[] {
  return (existing?.files ?? [])
    .filter((before) => {
      const file = record.files.find(({ path }) => path === before.path)
      return !file || !isSameFile(before, file)
    })
    .map(({ path }) => path)
}

function absent(file: ModelFile): StoredFile {
  return { ...file, state: 'absent', sha256: null, etag: null }
}

/**
 * Whether two descriptions are of the same bytes: by hash where there is one, else by address and size. Of files
 * on a disk, size and name say nothing.
 */
function isSameFile(before: StoredFile, file: ModelFile): boolean {
  if (before.bytes !== null && file.bytes !== null && before.bytes !== file.bytes) return false
  const { expected } = file
  if (expected?.algorithm === 'sha256' && before.sha256 !== null) return before.sha256 === expected.hex
  if (expected && before.expected?.algorithm === expected.algorithm)
    return before.expected.hex === expected.hex
  return expected === null && before.expected === null && file.url !== null && before.url === file.url
}

/**
 * The record once all files are verified; unchanged while one is not. A model that was repaired was not read as a
 * whole, so it keeps the date at which that was done last.
 */
export function completed(model: StoredModel, now: number): StoredModel {
  if (model.files.some(({ state }) => state !== 'verified')) return model
  return {
    ...model,
    fingerprint: fingerprintOf(model),
    completedAt: model.completedAt ?? now,
    verifiedAt: model.verifiedAt ?? now,
  }
}

/** The record after every stored byte was compared with its hash, with the states that this gave. */
export function checked(model: StoredModel, now: number): StoredModel {
  const record = completed(model, now)
  return stateOf(record) === 'complete' ? { ...record, verifiedAt: now } : record
}

/** Whether what is missing or damaged can be made again from original weights at an address. */
export function canConvertAgain({ conversion, files }: StoredModel): boolean {
  if (conversion?.address == null) return false
  // A published library alone is fetched.
  return files.some(({ state, url }) => state !== 'verified' && url === null)
}

/** The SHA-256 of what identifies the weights: the GGUF file, or the tensor manifest, which names every shard. */
function fingerprintOf(model: StoredModel): string | null {
  return model.files.find(({ role }) => role === fingerprintRole(model))?.sha256 ?? null
}

function fingerprintRole({ runtime }: Pick<ModelPlan, 'runtime'>): FileRole {
  return runtime.engine === 'wllama' ? 'weights' : 'manifest'
}

/**
 * The plan under an id that no other model has: its own, else with "-2" and so on. An id that tells the content's
 * hash needs none of it; a file at an address that gives no hash is told from others by its address.
 */
export function withFreeId(plan: ModelPlan, models: readonly StoredModel[]): ModelPlan {
  const isIdentified = plan.files.some(
    ({ role, expected }) => role === fingerprintRole(plan) && expected !== null,
  )
  if (plan.catalog || isIdentified) return plan
  for (let number = 1; ; number += 1) {
    const id = (number === 1 ? plan.id : `${plan.id}-${number}`) as StoredModelId
    const holder = models.find((model) => model.id === id)
    if (!holder || isSameAddress(plan.origin, holder.origin)) return { ...plan, id }
  }
}

function isSameAddress(one: ModelOrigin, other: ModelOrigin): boolean {
  return one.kind === 'remote' && other.kind === 'remote' && one.address === other.address
}

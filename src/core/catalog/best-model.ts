/** Which model of the catalogue to propose on a device. */
import type { ModelRecord } from '../catalog'
import type { DeviceCapabilities } from './device'
import { rankVariants, type StoredBytes, type VariantChoice } from './verdict'

export interface ModelProposal extends VariantChoice {
  model: ModelRecord
}

/**
 * The share of the computer's memory that a proposed model may take. Graphics memory cannot be asked for; a
 * model that takes more can still be chosen by a user who knows the card.
 */
const PROPOSED_MEMORY_SHARE = 0.5

/** What browsers that do not tell are taken to have, in GB: what a computer for office work comes with. */
const ASSUMED_MEMORY_GB = 8

/**
 * The largest model that can be had and runs without slowness and with room to spare; where none does, the
 * smallest that runs slowly; where that is none either, the built-in one. Null when nothing runs.
 */
export function bestModel(
  models: readonly ModelRecord[],
  device: DeviceCapabilities,
  storedBytes?: StoredBytes,
): ModelProposal | null {
  const budgetMB = (device.systemMemoryGB ?? ASSUMED_MEMORY_GB) * 1024 * PROPOSED_MEMORY_SHARE
  const proposals = models.flatMap((model) => {
    const [best] = rankVariants(model, device, storedBytes)
    return best && best.verdict.kind !== 'cannot' ? [{ model, ...best }] : []
  })
  const general = proposals
    .filter(({ model }) => model.availability.kind === 'download')
    .toSorted((one, other) => (one.model.parameters ?? 0) - (other.model.parameters ?? 0))
  const fast = general.filter(
    ({ verdict, variant }) => verdict.kind === 'runs' && variant.memoryMB <= budgetMB,
  )
  return (
    fast.at(-1) ?? general[0] ?? proposals.find(({ model }) => model.availability.kind === 'built-in') ?? null
  )
}

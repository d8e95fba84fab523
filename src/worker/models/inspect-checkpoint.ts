/** From a chosen checkpoint to what it could be converted into. */
import { CHECKPOINT_CONFIG } from '#core/convert/checkpoint-config'
import { checkpointAmong } from '#core/convert/checkpoint-files'
import { prepareConversion, type Preparation } from '#core/convert/prepare'
import { identify } from '#core/convert/progress'
import { QUANTIZATIONS, type Quantization } from '#core/convert/quantization'
import type { CheckpointSource } from '#core/convert/source'
import { offersOf, storedPlan, type CheckpointReview, type OwnLibrary } from '#core/convert/stored-plan'
import type { ModelResult } from '#core/model/failure'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import type { ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import { createSha256 } from '#data/sha256'
import type { NamedFile } from '../model-api'
import { chosenSource } from './chosen-source'
import type { Conversion } from './convert-checkpoint'
import { readBytes } from './import-read'
import { inspectLibrary } from './inspect-library'
import type { InspectPorts } from './inspect-ports'
import { renderJinja } from './jinja'

interface OpenedCheckpoint {
  source: CheckpointSource
  name: string
  /** Null: a published one, if any. */
  library: OwnLibrary | null
}

/** Reads configuration, headers, tokenizer and samples of the weights; no tensor as a whole. */
export async function inspectCheckpoint(
  files: readonly NamedFile[],
  library: File | null,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<CheckpointReview>> {
  ports.onProgress({ kind: 'inspecting' })
  const opened = await openChosen(files, library, ports)
  if (!opened.ok) return opened
  const plans: ModelResult<ModelPlan>[] = []
  let prepared: Preparation | undefined
  for (const quantization of QUANTIZATIONS) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const conversion = await planFor(opened.value, quantization, ports, signal)
    if (conversion.ok) prepared ??= conversion.value.prepared
    plans.push(conversion.ok ? success(conversion.value.plan) : conversion)
  }
  const offers = offersOf(plans)
  if (!offers.ok || !prepared) return offers.ok ? failure({ kind: 'aborted' }) : offers
  const { family, differences } = prepared.template
  return success({
    name: offers.value[0]?.plan.name ?? opened.value.name,
    sourceBytes: prepared.plan.sourceBytes,
    ...{ family, differences },
    offers: offers.value,
  })
}

async function openChosen(
  files: readonly NamedFile[],
  library: File | null,
  ports: Pick<InspectPorts, 'generation'>,
): Promise<ModelResult<OpenedCheckpoint>> {
  const place = checkpointAmong(files.map(({ path }) => path))
  if (!place) return failure({ kind: 'not-a-model', missing: [] })
  const inside = files
    .filter(({ path }) => path.startsWith(place.folder))
    .map(({ path, file }) => [path.slice(place.folder.length), file] as const)
  const opened = { source: chosenSource(new Map(inside)), name: place.name }
  if (!library) return success({ ...opened, library: null })
  const bytes = await readBytes(library.name, library, LIBRARY_LIMIT_BYTES)
  if (!bytes.ok) return bytes
  const metadata = await inspectLibrary(library.name, bytes.value, ports.generation)
  if (!metadata.ok) return metadata
  return success({ ...opened, library: { metadata: metadata.value, bytes: library.size } })
}

/** Deterministic: the same files and library give the same plan. */
async function planFor(
  { source, name, library }: OpenedCheckpoint,
  quantization: Quantization,
  ports: Pick<InspectPorts, 'libraries'>,
  signal: AbortSignal,
): Promise<ModelResult<{ prepared: Preparation; plan: ModelPlan }>> {
  const prepared = await prepareConversion(source, { quantization, family: null }, renderJinja, signal)
  if (!prepared.ok) return prepared
  const conversion = await identify(prepared.value.plan, source, await createSha256(), signal)
  if (!conversion.ok) return conversion
  const plan = storedPlan(prepared.value, conversion.value, name, library, ports.libraries)
  return plan.ok ? success({ prepared: prepared.value, plan: plan.value }) : plan
}

/** What a plan of `inspectCheckpoint` needs to be carried out; refused where the files are not those that it was made for. */
export async function openConversion(
  plan: ModelPlan,
  files: readonly NamedFile[],
  library: File | null,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<Conversion>> {
  ports.onProgress({ kind: 'inspecting' })
  const opened = await openChosen(files, library, ports)
  if (!opened.ok) return opened
  const differs = failure({ kind: 'conversion-differs', path: CHECKPOINT_CONFIG } as const)
  const quantization = QUANTIZATIONS.find((each) => each === plan.quantization)
  if (!quantization) return differs
  const found = await planFor(opened.value, quantization, ports, signal)
  if (!found.ok) return found
  if (found.value.plan.id !== plan.id) return differs
  return success({ source: opened.value.source, prepared: found.value.prepared, library })
}

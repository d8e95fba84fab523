/** From a checkpoint, wherever it lies, to what it could be converted into. */
import { CHECKPOINT_CONFIG } from '#core/convert/checkpoint-config'
import { adaptersAmong, checkpointAmong } from '#core/convert/checkpoint-files'
import { adapterFolder } from '#core/convert/lora/join-sources'
import { prepareConversion, type Preparation } from '#core/convert/prepare'
import { identify } from '#core/convert/progress'
import { QUANTIZATIONS, type Quantization } from '#core/convert/quantization'
import type { CheckpointSource } from '#core/convert/source'
import { offersOf, storedPlan, type CheckpointReview, type OwnLibrary } from '#core/convert/stored-plan'
import { FAMILIES, type Family } from '#core/convert/template-families'
import type { ModelResult } from '#core/model/failure'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import type { ConversionRecord, ModelOrigin, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import { createSha256 } from '#data/sha256'
import type { NamedFile } from '../model-api'
import { chosenSource } from './chosen-source'
import type { Conversion } from './convert-checkpoint'
import { readBytes } from './import-read'
import { inspectLibrary } from './inspect-library'
import type { InspectPorts } from './inspect-ports'
import { renderJinja } from './jinja'

export interface OpenedCheckpoint {
  source: CheckpointSource
  name: string
  /** Null: a published one, if any. */
  library: OwnLibrary | null
  /** Null: to be recognised. */
  family: Family | null
  /** Names of the adapters that its source has beside it (see `joinSources`). */
  adapters?: readonly string[]
  origin: ModelOrigin
  /** How to go on with a conversion of it; asked for once its weights were looked at. */
  record: (signal: AbortSignal) => Promise<ModelResult<ConversionRecord>>
}

export interface PlannedConversion {
  prepared: Preparation
  plan: ModelPlan
}

/** Reads configuration, headers, tokenizer and samples of the weights; no tensor as a whole. */
export async function inspectCheckpoint(
  files: readonly NamedFile[],
  library: File | null,
  family: string | null,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<CheckpointReview>> {
  ports.onProgress({ kind: 'inspecting' })
  const opened = await openChosen(files, library, family, ports)
  return opened.ok ? reviewCheckpoint(opened.value, ports, signal) : opened
}

export async function reviewCheckpoint(
  opened: OpenedCheckpoint,
  ports: Pick<InspectPorts, 'libraries'>,
  signal: AbortSignal,
): Promise<ModelResult<CheckpointReview>> {
  const plans: ModelResult<ModelPlan>[] = []
  let prepared: Preparation | undefined
  for (const quantization of QUANTIZATIONS) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const conversion = await planFor(opened, quantization, ports, signal)
    // What no other quantization would change is not asked for again.
    if (!conversion.ok && !dependsOnQuantization(conversion.failure.kind)) return conversion
    if (conversion.ok) prepared ??= conversion.value.prepared
    plans.push(conversion.ok ? success(conversion.value.plan) : conversion)
  }
  const offers = offersOf(plans)
  if (!offers.ok || !prepared) return offers.ok ? failure({ kind: 'aborted' }) : offers
  const { family, differences } = prepared.template
  return success({
    name: offers.value[0]?.plan.name ?? opened.name,
    sourceBytes: prepared.plan.sourceBytes,
    remote: null,
    ...{ family, differences, adapters: opened.adapters ?? [] },
    offers: offers.value,
  })
}

function dependsOnQuantization(kind: string): boolean {
  return ['checkpoint-unsupported', 'library-mismatch'].includes(kind)
}

async function openChosen(
  files: readonly NamedFile[],
  library: File | null,
  family: string | null,
  ports: Pick<InspectPorts, 'generation'>,
): Promise<ModelResult<OpenedCheckpoint>> {
  const place = checkpointAmong(files.map(({ path }) => path))
  if (!place) return failure({ kind: 'not-a-model', missing: [] })
  const adapters = adaptersAmong(files.map(({ path }) => path))
  const inside = (folder: string, into: string) =>
    files
      .filter(({ path }) => path.startsWith(folder))
      .map(({ path, file }) => [into + path.slice(folder.length), file] as const)
  const all = [
    ...inside(place.folder, ''),
    ...adapters.flatMap(({ folder }, index) => inside(folder, adapterFolder(index))),
  ]
  const names = adapters.map(({ name }) => name)
  const opened: OpenedCheckpoint = {
    ...{ source: chosenSource(new Map(all)), library: null, family: familyOf(family), adapters: names },
    name: [place.name, ...names].filter(Boolean).join(' + '),
    origin: { kind: 'files', name: place.name },
    record: () => Promise.resolve(success({ address: null, family, libraryUrl: null, files: [] })),
  }
  if (!library) return success(opened)
  const bytes = await readBytes(library.name, library, LIBRARY_LIMIT_BYTES)
  if (!bytes.ok) return bytes
  const metadata = await inspectLibrary(library.name, bytes.value, ports.generation)
  if (!metadata.ok) return metadata
  const own = { metadata: metadata.value, bytes: library.size, fetched: null }
  return success({ ...opened, library: own })
}

/** One of those that are known; null for any other name. */
export function familyOf(name: string | null): Family | null {
  return FAMILIES.find((family) => family === name) ?? null
}

/** Deterministic: the same files and library give the same plan. */
export async function planFor(
  { source, name, library, family, origin, record, adapters = [] }: OpenedCheckpoint,
  quantization: Quantization,
  ports: Pick<InspectPorts, 'libraries'>,
  signal: AbortSignal,
): Promise<ModelResult<PlannedConversion>> {
  const choices = { quantization, family, adapters: adapters.length }
  const prepared = await prepareConversion(source, choices, renderJinja, signal)
  if (!prepared.ok) return prepared
  const identity = await identify(prepared.value.plan, source, await createSha256(), signal)
  if (!identity.ok) return identity
  const plan = storedPlan(prepared.value, identity.value, name, library, ports.libraries)
  if (!plan.ok) return plan
  const conversion = await record(signal)
  if (!conversion.ok) return conversion
  // A folder that has no name is called as the model.
  const from = origin.kind === 'files' ? plan.value.origin : origin
  return success({
    prepared: prepared.value,
    plan: { ...plan.value, origin: from, conversion: conversion.value },
  })
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
  const opened = await openChosen(files, library, plan.conversion?.family ?? null, ports)
  if (!opened.ok) return opened
  const found = await planAgain(plan, opened.value, ports, signal)
  if (!found.ok) return found
  return success({ source: opened.value.source, prepared: found.value.prepared, library })
}

/** The plan made anew from its source, which must give the same one. */
export async function planAgain(
  plan: Pick<ModelPlan, 'id' | 'quantization'>,
  opened: OpenedCheckpoint,
  ports: Pick<InspectPorts, 'libraries'>,
  signal: AbortSignal,
): Promise<ModelResult<PlannedConversion>> {
  const differs = failure({ kind: 'conversion-differs', path: CHECKPOINT_CONFIG } as const)
  const quantization = QUANTIZATIONS.find((each) => each === plan.quantization)
  if (!quantization) return differs
  const found = await planFor(opened, quantization, ports, signal)
  return found.ok && found.value.plan.id !== plan.id ? differs : found
}

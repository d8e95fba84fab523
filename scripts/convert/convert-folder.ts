/** A checkpoint in a folder to an MLC model in a folder. */
import { mkdir, readdir } from 'node:fs/promises'
import type { RenderJinja } from '#core/convert/chat-template'
import type { ShardSums } from '#core/convert/convert-shard'
import { joinSources } from '#core/convert/lora/join-sources'
import { tensorCacheJson } from '#core/convert/manifest'
import type { PlannedShard } from '#core/convert/plan'
import { prepareConversion, type Choices, type Preparation } from '#core/convert/prepare'
import {
  emptyProgress,
  identify,
  PROGRESS_FILE,
  progressJson,
  readProgress,
  withShard,
  type ConversionProgress,
  type SourceOrigin,
} from '#core/convert/progress'
import type { ModelResult } from '#core/model/failure'
import { MANIFEST_NAMES } from '#core/model/mlc-manifest'
import { MLC_CONFIG } from '#core/model/mlc-config'
import { failure, success } from '#core/result'
import type { CheckpointSource } from '#core/convert/source'
import { RemoteCheckpoint, type SourceWaiting } from '#worker/models/remote-checkpoint'
import { FolderSource } from './folder-source'
import { freeBytes, isFile, pieceHash, readTextIn, removeFiles, writeText, writeWhole } from './out-folder'
import { openRemoteSource, type RemoteAddress } from './remote-source'
import { convertInOrder, convertShards } from './shard-pool'
import type { WorkerFolders } from './shard-worker'

export interface SourcePlace {
  /** A folder; with `remote`, the address as it was typed. */
  source: string
  /** Missing: the source is a folder. */
  remote?: RemoteAddress | null
}

export interface FolderConversion extends Omit<Choices, 'adapters'>, SourcePlace {
  /** LoRA adapters, merged in this order. */
  adapters?: readonly SourcePlace[]
  out: string
  jobs: number
  /** Whether shards that lie in `out` may be kept. */
  resume: boolean
}

export interface ConversionEvents {
  /** Before anything is written. False: the user does not want it. */
  onPrepared(preparation: Preparation): void
  /** Shards that an earlier run wrote, after they were read and found whole. */
  onKept(shards: readonly PlannedShard[]): void
  onProgress(tensor: string, sourceBytes: number): void
  /** A host does not answer and is asked again; null: it goes on. */
  onWaiting?(waiting: SourceWaiting): void
}

const COPY_BYTES = 2 ** 20

/** The manifest comes last: without it, no reader takes the folder for a model. */
export async function convertFolder(
  conversion: FolderConversion,
  events: ConversionEvents,
  render: RenderJinja,
  signal: AbortSignal,
): Promise<ModelResult<Preparation>> {
  const opened = await openSource(conversion, events, signal)
  if (!opened.ok) return opened
  const { source, base, revision, close } = opened.value
  const adapters = conversion.adapters ?? []
  try {
    const choices = { ...conversion, adapters: adapters.length }
    const prepared = await prepareConversion(source, choices, render, signal)
    if (!prepared.ok) return prepared
    const { plan, chatConfig, copies } = prepared.value
    events.onPrepared(prepared.value)
    const conversionId = await identify(plan, source, pieceHash('sha256'), signal)
    if (!conversionId.ok) return conversionId
    const files = base instanceof RemoteCheckpoint ? await base.sourceFiles(signal) : success([])
    if (!files.ok) return files
    const from = conversion.remote ? { address: conversion.source, revision, files: files.value } : null
    const begun = await begin(conversion, emptyProgress(conversionId.value, from))
    if (!begun.ok) return begun
    let progress = await wholeShards(conversion.out, plan.shards, begun.value)
    const isKept = ({ path }: PlannedShard) => path in progress.shards
    events.onKept(plan.shards.filter(isKept))
    const waiting = plan.shards.filter((shard) => !isKept(shard))
    const full = await spaceFor(conversion.out, waiting)
    if (!full.ok) return full
    // While shards are missing, no reader may take the folder for a model.
    if (waiting.length > 0) await removeFiles(conversion.out, MANIFEST_NAMES)
    const store = () => writeText(conversion.out, PROGRESS_FILE, progressJson(progress))
    const started = await store()
    if (!started.ok) return started
    let lastStored: Promise<unknown> = Promise.resolve()
    const onShard = (path: string, sums: ShardSums) => {
      progress = withShard(progress, path, sums)
      const stored = lastStored.then(store)
      lastStored = stored
      return stored
    }
    const pool = { onProgress: (tensor: string, bytes: number) => events.onProgress(tensor, bytes), onShard }
    const { out, jobs } = conversion
    // One thread packs faster than any network brings.
    const converted = [conversion, ...adapters].every(({ remote }) => !remote)
      ? await convertShards(waiting, foldersOf(conversion), jobs, pool, signal)
      : await convertInOrder(waiting, source, out, pool, signal)
    if (!converted.ok) return converted
    for (const { path, bytes } of copies) {
      const copied = await copy(source, conversion.out, path, bytes, signal)
      if (!copied.ok) return copied
    }
    const manifest = tensorCacheJson(plan, progress.shards)
    const texts = [
      [MLC_CONFIG, `${JSON.stringify(chatConfig, null, 1)}\n`],
      ...MANIFEST_NAMES.map((name) => [name, manifest]),
    ]
    for (const [name = '', text = ''] of texts) {
      const written = await writeText(conversion.out, name, text)
      if (!written.ok) return written
    }
    return prepared
  } finally {
    await close()
  }
}

interface OpenedSource {
  /** The checkpoint with its adapters. */
  source: CheckpointSource
  base: FolderSource | RemoteCheckpoint
  revision: string | null
  close: () => Promise<void>
}

async function openSource(
  { source, remote, adapters = [], out, resume }: FolderConversion,
  events: ConversionEvents,
  signal: AbortSignal,
): Promise<ModelResult<OpenedSource>> {
  const text = remote && resume ? await readTextIn(out, PROGRESS_FILE) : null
  const before = text === null ? null : readProgress(text)
  if (before && !before.ok) return before
  const opened: { source: FolderSource | RemoteCheckpoint; revision: string | null }[] = []
  const close = async () => {
    for (const each of opened) await each.source.close()
  }
  for (const [index, place] of [{ source, remote: remote ?? null }, ...adapters].entries()) {
    const known = index === 0 ? (before?.value.source ?? null) : null
    const each = await openPlace(place, known, events, signal)
    if (!each.ok) {
      await close()
      return each
    }
    opened.push(each.value)
  }
  const [first, ...others] = opened
  if (!first) throw new Error('nothing was opened')
  const joined = joinSources(
    first.source,
    others.map((each) => each.source),
  )
  return success({ source: joined, base: first.source, revision: first.revision, close })
}

/** @param before what an earlier run read from there */
async function openPlace(
  { source, remote }: SourcePlace,
  before: SourceOrigin | null,
  events: ConversionEvents,
  signal: AbortSignal,
): Promise<ModelResult<{ source: FolderSource | RemoteCheckpoint; revision: string | null }>> {
  if (!remote) return success({ source: new FolderSource(source), revision: null })
  return openRemoteSource(remote, before, (waiting) => events.onWaiting?.(waiting), signal)
}

function foldersOf({ source, adapters = [], out }: FolderConversion): WorkerFolders {
  return { source, adapters: adapters.map((adapter) => adapter.source), out }
}

/** The folder made ready: empty, or with what an earlier run of the same conversion has left. */
async function begin(
  { out, resume }: FolderConversion,
  fresh: ConversionProgress,
): Promise<ModelResult<ConversionProgress>> {
  try {
    await mkdir(out, { recursive: true })
    const names = await readdir(out)
    if (names.length === 0) return success(fresh)
    const text = resume ? await readTextIn(out, PROGRESS_FILE) : null
    if (text === null) {
      const detail = resume ? `it holds files, and no ${PROGRESS_FILE}` : 'it is not empty'
      return failure({ kind: 'not-writable', name: out, detail })
    }
    const progress = readProgress(text)
    if (!progress.ok || progress.value.conversion === fresh.conversion) return progress
    return failure({ kind: 'conversion-differs', path: PROGRESS_FILE })
  } catch (error) {
    return failure({ kind: 'not-writable', name: out, detail: String(error) })
  }
}

/** The progress without shards whose files are gone or damaged. */
async function wholeShards(
  out: string,
  shards: readonly PlannedShard[],
  progress: ConversionProgress,
): Promise<ConversionProgress> {
  let whole: ConversionProgress = { ...progress, shards: {} }
  for (const { path, bytes } of shards) {
    const sums = progress.shards[path]
    if (sums?.bytes === bytes && (await isFile(out, path, bytes, sums.sha256)))
      whole = withShard(whole, path, sums)
  }
  return whole
}

async function spaceFor(out: string, shards: readonly PlannedShard[]): Promise<ModelResult<void>> {
  const neededBytes = shards.reduce((sum, { bytes }) => sum + bytes, 0)
  const availableBytes = await freeBytes(out)
  if (availableBytes === null || availableBytes >= neededBytes) return success(undefined)
  return failure({ kind: 'storage-full', neededBytes, availableBytes })
}

function copy(
  source: CheckpointSource,
  out: string,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  return writeWhole(out, path, async (sink) => {
    for (let at = 0; at < bytes; at += COPY_BYTES) {
      if (signal.aborted) return failure({ kind: 'aborted' })
      const read = await source.read(path, at, Math.min(bytes, at + COPY_BYTES), signal)
      if (!read.ok) return read
      const written = await sink.write(read.value)
      if (!written.ok) return written
    }
    return success(undefined)
  })
}

/** A checkpoint opened: its configuration, and where each of its tensors lies. No weight has been read yet. */
import * as v from 'valibot'
import type { ModelResult } from '../model/failure'
import { fileInvalid, parseFile, SafePath } from '../model/parse-file'
import { failure, success } from '../result'
import {
  CHECKPOINT_CONFIG,
  CONFIG_LIMIT_BYTES,
  readCheckpointConfig,
  type CheckpointConfig,
} from './checkpoint-config'
import { readSafetensors, type SourceTensor } from './safetensors'
import type { CheckpointFile, CheckpointSource } from './source'

export const SINGLE = 'model.safetensors'
export const INDEX = 'model.safetensors.index.json'
/** About 100 bytes a tensor. */
export const INDEX_LIMIT_BYTES = 16 * 2 ** 20
export const FILES_LIMIT = 1024

export const IndexSchema = v.object({
  weight_map: v.pipe(
    v.record(v.string(), SafePath),
    v.check((map) => Object.keys(map).length > 0, 'at least one tensor'),
  ),
})

export interface Checkpoint {
  config: CheckpointConfig
  tensors: ReadonlyMap<string, SourceTensor>
  /** The file that tells of all tensors: the index, or the only file of weights. */
  listedIn: string
  files: readonly CheckpointFile[]
}

/** Reads configuration, index and all headers, and checks that they agree with each other and with the files' sizes. */
export async function openCheckpoint(
  source: CheckpointSource,
  signal: AbortSignal,
): Promise<ModelResult<Checkpoint>> {
  const listed = await source.files(signal)
  if (!listed.ok) return listed
  const files = listed.value
  const configText = await readSmallFile(source, files, CHECKPOINT_CONFIG, CONFIG_LIMIT_BYTES, signal)
  if (!configText.ok) return configText
  const config = readCheckpointConfig(configText.value)
  if (!config.ok) return config
  const sources = await tensorFiles(source, files, signal)
  if (!sources.ok) return sources
  const { paths, map, listedIn } = sources.value
  const tensors = new Map<string, SourceTensor>()
  for (const path of paths) {
    const bytes = files.find((file) => file.path === path)?.bytes ?? 0
    const header = await readSafetensors(source, path, bytes, signal)
    if (!header.ok) return header
    for (const tensor of header.value) {
      if (tensors.has(tensor.name))
        return failure(fileInvalid(path, tensor.name, 'a name that no other file has'))
      tensors.set(tensor.name, tensor)
    }
  }
  for (const [name, path] of Object.entries(map)) {
    if (tensors.get(name)?.path !== path) return failure({ kind: 'tensor-missing', path, tensor: name })
  }
  return success({ config: config.value, tensors, listedIn, files })
}

/** A text file that must be there; its size is checked before it is read. */
export async function readSmallFile(
  source: CheckpointSource,
  files: readonly CheckpointFile[],
  path: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<ModelResult<string>> {
  const file = files.find((each) => each.path === path)
  if (!file) return failure({ kind: 'checkpoint-incomplete', missing: [path] })
  if (file.bytes > limitBytes) return failure({ kind: 'too-large', bytes: file.bytes, limitBytes })
  return source.readText(path, 0, file.bytes, signal)
}

/** The files of weights: those that the index names, else the only one. */
async function tensorFiles(
  source: CheckpointSource,
  files: readonly CheckpointFile[],
  signal: AbortSignal,
): Promise<ModelResult<{ paths: string[]; map: Record<string, string>; listedIn: string }>> {
  const has = (path: string) => files.some((file) => file.path === path)
  if (!has(INDEX)) {
    const single = has(SINGLE) ? [SINGLE] : []
    const [path, ...others] = single.length > 0 ? single : weightFiles(files)
    if (path === undefined) return failure({ kind: 'checkpoint-incomplete', missing: [SINGLE] })
    if (others.length > 0) return failure({ kind: 'checkpoint-incomplete', missing: [INDEX] })
    return success({ paths: [path], map: {}, listedIn: path })
  }
  const text = await readSmallFile(source, files, INDEX, INDEX_LIMIT_BYTES, signal)
  if (!text.ok) return text
  const index = parseFile(INDEX, text.value, IndexSchema)
  if (!index.ok) return index
  const map = index.value.weight_map
  const paths = [...new Set(Object.values(map))].sort()
  if (paths.length > FILES_LIMIT)
    return failure(fileInvalid(INDEX, 'weight_map', `at most ${FILES_LIMIT} files`))
  const missing = paths.filter((path) => !has(path))
  if (missing.length > 0) return failure({ kind: 'checkpoint-incomplete', missing })
  return success({ paths, map, listedIn: INDEX })
}

function weightFiles(files: readonly CheckpointFile[]): string[] {
  return files.flatMap(({ path }) => (/^[^/]+\.safetensors$/.test(path) ? [path] : []))
}

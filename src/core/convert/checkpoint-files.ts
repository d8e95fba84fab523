/** Whether chosen files are a checkpoint, told from their names. */
import { isIgnoredFile } from '../model/ignored-files'
import { MLC_CONFIG } from '../model/mlc-config'
import { PACK_MANIFEST } from '../model/pack'
import { CHECKPOINT_CONFIG } from './checkpoint-config'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from './lora/adapter-config'

export interface CheckpointPlace {
  /** What the paths of its files begin with; empty, or with "/" at its end. */
  folder: string
  /** Of the folder; empty where the files were chosen without one. */
  name: string
}

/**
 * The only folder that holds configuration and weights; null for none or several, and for files that are a model
 * which needs no conversion: a pack, an MLC model or a GGUF file.
 */
export function checkpointAmong(paths: readonly string[]): CheckpointPlace | null {
  const useful = paths.filter((path) => !isIgnoredFile(path))
  const names = useful.map((path) => path.slice(path.lastIndexOf('/') + 1))
  if (names.some((name) => name === PACK_MANIFEST || name === MLC_CONFIG || /\.gguf$/i.test(name)))
    return null
  const folders = useful
    .filter((_, at) => names[at] === CHECKPOINT_CONFIG)
    .map((path) => path.slice(0, path.length - CHECKPOINT_CONFIG.length))
    .filter((folder) =>
      useful.some(
        (path) =>
          path.startsWith(folder) && /^[^/]+\.safetensors(\.index\.json)?$/.test(path.slice(folder.length)),
      ),
    )
  const [folder, ...others] = folders
  if (folder === undefined || others.length > 0) return null
  return { folder, name: folder.split('/').at(-2) ?? '' }
}

/** The folders that hold LoRA adapters beside or below a checkpoint, in the order of their names. */
export function adaptersAmong(paths: readonly string[]): CheckpointPlace[] {
  return paths
    .filter((path) => path.endsWith(`/${ADAPTER_CONFIG}`) && !isIgnoredFile(path))
    .map((path) => path.slice(0, -ADAPTER_CONFIG.length))
    .filter((folder) => paths.includes(folder + ADAPTER_WEIGHTS))
    .sort()
    .map((folder) => ({ folder, name: folder.split('/').at(-2) ?? '' }))
}

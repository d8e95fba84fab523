/** What the small files of an MLC model tell, wherever they are: on a disk or at an address. */
import type { ModelResult } from '#core/model/failure'
import { findLibrary, type KnownLibrary } from '#core/model/known-libraries'
import { matchLibrary } from '#core/model/library-match'
import type { MlcConfig } from '#core/model/mlc-config'
import { readMlcConfig } from '#core/model/mlc-config'
import { readMlcManifest, type MlcManifest } from '#core/model/mlc-manifest'
import { mlcNeeds, type MlcNeeds } from '#core/model/mlc-model'
import { fileInvalid } from '#core/model/parse-file'
import type { ModelFile } from '#core/model/stored'
import { failure, success } from '#core/result'
import { inspectLibrary } from './inspect-library'
import type { InspectPorts } from './inspect-ports'

export interface MlcText {
  path: string
  text: string
}

export interface MlcDescription {
  config: MlcConfig
  /** The tokenizer's file that WebLLM will ask for. */
  tokenizer: string
  manifest: MlcManifest
}

/** Checks configuration and manifest, each by itself. */
export function describeMlc(config: MlcText, manifest: MlcText): ModelResult<MlcDescription> {
  const parsedConfig = readMlcConfig(config.text, config.path)
  if (!parsedConfig.ok) return parsedConfig
  const { tokenizer } = parsedConfig.value
  if (tokenizer === null)
    return failure(fileInvalid(config.path, 'tokenizer_files', 'tokenizer.json or tokenizer.model'))
  const parsedManifest = readMlcManifest(manifest.text, manifest.path)
  if (!parsedManifest.ok) return parsedManifest
  return success({ config: parsedConfig.value, tokenizer, manifest: parsedManifest.value })
}

/** The published library of a model's shape. */
export function knownLibrary({ config }: MlcDescription, ports: InspectPorts): ModelResult<KnownLibrary> {
  return findLibrary(ports.libraries, config)
}

/** A published library as a file of a model: nobody tells its size or hash before it is fetched. */
export function publishedLibrary({ url }: KnownLibrary): ModelFile {
  return { path: url.slice(url.lastIndexOf('/') + 1), role: 'library', bytes: null, expected: null, url }
}

/** Whether the library was made for this WebLLM and for these weights, and what running them takes. */
export async function checkMlc(
  description: MlcDescription,
  library: { path: string; bytes: Uint8Array<ArrayBuffer> },
  ports: InspectPorts,
): Promise<ModelResult<MlcNeeds>> {
  const { config, manifest } = description
  const metadata = await inspectLibrary(library.path, library.bytes, ports.generation)
  if (!metadata.ok) return metadata
  const matched = matchLibrary(metadata.value, config, manifest)
  if (!matched.ok) return matched
  const known = knownLibrary(description, ports)
  return success(mlcNeeds(config, manifest, metadata.value, known.ok ? known.value : null))
}

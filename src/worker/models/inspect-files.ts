/** From files that a person chose to the plan of what would be stored. */
import type { ModelResult } from '#core/model/failure'
import { ggufPlan } from '#core/model/gguf-plan'
import type { ModelOrigin, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { NamedFile } from '../model-api'
import { sha256OfFile } from './import-read'
import { importSource } from './import-source'
import { inspectMlcFolder } from './inspect-folder'
import { inspectGgufHeader } from './inspect-gguf'
import { inspectPack } from './inspect-pack'
import type { InspectPorts } from './inspect-ports'

/**
 * Reads headers, manifests and hashes of small files; of a GGUF file all of it, because its hash is its identity.
 * `library` replaces one in the folder; null and none in the folder: a published one is to be fetched.
 */
export async function inspectFiles(
  files: readonly NamedFile[],
  library: File | null,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  ports.onProgress({ kind: 'inspecting' })
  const source = await importSource(files)
  if (!source.ok) return source
  const { kind, path, name } = source.value
  if (kind === 'pack') return inspectPack(source.value, ports, signal)
  if (kind === 'mlc') return inspectMlcFolder(source.value, library, ports, signal)
  const file = source.value.files.get(path)
  if (!file) return failure({ kind: 'not-a-model', missing: [path] })
  return inspectGguf(path, file, { kind: 'files', name: file.name }, name, ports, signal)
}

async function inspectGguf(
  path: string,
  file: File,
  origin: ModelOrigin,
  name: string,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const model = await inspectGgufHeader(path, file)
  if (!model.ok) return model
  const onBytes = (doneBytes: number) =>
    ports.onProgress({ kind: 'verifying', doneBytes, totalBytes: file.size })
  const sha256 = await sha256OfFile(path, file, onBytes, signal)
  if (!sha256.ok) return sha256
  const expected = { algorithm: 'sha256', hex: sha256.value } as const
  return success(
    ggufPlan({ path, bytes: file.size, expected, url: null }, model.value, origin, name, ports.catalog),
  )
}

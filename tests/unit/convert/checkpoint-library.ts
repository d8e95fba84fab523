import type { Quantization } from '#core/convert/quantization'
import { libraryBytes, METADATA } from '../model/library-fixture'
import { planOf } from './convert-fixture'
import type { Files } from './safetensors-fixture'

/** A library (without code) that asks for exactly the tensors that a conversion of the checkpoint writes. */
export async function checkpointLibrary(
  files: Files,
  quantization: Quantization,
): Promise<Uint8Array<ArrayBuffer>> {
  const { shards } = await planOf(files, quantization)
  const params = shards
    .flatMap(({ units }) => units.flatMap(({ tensors }) => tensors))
    .map(({ name, shape, dtype }) => ({ name, shape, dtype, preprocs: [] }))
  return libraryBytes({ ...METADATA, quantization, params })
}

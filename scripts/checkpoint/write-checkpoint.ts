/** Writes checkpoints as transformers does: safetensors files with an index, tensor by tensor. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface CheckpointTensor {
  name: string
  shape: readonly number[]
  /** BF16 unless it says otherwise. */
  dtype?: 'F32'
  /** Little-endian, row-major; made when it is written, and not kept. */
  bytes(): Uint8Array
}

const BYTES = { BF16: 2, F32: 4 }
const FILE_LIMIT_BYTES = 512 * 1024 ** 2

/** Tensors into as many files as their sizes need; then the other files, as JSON. */
export function writeCheckpoint(
  folder: string,
  tensors: readonly CheckpointTensor[],
  files: Readonly<Record<string, unknown>>,
): void {
  mkdirSync(folder, { recursive: true })
  const parts = inParts(tensors)
  const map: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const file = `model-${number(index + 1)}-of-${number(parts.length)}.safetensors`
    for (const { name } of part) map[name] = file
    writeSafetensors(join(folder, file), part)
  }
  const total_size = tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0)
  const index = { metadata: { total_size }, weight_map: map }
  for (const [name, content] of Object.entries({ 'model.safetensors.index.json': index, ...files }))
    writeFileSync(join(folder, name), JSON.stringify(content, null, 1))
}

export function writeSafetensors(path: string, tensors: readonly CheckpointTensor[]): void {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let at = 0
  for (const tensor of tensors) {
    const end = at + bytesOf(tensor)
    header[tensor.name] = { dtype: tensor.dtype ?? 'BF16', shape: tensor.shape, data_offsets: [at, end] }
    at = end
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = openSync(path, 'w')
  try {
    writeAll(file, length)
    writeAll(file, text)
    for (const tensor of tensors) {
      const bytes = tensor.bytes()
      if (bytes.length !== bytesOf(tensor)) throw new Error(`${tensor.name} has ${bytes.length} bytes.`)
      writeAll(file, bytes)
    }
  } finally {
    closeSync(file)
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
}

function inParts(tensors: readonly CheckpointTensor[]): CheckpointTensor[][] {
  const parts: CheckpointTensor[][] = [[]]
  let bytes = 0
  for (const tensor of tensors) {
    if (bytes > 0 && bytes + bytesOf(tensor) > FILE_LIMIT_BYTES) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)!.push(tensor)
    bytes += bytesOf(tensor)
  }
  return parts
}

function bytesOf({ shape, dtype }: CheckpointTensor): number {
  return shape.reduce((product, size) => product * size, BYTES[dtype ?? 'BF16'])
}

function number(value: number): string {
  return String(value).padStart(5, '0')
}

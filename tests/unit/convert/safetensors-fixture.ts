/** Checkpoints made for tests: a small safetensors writer, weights from a seed, and files that lie in memory. */
import { floatToHalf, type SourceFormat } from '#core/convert/number-format'
import type { CheckpointSource } from '#core/convert/source'
import { randomBelow } from '#core/run/random'
import { failure, success } from '#core/result'

export type Files = Map<string, Uint8Array<ArrayBuffer>>

export interface GivenTensor {
  name: string
  shape: readonly number[]
  values: Float32Array
  dtype?: SourceFormat
}

export const never = new AbortController().signal

/** The bytes of a header text behind its length. */
export function withHeader(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

export function safetensors(tensors: readonly GivenTensor[]): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const pieces: Uint8Array[] = []
  let at = 0
  for (const { name, shape, values, dtype = 'BF16' } of tensors) {
    const piece = encode(values, dtype)
    header[name] = { dtype, shape, data_offsets: [at, at + piece.length] }
    pieces.push(piece)
    at += piece.length
  }
  return withHeader(JSON.stringify(header), joined(pieces))
}

/** Without Node's Buffer: browsers make checkpoints as well. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** BF16 by cutting, which is exact for what `random` makes. */
export function encode(values: Float32Array, dtype: SourceFormat): Uint8Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  if (dtype === 'F32') return new Uint8Array(words.slice().buffer)
  const halves = new Uint16Array(values.length)
  for (let at = 0; at < halves.length; at++)
    halves[at] = dtype === 'F16' ? floatToHalf(values[at]!) : words[at]! >>> 16
  return new Uint8Array(halves.buffer)
}

/** Numbers drawn for a tensor; of larger ones they are repeated. */
const DRAWN = 2 ** 18

/** Numbers around 0 that BF16 holds exactly (7 bits behind the first). */
export function random(count: number, seed: number, deviation: number): Float32Array<ArrayBuffer> {
  const below = randomBelow(seed, 7)
  const values = new Float32Array(count)
  for (let at = 0; at < Math.min(count, DRAWN); at++)
    values[at] = ((below(1024) + below(1024) + below(1024) - 1534.5) / 512) * deviation
  for (let at = DRAWN; at < count; at += DRAWN) values.copyWithin(at, 0, DRAWN)
  const words = new Uint32Array(values.buffer)
  for (let at = 0; at < words.length; at++) words[at] = words[at]! & 0xffff0000
  return values
}

/** Files as a source; `reads` lists what was asked for. */
export function memorySource(files: Files): CheckpointSource & { reads: { path: string; bytes: number }[] } {
  const reads: { path: string; bytes: number }[] = []
  const part = (path: string, begin: number, end: number) => {
    reads.push({ path, bytes: end - begin })
    const bytes = files.get(path)?.slice(begin, end)
    return bytes?.length === end - begin
      ? success(bytes)
      : failure({ kind: 'file-unreadable' as const, path, detail: 'ends early' })
  }
  return {
    reads,
    files: () =>
      Promise.resolve(success([...files].map(([path, content]) => ({ path, bytes: content.length })))),
    read: (path, begin, end) => Promise.resolve(part(path, begin, end)),
    readText: (path, begin, end) => {
      const bytes = part(path, begin, end)
      return Promise.resolve(bytes.ok ? success(new TextDecoder().decode(bytes.value)) : bytes)
    },
  }
}

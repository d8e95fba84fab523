/** A model as a folder in MLC's format: written from tensors, or read. */
import { existsSync, mkdirSync, openSync, readFileSync, readSync, closeSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { md5Hex } from './hashes'
import type { Tensor, TensorSource } from './tensor'

/** MLC's own bound. A tensor larger than this has a shard of its own. */
const SHARD_LIMIT_BYTES = 32 * 1024 ** 2
/** The same manifest under the name of WebLLM until 0.2.79, and since. */
const MANIFEST_NAMES = ['tensor-cache.json', 'ndarray-cache.json']
export const CONFIG_NAME = 'mlc-chat-config.json'

interface ManifestTensor {
  name: string
  shape: number[]
  dtype: string
  format: string
  nbytes: number
  byteOffset: number
}

interface ManifestShard {
  dataPath: string
  format: 'raw-shard'
  nbytes: number
  md5sum: string
  records: ManifestTensor[]
}

export interface WeightsFolder {
  path: string
  /** The parsed mlc-chat-config.json. */
  config: Record<string, unknown>
  /** Of all tensors. */
  bytes: number
  tensor: TensorSource
}

/** Writes shards, manifest, configuration and tokenizer. The manifest comes last: with it, the folder is whole. */
export function writeWeights(
  folder: string,
  tensors: Iterable<Tensor>,
  files: Readonly<Record<string, unknown>>,
): void {
  mkdirSync(folder, { recursive: true })
  const shards: ManifestShard[] = []
  let pending: Tensor[] = []
  let pendingBytes = 0
  let parameters = 0
  const flush = () => {
    if (pending.length === 0) return
    const bytes = Buffer.concat(pending.map((tensor) => tensor.bytes))
    let byteOffset = 0
    const records = pending.map(({ name, shape, dtype, format, bytes: { length: nbytes } }) => {
      const record = { name, shape: [...shape], dtype, format, nbytes, byteOffset }
      byteOffset += nbytes
      return record
    })
    const dataPath = `params_shard_${shards.length}.bin`
    writeFileSync(join(folder, dataPath), bytes)
    shards.push({ dataPath, format: 'raw-shard', nbytes: bytes.length, md5sum: md5Hex(bytes), records })
    pending = []
    pendingBytes = 0
  }
  for (const tensor of tensors) {
    if (pendingBytes + tensor.bytes.length > SHARD_LIMIT_BYTES) flush()
    pending.push(tensor)
    pendingBytes += tensor.bytes.length
    parameters += 1
  }
  flush()
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content, null, 1))
  const ParamBytes = shards.reduce((sum, { nbytes }) => sum + nbytes, 0)
  const manifest = JSON.stringify({ metadata: { ParamSize: parameters, ParamBytes }, records: shards })
  for (const name of MANIFEST_NAMES) writeFileSync(join(folder, name), manifest)
}

/** Opens a folder; undefined where it holds no whole model. Tensors are read when they are asked for. */
export function openWeights(path: string): WeightsFolder | undefined {
  const manifestName = MANIFEST_NAMES.find((name) => existsSync(join(path, name)))
  if (!manifestName || !existsSync(join(path, CONFIG_NAME))) return undefined
  const read = (name: string) => JSON.parse(readFileSync(join(path, name), 'utf8')) as unknown
  const { records: shards } = read(manifestName) as { records: ManifestShard[] }
  const places = new Map<string, { file: string; record: ManifestTensor }>()
  for (const { dataPath, records } of shards)
    for (const record of records) places.set(record.name, { file: join(path, dataPath), record })
  const tensor: TensorSource = (name) => {
    const place = places.get(name)
    if (!place) return undefined
    const { file, record } = place
    return { ...record, bytes: readPart(file, record.byteOffset, record.nbytes) }
  }
  const bytes = shards.reduce((sum, { nbytes }) => sum + nbytes, 0)
  return { path, config: read(CONFIG_NAME) as Record<string, unknown>, bytes, tensor }
}

function readPart(file: string, offset: number, length: number): Uint8Array {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(length)
    let done = 0
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, offset + done)
      if (count === 0) throw new Error(`${file} ends at byte ${offset + done}.`)
      done += count
    }
    return bytes
  } finally {
    closeSync(handle)
  }
}

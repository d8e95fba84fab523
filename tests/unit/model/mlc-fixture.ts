/** A synthetic MLC model folder that fits the library of `library-fixture`, with correct sums. */
import { createMd5 } from '#data/md5'
import { libraryBytes, METADATA } from './library-fixture'

export const CONFIG = {
  version: '0.1.0',
  model_type: 'qwen2',
  quantization: 'q4f32_1',
  model_config: {
    hidden_size: 32,
    intermediate_size: 64,
    num_attention_heads: 2,
    num_hidden_layers: 1,
    num_key_value_heads: 1,
    head_dim: 16,
    rope_theta: 1000000,
    tie_word_embeddings: true,
    vocab_size: 64,
  },
  vocab_size: 64,
  context_window_size: 32768,
  sliding_window_size: -1,
  prefill_chunk_size: 2048,
  tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'],
  conv_template: { name: 'chatml', roles: { user: 'user', assistant: 'assistant' } },
}

type Files = Map<string, Uint8Array<ArrayBuffer>>

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

export interface ManifestRecord {
  dataPath: string
  format: string
  nbytes: number
  md5sum?: string
  records: {
    name: string
    shape: number[]
    dtype: string
    format: string
    nbytes: number
    byteOffset: number
  }[]
}

/** Two shards of the weights that METADATA declares. */
export async function mlcShards(): Promise<{ files: Files; records: ManifestRecord[] }> {
  const files: Files = new Map()
  const records: ManifestRecord[] = []
  for (const [index, params] of [METADATA.params.slice(0, 2), METADATA.params.slice(2)].entries()) {
    let byteOffset = 0
    const tensors = params.map(({ name, shape, dtype }) => {
      const nbytes = shape.reduce((product, size) => product * size, 4)
      byteOffset += nbytes
      return { name, shape, dtype, format: 'raw', nbytes, byteOffset: byteOffset - nbytes }
    })
    const bytes = Uint8Array.from({ length: byteOffset }, (_, at) => (at * 31 + index) % 251)
    const md5 = await createMd5()
    md5.update(bytes)
    const dataPath = `params_shard_${index}.bin`
    files.set(dataPath, bytes)
    records.push({ dataPath, format: 'raw-shard', nbytes: byteOffset, md5sum: md5.hex(), records: tensors })
  }
  return { files, records }
}

/** Every file of the folder: path -> content. `library: null` leaves the library out. */
export async function mlcFolder(
  options: { manifestName?: string; library?: Uint8Array<ArrayBuffer> | null; config?: object } = {},
): Promise<Files> {
  const { files, records } = await mlcShards()
  files.set('mlc-chat-config.json', json(options.config ?? CONFIG))
  files.set(options.manifestName ?? 'tensor-cache.json', json({ metadata: { ParamSize: 5 }, records }))
  files.set('tokenizer.json', json({ version: '1.0', model: { type: 'BPE', vocab: {}, merges: [] } }))
  const library = options.library === undefined ? libraryBytes(METADATA) : options.library
  if (library) files.set('model.wasm', library)
  return files
}

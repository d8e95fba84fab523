/** The header of a checkpoint of Qwen2.5-7B's shapes (BF16, four files, tensors by name, as transformers writes it). */
import type { Checkpoint } from '#core/convert/checkpoint'
import { readCheckpointConfig } from '#core/convert/checkpoint-config'
import { layoutOf } from '#core/convert/layout'
import type { SourceTensor } from '#core/convert/safetensors'
import { configOf } from './checkpoint-fixture'

const FILES = 4
const HEADER_BYTES = 12_000

export function qwen7b(): Checkpoint {
  const config = readCheckpointConfig(
    JSON.stringify(
      configOf('qwen2', {
        ...{ hidden_size: 3584, num_hidden_layers: 28, intermediate_size: 18_944, num_attention_heads: 28 },
        ...{ num_key_value_heads: 4, vocab_size: 152_064, tie_word_embeddings: false, rope_theta: 1_000_000 },
        max_position_embeddings: 32_768,
      }),
    ),
  )
  if (!config.ok) throw new Error(JSON.stringify(config.failure))
  const parts = layoutOf(config.value).flatMap((tensor) => tensor.parts)
  const layerOf = (name: string) =>
    Number(/layers\.(\d+)\./.exec(name)?.[1] ?? (name.includes('embed') ? -1 : 99))
  const ordered = parts.toSorted(
    (one, other) => layerOf(one.name) - layerOf(other.name) || (one.name < other.name ? -1 : 1),
  )
  const bytesOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 2)
  const total = ordered.reduce((sum, { shape }) => sum + bytesOf(shape), 0)
  const tensors = new Map<string, SourceTensor>()
  const sizes = new Map<string, number>()
  let done = 0
  for (const { name, shape } of ordered) {
    const path = `model-0000${Math.floor((done / total) * FILES) + 1}-of-0000${FILES}.safetensors`
    const begin = sizes.get(path) ?? HEADER_BYTES
    const end = begin + bytesOf(shape)
    tensors.set(name, { name, path, dtype: 'BF16', shape, begin, end })
    sizes.set(path, end)
    done += bytesOf(shape)
  }
  const files = [...sizes].map(([path, bytes]) => ({ path, bytes }))
  return { config: config.value, tensors, listedIn: 'model.safetensors.index.json', files }
}

/** Checkpoints of the size of real ones, for measuring: their numbers look like weights and mean nothing. */
import { join } from 'node:path'
import { checkpointTensors, type CheckpointShape } from '../checkpoint/checkpoint-shape'
import { writeCheckpoint } from '../checkpoint/write-checkpoint'
import { CHAT_TEMPLATE, END_TOKENS, tokenizerJson } from '../test-webgpu/synthetic-tokenizer'
import { seededWeights } from './weight-bytes'

/** Numbers that all tensors are cut from. */
const POOL = 2 ** 22
const BF16_BYTES = 2

/**
 * Qwen2.5-1.5B with another number of layers, for which no library is published: a conversion then fetches none.
 * Whatever the number, the largest tensor is the embedding, 467 MB of BF16.
 */
export function largeShape(layers: number): CheckpointShape {
  return {
    ...{ architecture: 'qwen2', hidden: 1536, inner: 8960, layers, heads: 12, kvHeads: 2, headSize: 128 },
    ...{ vocabulary: 151_936, tied: true },
  }
}

/** Writes it below `parent`; gives the folder and the bytes of its tensors. */
export function writeLargeCheckpoint(parent: string, layers: number): { folder: string; bytes: number } {
  const given = largeShape(layers)
  const folder = join(parent, `Bench-${layers}-layers`)
  const pool = seededWeights(POOL, 'BF16')
  const shapes = checkpointTensors(given)
  const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, BF16_BYTES)
  const tensors = shapes.map(({ name, shape }) => ({ name, shape, bytes: () => filled(sizeOf(shape), pool) }))
  writeCheckpoint(folder, tensors, {
    'config.json': {
      ...{ model_type: given.architecture, torch_dtype: 'bfloat16', hidden_act: 'silu' },
      ...{ hidden_size: given.hidden, intermediate_size: given.inner, num_hidden_layers: layers },
      ...{ num_attention_heads: given.heads, num_key_value_heads: given.kvHeads },
      ...{ vocab_size: given.vocabulary, tie_word_embeddings: true, rms_norm_eps: 1e-6 },
      ...{ rope_theta: 1_000_000, max_position_embeddings: 32_768, eos_token_id: END_TOKENS[0] },
    },
    'tokenizer_config.json': { bos_token: null, eos_token: '<|im_end|>', chat_template: CHAT_TEMPLATE },
    'tokenizer.json': tokenizerJson(),
  })
  return { folder, bytes: shapes.reduce((sum, { shape }) => sum + sizeOf(shape), 0) }
}

function filled(length: number, pool: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += pool.length) bytes.set(pool.subarray(0, length - at), at)
  return bytes
}

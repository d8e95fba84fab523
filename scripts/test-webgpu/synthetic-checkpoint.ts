/**
 * A checkpoint as transformers writes it, for the model that a library was compiled for: what the converter is to
 * turn into that model. Its weights mean as little as the other synthetic ones, and are scaled like them.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { randomBelow } from '#core/run/random'
import { checkpointTensors, type CheckpointShape } from '../checkpoint/checkpoint-shape'
import { writeCheckpoint, type CheckpointTensor } from '../checkpoint/write-checkpoint'
import type { LibraryFacts } from './library-facts'
import { toBfloat16 } from './number-formats'
import { FREE_VOCABULARY, deviationOf, isVocabulary, tokenGain } from './synthetic-weights'
import { CHAT_TEMPLATE, END_TOKENS, tokenizerJson } from './synthetic-tokenizer'

/** Tensors that a wrong converter might exchange unnoticed, because their shapes are equal. */
export const SWAPS = {
  kv: ['.self_attn.k_proj.', '.self_attn.v_proj.'],
  'gate-up': ['.mlp.gate_proj.', '.mlp.up_proj.'],
} as const
export type Swap = keyof typeof SWAPS

const SEED = 1
/** Counts up when the same library and seed give another checkpoint. */
const FORMAT = 1
/** Numbers that rows are cut from; drawing each anew would take minutes. */
const POOL = 2 ** 15
/** What rows are multiplied by, so that groups of weights have different scales. */
const ROW_GAINS = [0.5, 0.75, 1.25, 1.5]
const BIAS_DEVIATION = 0.3
const NORM_DEVIATION = 0.1

/** The folder below `cache`; made unless it is there. With a swap, two kinds of tensors bear each other's names. */
export function syntheticCheckpoint(library: LibraryFacts, cache: string, swap: Swap | undefined): string {
  const name = ['checkpoint', library.sha256.slice(0, 16), SEED, FORMAT, ...(swap ? [swap] : [])].join('-')
  const folder = join(cache, name)
  // Written last.
  if (existsSync(join(folder, 'tokenizer.json'))) return folder
  rmSync(folder, { recursive: true, force: true })
  const shape = shapeOf(library)
  const pool = bell(randomBelow(SEED, 0))
  const tensors = checkpointTensors(shape).map(({ name, shape: size }, index): CheckpointTensor => ({
    name: swap ? exchanged(name, swap) : name,
    shape: size,
    bytes: () => values(name, size, shape.tied, pool, index + 1),
  }))
  writeCheckpoint(folder, tensors, {
    'config.json': configuration(library, shape),
    'generation_config.json': { temperature: 1, top_p: 1, eos_token_id: END_TOKENS },
    'tokenizer_config.json': { bos_token: null, eos_token: '<|im_end|>', chat_template: CHAT_TEMPLATE },
    'tokenizer.json': tokenizerJson(),
  })
  return folder
}

/** The name of the tensor with which a tensor is exchanged; its own where it is not. */
export function exchanged(name: string, swap: Swap): string {
  const [one, other] = SWAPS[swap]
  return name.includes(one) ? name.replace(one, other) : name.replace(other, one)
}

function shapeOf({ path, metadata }: LibraryFacts): CheckpointShape {
  const { architecture, kvCache, params } = metadata
  const rows = (name: string) => {
    const found = params.find((each) => each.name.startsWith(`${name}.`))
    return found && (found.shape[0] ?? FREE_VOCABULARY)
  }
  const hidden = rows('model.norm')
  const gateUp = rows('model.layers.0.mlp.gate_up_proj')
  const vocabulary = rows('model.embed_tokens')
  if (!kvCache || !hidden || !gateUp || !vocabulary)
    throw new Error(`${path} does not declare the parameters of a ${architecture} model.`)
  const { attentionHeads: heads, keyValueHeads: kvHeads, headDimension: headSize, layers } = kvCache
  const tied = rows('lm_head') === undefined
  return { architecture, hidden, inner: gateUp / 2, layers, heads, kvHeads, headSize, vocabulary, tied }
}

function configuration(library: LibraryFacts, shape: CheckpointShape): Record<string, unknown> {
  const { path, ropeTheta, normEpsilon, metadata } = library
  if (ropeTheta === null || normEpsilon === null)
    throw new Error(`${path} does not show the base of its rotary frequencies and the epsilon of its norms.`)
  return {
    ...{ model_type: shape.architecture, torch_dtype: 'bfloat16', hidden_act: 'silu' },
    ...{ hidden_size: shape.hidden, intermediate_size: shape.inner, num_hidden_layers: shape.layers },
    ...{ num_attention_heads: shape.heads, num_key_value_heads: shape.kvHeads, head_dim: shape.headSize },
    ...{ vocab_size: shape.vocabulary, tie_word_embeddings: shape.tied },
    ...{ rms_norm_eps: normEpsilon, rope_theta: ropeTheta },
    max_position_embeddings: metadata.contextTokens,
    eos_token_id: END_TOKENS[0],
  }
}

function values(
  name: string,
  [rows = 0, columns]: readonly number[],
  tied: boolean,
  pool: Float64Array,
  stream: number,
): Uint8Array {
  const random = randomBelow(SEED, stream)
  if (columns === undefined) {
    const isNorm = name.endsWith('norm.weight')
    const from = random(POOL - rows)
    const bits = Uint16Array.from(pool.subarray(from, from + rows), (value) =>
      toBfloat16(isNorm ? 1 + NORM_DEVIATION * value : BIAS_DEVIATION * value),
    )
    return new Uint8Array(bits.buffer)
  }
  const deviation = deviationOf(name, columns, tied)
  const bits = new Uint16Array(rows * columns)
  const pools = new Map<number, Uint16Array>()
  for (let row = 0; row < rows; row += 1) {
    const gain = (isVocabulary(name) ? tokenGain(row) : 1) * ROW_GAINS[random(ROW_GAINS.length)]!
    const from = random(POOL - columns)
    if (gain === 0) continue
    let scaled = pools.get(gain)
    if (!scaled) {
      scaled = Uint16Array.from(pool, (value) => toBfloat16(deviation * gain * value))
      pools.set(gain, scaled)
    }
    bits.set(scaled.subarray(from, from + columns), row * columns)
  }
  return new Uint8Array(bits.buffer)
}

/** Numbers around 0 of deviation 1, more of them small than large, as weights are. */
function bell(random: (bound: number) => number): Float64Array {
  const uniform = () => random(2 ** 24) / 2 ** 23 - 1
  return Float64Array.from({ length: POOL }, () => uniform() + uniform() + uniform())
}

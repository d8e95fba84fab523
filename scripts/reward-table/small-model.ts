/** A small llama-type model with a LoRA adapter and a head, all of random weights: in folders, and merged in memory. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointTensors, type NamedShape } from '../checkpoint/checkpoint-shape'
import { writeCheckpoint, writeSafetensors } from '../checkpoint/write-checkpoint'
import { fromBfloat16, toBfloat16 } from '../test-webgpu/number-formats'
import type { ModelShape } from '../test-webgpu/reference-forward'
import { CHAT_TEMPLATE } from '../test-webgpu/synthetic-tokenizer'
import type { TensorSource } from '../test-webgpu/tensor'
import { normal } from './numbers'

const SHAPE = {
  ...{ architecture: 'llama', hidden: 256, inner: 512, layers: 4, heads: 4, kvHeads: 2, headSize: 64 },
  ...{ vocabulary: 512, tied: false },
}
const RANK = 8
const ALPHA = 16
const TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']
const EPSILON = 1e-5
const THETA = 500_000
/** So that the two class logits differ by some units, as those of a head that has learned something. */
const HEAD_DEVIATION = 0.12

export const REFERENCE_SHAPE: ModelShape = {
  ...{ layers: SHAPE.layers, heads: SHAPE.heads, kvHeads: SHAPE.kvHeads, headSize: SHAPE.headSize },
  ...{ ropeTheta: THETA, normEpsilon: EPSILON },
}
export const VOCABULARY = SHAPE.vocabulary

export interface SmallModel {
  base: string
  adapter: string
  bias: readonly number[]
  /** The head as [2, hidden] under the name of the output layer. */
  head: TensorSource
  /** The merged body in float32, and the head. */
  dense: TensorSource
}

export function writeSmallModel(folder: string): SmallModel {
  const draw = normal(5)
  const fill = (count: number, deviation: number, middle = 0) =>
    Float32Array.from({ length: count }, () => middle + deviation * draw())
  const base = checkpointTensors(SHAPE).map(({ name, shape }) => {
    const [rows = 1, columns] = shape
    const values = columns === undefined ? fill(rows, 0.1, 1) : fill(rows * columns, 1 / Math.sqrt(columns))
    return { name, shape, values: values.map((value) => fromBfloat16(toBfloat16(value))) }
  })
  const pairs = base
    .filter(({ name }) => TARGETS.some((target) => name.endsWith(`.${target}.weight`)))
    .map(({ name, shape: [rows = 0, columns = 0] }) => ({
      ...{ name, rows, columns, a: fill(RANK * columns, 1 / Math.sqrt(columns)), b: fill(rows * RANK, 0.1) },
    }))
  const weight = {
    name: 'lm_head.weight',
    shape: [2, SHAPE.hidden],
    values: fill(2 * SHAPE.hidden, HEAD_DEVIATION),
  }
  const bias = fill(2, 0.5)
  const paths = { base: join(folder, 'base'), adapter: join(folder, 'adapter') }
  writeBase(paths.base, base)
  const wrapped = (name: string, shape: number[], values: Float32Array) => ({
    ...{ name: `base_model.model.${name}`, shape, dtype: 'F32' as const },
    bytes: () => new Uint8Array(values.buffer),
  })
  mkdirSync(paths.adapter)
  writeSafetensors(join(paths.adapter, 'adapter_model.safetensors'), [
    ...pairs.flatMap(({ name, rows, columns, a, b }) => [
      wrapped(name.replace(/weight$/, 'lora_A.weight'), [RANK, columns], a),
      wrapped(name.replace(/weight$/, 'lora_B.weight'), [rows, RANK], b),
    ]),
    wrapped('score.weight', weight.shape, weight.values),
    wrapped('score.bias', [2], bias),
  ])
  const config = { peft_type: 'LORA', r: RANK, lora_alpha: ALPHA, target_modules: TARGETS, bias: 'none' }
  const saved = { modules_to_save: ['classifier', 'score'], task_type: 'TOKEN_CLS' }
  writeFileSync(join(paths.adapter, 'adapter_config.json'), JSON.stringify({ ...config, ...saved }))
  const merged = base.map((tensor) => {
    const pair = pairs.find(({ name }) => name === tensor.name)
    if (!pair) return tensor
    const values = tensor.values.map((value, at) => {
      const [row, column] = [Math.floor(at / pair.columns), at % pair.columns]
      let sum = 0
      for (let k = 0; k < RANK; k += 1) sum += pair.b[row * RANK + k]! * pair.a[k * pair.columns + column]!
      return value + (ALPHA / RANK) * sum
    })
    return { ...tensor, values }
  })
  const body = merged.filter(({ name }) => name !== weight.name)
  return { ...paths, bias: [...bias], head: floats([weight]), dense: floats([...body, weight]) }
}

interface Floats extends NamedShape {
  values: Float32Array<ArrayBuffer>
}

function floats(tensors: readonly Floats[]): TensorSource {
  const known = new Map(tensors.map((each) => [each.name, each]))
  return (name) => {
    const found = known.get(name)
    if (!found) return undefined
    const bytes = new Uint8Array(found.values.buffer)
    return { name, shape: found.shape, dtype: 'float32', format: 'raw', bytes }
  }
}

function writeBase(folder: string, tensors: readonly Floats[]): void {
  const { hidden, inner, layers, heads, kvHeads, headSize, vocabulary } = SHAPE
  writeCheckpoint(
    folder,
    tensors.map(({ name, shape, values }) => ({
      ...{ name, shape },
      bytes: () => new Uint8Array(Uint16Array.from(values, toBfloat16).buffer),
    })),
    {
      'config.json': {
        ...{ model_type: 'llama', hidden_act: 'silu', hidden_size: hidden, intermediate_size: inner },
        ...{ num_hidden_layers: layers, num_attention_heads: heads, num_key_value_heads: kvHeads },
        ...{ head_dim: headSize, vocab_size: vocabulary, tie_word_embeddings: false },
        ...{ rms_norm_eps: EPSILON, rope_theta: THETA, max_position_embeddings: 2048, eos_token_id: 2 },
      },
      'tokenizer_config.json': { bos_token: null, eos_token: '<|im_end|>', chat_template: CHAT_TEMPLATE },
      'tokenizer.json': {
        ...{ version: '1.0', added_tokens: [{ id: 2, content: '<|im_end|>' }] },
        ...{ decoder: { type: 'ByteLevel' }, model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] } },
      },
    },
  )
}

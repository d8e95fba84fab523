/** A converted model against a plain forward pass of the checkpoint's own tensors. */
import { describe, expect, it } from 'vitest'
import type { ConversionPlan } from '#core/convert/plan'
import type { Quantization } from '#core/convert/quantization'
import { nextTokenLogits } from '../../../scripts/test-webgpu/reference-forward'
import type { TensorSource } from '../../../scripts/test-webgpu/tensor'
import { plainLogits, type PlainModel } from '../webgpu/plain-forward'
import { checkpoint, configOf, tensorsOf, TINY, type Architecture } from './checkpoint-fixture'
import { convertPlan, planOf, type Converted } from './convert-fixture'
import { memorySource } from './safetensors-fixture'
import { quantizeScalar, toFloat16 } from './scalar-quantization'

const IDS = [65, 90, 97, 32, 104, 7]
const CLOSE = 3e-3
const HEAD = { qwen2: 16, llama: 16, mistral: 16, qwen3: 32 }

const configuration = (architecture: Architecture) => configOf(architecture, { head_dim: HEAD[architecture] })

/** What a number of the checkpoint is worth after quantization, tensor by tensor, by the definition. */
function dequantized(values: Float32Array, quantization: Quantization, isMatrix: boolean): number[] {
  const format = quantization.includes('f16') ? 'float16' : 'float32'
  if (!isMatrix || quantization.startsWith('q0'))
    return [...values].map((value) => (format === 'float16' ? toFloat16(value) : value))
  const { words, scales } = quantizeScalar(values, format)
  return [...values].map((_, at) => {
    const level = Math.floor(words[Math.floor(at / 8)]! / 16 ** (at % 8)) % 16
    return (level - 7) * scales[Math.floor(at / 32)]!
  })
}

/** The checkpoint's tensors under their own names: nothing is stacked. */
function plainModel(architecture: Architecture, quantization: Quantization): PlainModel {
  const config = configuration(architecture)
  const tensors = new Map(tensorsOf(config).map((tensor) => [tensor.name, tensor]))
  const vector = (name: string) => {
    const tensor = tensors.get(name)
    return tensor && dequantized(tensor.values, quantization, false)
  }
  const matrix = (name: string) => {
    const { values, shape } = tensors.get(`${name}.weight`)!
    const columns = shape[1]!
    const numbers = dequantized(values, quantization, true)
    return Array.from({ length: shape[0]! }, (_, row) => numbers.slice(row * columns, (row + 1) * columns))
  }
  const embedding = matrix('model.embed_tokens')
  return {
    ...{ heads: TINY.num_attention_heads, kvHeads: TINY.num_key_value_heads, headSize: HEAD[architecture] },
    ...{ theta: TINY.rope_theta, epsilon: TINY.rms_norm_eps, embedding },
    head: config.tie_word_embeddings ? embedding : matrix('lm_head'),
    finalNorm: vector('model.norm.weight')!,
    layers: Array.from({ length: TINY.num_hidden_layers }, (_, index) => {
      const layer = `model.layers.${index}`
      const optional = {
        queryBias: vector(`${layer}.self_attn.q_proj.bias`),
        keyBias: vector(`${layer}.self_attn.k_proj.bias`),
        valueBias: vector(`${layer}.self_attn.v_proj.bias`),
        queryNorm: vector(`${layer}.self_attn.q_norm.weight`),
        keyNorm: vector(`${layer}.self_attn.k_norm.weight`),
      }
      const given = Object.entries(optional).filter(([, values]) => values !== undefined)
      return {
        ...(Object.fromEntries(given) as Record<string, number[]>),
        query: matrix(`${layer}.self_attn.q_proj`),
        key: matrix(`${layer}.self_attn.k_proj`),
        value: matrix(`${layer}.self_attn.v_proj`),
        output: matrix(`${layer}.self_attn.o_proj`),
        gate: matrix(`${layer}.mlp.gate_proj`),
        up: matrix(`${layer}.mlp.up_proj`),
        down: matrix(`${layer}.mlp.down_proj`),
        inputNorm: vector(`${layer}.input_layernorm.weight`)!,
        afterNorm: vector(`${layer}.post_attention_layernorm.weight`)!,
      }
    }),
  }
}

function sourceOf({ plan, shards }: Converted): TensorSource {
  const places = new Map(
    plan.shards.flatMap(({ path, units }) =>
      units.flatMap(({ tensors }) => tensors.map((tensor) => [tensor.name, { path, tensor }] as const)),
    ),
  )
  return (name) => {
    const place = places.get(name)
    if (!place) return undefined
    const { byteOffset, bytes, ...tensor } = place.tensor
    const content = shards.get(place.path)!.subarray(byteOffset, byteOffset + bytes)
    return { ...tensor, format: 'raw', bytes: content.slice() }
  }
}

/** The largest difference of the logits, and their largest size. */
async function difference(
  architecture: Architecture,
  quantization: Quantization,
  change: (plan: ConversionPlan) => void = () => undefined,
) {
  const files = checkpoint(architecture, { config: { head_dim: HEAD[architecture] } })
  const plan = await planOf(files, quantization)
  change(plan)
  const converted = await convertPlan(plan, memorySource(files))
  if (!converted.ok) throw new Error(JSON.stringify(converted.failure))
  const shape = {
    ...{ layers: 2, heads: 4, kvHeads: 2, headSize: HEAD[architecture] },
    ...{ ropeTheta: TINY.rope_theta, normEpsilon: TINY.rms_norm_eps },
  }
  const logits = nextTokenLogits(sourceOf(converted.value), shape, IDS)
  const expected = plainLogits(plainModel(architecture, quantization), IDS)
  return {
    worst: Math.max(...expected.map((value, at) => Math.abs(value - logits[at]!))),
    size: Math.max(...expected.map(Math.abs)),
  }
}

/** Exchanges two parts in every unit of that name. */
const swap = (unitName: RegExp, one: number, other: number) => (plan: ConversionPlan) => {
  for (const { name, parts } of plan.shards.flatMap(({ units }) => units)) {
    if (!unitName.test(name)) continue
    const [first, second] = [parts[one], parts[other]]
    if (!first || !second) throw new Error(`${name} has no such parts`)
    parts[one] = second
    parts[other] = first
  }
}

describe.each([
  ['qwen2', 'q4f16_1'],
  ['qwen2', 'q4f32_1'],
  ['qwen2', 'q0f16'],
  ['llama', 'q4f16_1'],
  ['llama', 'q4f32_1'],
  ['llama', 'q0f32'],
  ['mistral', 'q4f16_1'],
  ['qwen3', 'q4f16_1'],
] as const)('%s in %s', (architecture, quantization) => {
  it('gives the logits of the checkpoint’s dequantized tensors', async () => {
    const { worst, size } = await difference(architecture, quantization)
    expect(size).toBeGreaterThan(1)
    expect(worst).toBeLessThan(CLOSE)
  })

  it.each([
    ['keys and values', /c_attn$|qkv_proj$/, 1, 2],
    ['gate and up', /gate_up_proj/, 0, 1],
  ] as const)('gives others with %s exchanged', async (_, name, one, other) => {
    const pattern = quantization.startsWith('q0')
      ? new RegExp(`${name.source.replaceAll('$', '')}.*weight$`)
      : name
    const { worst } = await difference(architecture, quantization, swap(pattern, one, other))
    expect(worst).toBeGreaterThan(100 * CLOSE)
  })
})

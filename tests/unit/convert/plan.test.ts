import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '#core/convert/checkpoint'
import { readCheckpointConfig } from '#core/convert/checkpoint-config'
import { layoutOf } from '#core/convert/layout'
import { planConversion, SHARD_LIMIT_BYTES } from '#core/convert/plan'
import { QUANTIZATIONS, type Quantization } from '#core/convert/quantization'
import { configOf } from './checkpoint-fixture'

/** What a real library declares: a collection that lies beside the repository, or where the variable says. */
const DECLARED = process.env.MLC_PARAMS ?? '../shared/data/mlc-params'

const QWEN2_HALF_BILLION = configOf('qwen2', {
  ...{ hidden_size: 896, num_hidden_layers: 24, intermediate_size: 4864, num_attention_heads: 14 },
  ...{ vocab_size: 151_936, max_position_embeddings: 32_768, rope_theta: 1e6 },
})
const QWEN2_SEVEN_BILLION = configOf('qwen2', {
  ...{ hidden_size: 3584, num_hidden_layers: 28, intermediate_size: 18_944, num_attention_heads: 28 },
  ...{ num_key_value_heads: 4, vocab_size: 152_064, tie_word_embeddings: false },
})

/** A checkpoint that holds just what its configuration calls for, one tensor after the other. */
function checkpointOf(json: object): Checkpoint {
  const config = readCheckpointConfig(JSON.stringify(json))
  if (!config.ok) throw new Error(JSON.stringify(config.failure))
  let at = 1000
  const tensors = layoutOf(config.value).flatMap(({ parts }) =>
    parts.map(({ name, shape }) => {
      const bytes = shape.reduce((product, size) => product * size, 2)
      at += bytes
      return [
        name,
        { name, path: 'm.safetensors', dtype: 'BF16', shape, begin: at - bytes, end: at },
      ] as const
    }),
  )
  return { config: config.value, tensors: new Map(tensors), listedIn: 'm.safetensors', files: [] }
}

function planOf(json: object, quantization: Quantization) {
  const planned = planConversion(checkpointOf(json), quantization)
  if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
  return planned.value
}

describe.skipIf(!existsSync(DECLARED))(`names, shapes and number formats of Qwen2-0.5B (${DECLARED})`, () => {
  it.each(['q4f16_1', 'q4f32_1'] as const)('%s: those that a real library declares', (quantization) => {
    const { params } = JSON.parse(readFileSync(`${DECLARED}/qwen2-0.5b-${quantization}.json`, 'utf8')) as {
      params: unknown[]
    }
    const tensors = planOf(QWEN2_HALF_BILLION, quantization)
      .shards.flatMap(({ units }) => units)
      .flatMap((unit) => unit.tensors)
      .map(({ name, shape, dtype }) => ({ name, shape, dtype }))
    expect(tensors).toEqual(params)
  })
})

describe.each(QUANTIZATIONS)('%s', (quantization) => {
  const plan = planOf(QWEN2_SEVEN_BILLION, quantization)

  it('puts tensors into shards one after the other, at most 32 MiB unless one matrix is larger', () => {
    for (const { bytes, units } of plan.shards) {
      expect(bytes <= SHARD_LIMIT_BYTES || units.length === 1).toBe(true)
      let at = 0
      for (const tensor of units.flatMap(({ tensors }) => tensors)) {
        expect(tensor.byteOffset).toBe(at)
        at += tensor.bytes
      }
      expect(at).toBe(bytes)
    }
    expect(new Set(plan.shards.map(({ path }) => path)).size).toBe(plan.shards.length)
  })

  it('reads every source row once and every number is written', () => {
    const bytes = plan.shards.flatMap(({ units }) => units.flatMap(({ parts }) => parts))
    const read = bytes.reduce((sum, { rows, columns }) => sum + 2 * rows * columns, 0)
    expect(read).toBe(plan.sourceBytes)
    expect(plan.sourceBytes).toBe(7_615_616_512 * 2)
    const bits = { q4f16_1: 4.5, q4f32_1: 5, q0f16: 16, q0f32: 32 }[quantization]
    expect((plan.resultBytes * 8) / 7_615_616_512).toBeCloseTo(bits, 2)
  })
})

describe('what each architecture stacks', () => {
  const parts = (json: object, name: string) =>
    planOf(json, 'q4f16_1')
      .shards.flatMap(({ units }) => units)
      .find((unit) => unit.name === name)
      ?.parts.map(({ tensor, rows }) => [tensor.replace('model.layers.1.', ''), rows])

  it('queries, keys, values; gate, up', () => {
    expect(parts(configOf('llama'), 'model.layers.1.self_attn.qkv_proj')).toEqual([
      ['self_attn.q_proj.weight', 64],
      ['self_attn.k_proj.weight', 32],
      ['self_attn.v_proj.weight', 32],
    ])
    expect(parts(configOf('mistral'), 'model.layers.1.mlp.gate_up_proj')).toEqual([
      ['mlp.gate_proj.weight', 96],
      ['mlp.up_proj.weight', 96],
    ])
    expect(parts(configOf('qwen2'), 'model.layers.1.self_attn.c_attn.bias')).toHaveLength(3)
  })

  it('qwen3: heads of their own width, norms of heads, no bias', () => {
    const json = configOf('qwen3', { head_dim: 32 })
    expect(parts(json, 'model.layers.1.self_attn.c_attn')?.map(([, rows]) => rows)).toEqual([128, 64, 64])
    expect(parts(json, 'model.layers.1.self_attn.q_norm.weight')).toHaveLength(1)
    expect(parts(json, 'model.layers.1.self_attn.c_attn.bias')).toBeUndefined()
  })
})

/** Adapters that are merged while a checkpoint streams by, against checkpoints that were merged before. */
import { describe, expect, it, vi } from 'vitest'
import { openCheckpoint } from '#core/convert/checkpoint'
import { BLOCK_NUMBERS } from '#core/convert/convert-shard'
import { openAdapter } from '#core/convert/lora/adapter'
import { adapterFolder, joinSources } from '#core/convert/lora/join-sources'
import { planConversion } from '#core/convert/plan'
import { identify } from '#core/convert/progress'
import type { Quantization } from '#core/convert/quantization'
import type { ModelFailure } from '#core/model/failure'
import { adapter, adapterTensors, denseMerge, RANK, type AdapterOptions } from './adapter-fixture'
import { checkpoint, configOf, json, tensorsOf, type Architecture } from './checkpoint-fixture'
import { converted, convertPlan, nodeHash } from './convert-fixture'
import { memorySource, never, random, safetensors, type Files, type GivenTensor } from './safetensors-fixture'

// A matrix of more than one block takes seconds on a busy computer.
vi.setConfig({ testTimeout: 30_000 })

async function planWith(base: Files, adapters: readonly Files[], quantization: Quantization) {
  const source = joinSources(memorySource(base), adapters.map(memorySource))
  const opened = await openCheckpoint(source, never)
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  const read = []
  for (const index of adapters.keys()) {
    const each = await openAdapter(source, adapterFolder(index), never)
    if (!each.ok) return { source, plan: each }
    read.push(each.value)
  }
  return { source, plan: planConversion(opened.value, quantization, read) }
}

async function mergedShards(base: Files, adapters: readonly Files[], quantization: Quantization) {
  const { source, plan } = await planWith(base, adapters, quantization)
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure))
  const result = await convertPlan(plan.value, source)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

const dense = (architecture: Architecture, tensors: GivenTensor[], config = {}): Files =>
  new Map([
    ['config.json', json(configOf(architecture, config))],
    ['model.safetensors', safetensors(tensors)],
  ])

async function problem(options: AdapterOptions, architecture: Architecture = 'llama'): Promise<ModelFailure> {
  const { plan } = await planWith(checkpoint(architecture), [adapter(architecture, options)], 'q4f32_1')
  if (plan.ok) throw new Error('it was planned')
  return plan.failure
}

describe('a LoRA adapter', () => {
  it.each([
    ['llama', 'q4f32_1', {}, 2],
    ['llama', 'q4f16_1', { use_rslora: true }, 2 * Math.sqrt(RANK)],
    ['qwen2', 'q0f32', { lora_alpha: 2 }, 2 / RANK],
    ['qwen3', 'q0f16', {}, 2],
  ] as const)(
    'gives %s in %s the bytes of a dense merge',
    async (architecture, quantization, config, scale) => {
      const added = adapterTensors(architecture)
      const merged = denseMerge(tensorsOf(configOf(architecture)), added, scale)
      const whole = await converted(dense(architecture, merged), quantization)
      const streamed = await mergedShards(
        checkpoint(architecture),
        [adapter(architecture, { config })],
        quantization,
      )
      expect(streamed.sums).toEqual(whole.sums)
      const plain = await converted(checkpoint(architecture), quantization)
      expect(streamed.sums).not.toEqual(plain.sums)
      expect(streamed.manifest).toBe(whole.manifest)
    },
  )

  it('is merged the same in blocks of a matrix that is not read at once', async () => {
    const size = { hidden_size: 512, intermediate_size: 2304, num_hidden_layers: 1, vocab_size: 64 }
    expect(512 * 2304).toBeGreaterThan(BLOCK_NUMBERS)
    const options = { checkpoint: size, targets: ['down_proj'] }
    const merged = denseMerge(tensorsOf(configOf('llama', size)), adapterTensors('llama', options), 2)
    const whole = await converted(dense('llama', merged, size), 'q4f32_1')
    const base = checkpoint('llama', { config: size })
    expect((await mergedShards(base, [adapter('llama', options)], 'q4f32_1')).sums).toEqual(whole.sums)
  })

  it('comes after the one before, as a policy that is tuned further', async () => {
    const [one, other] = [{ seed: 1 }, { seed: 2, targets: ['q_proj', 'down_proj'] }]
    const first = denseMerge(tensorsOf(configOf('llama')), adapterTensors('llama', one), 2)
    const both = denseMerge(first, adapterTensors('llama', other), 2)
    const whole = await converted(dense('llama', both), 'q4f32_1')
    const adapters = [adapter('llama', one), adapter('llama', other)]
    expect((await mergedShards(checkpoint('llama'), adapters, 'q4f32_1')).sums).toEqual(whole.sums)
  })

  it('belongs to what tells one conversion from another, and to what is read', async () => {
    const ids = new Set<string>()
    for (const adapters of [[], [adapter('llama')], [adapter('llama', { seed: 3 })]]) {
      const { source, plan } = await planWith(checkpoint('llama'), adapters, 'q4f32_1')
      if (!plan.ok) throw new Error('no plan')
      const id = await identify(plan.value, source, nodeHash('sha256'), never)
      ids.add(id.ok ? id.value : '')
      const bytes = plan.value.shards.reduce((sum, shard) => sum + shard.sourceBytes, 0)
      expect(plan.value.sourceBytes).toBe(bytes)
    }
    expect(ids.size).toBe(3)
  })

  it.each<[string, Record<string, unknown>]>([
    ['use_dora', { use_dora: true }],
    ['fan_in_fan_out', { fan_in_fan_out: true }],
    ['bias', { bias: 'lora_only' }],
    ['peft_type', { peft_type: 'IA3' }],
    ['rank_pattern', { rank_pattern: { q_proj: 8 } }],
    ['alpha_pattern', { alpha_pattern: { q_proj: 8 } }],
    ['init_lora_weights', { init_lora_weights: 'pissa' }],
    ['modules_to_save', { modules_to_save: ['lm_head'] }],
    ['layer_replication', { layer_replication: [[0, 2]] }],
    ['lora_bias', { lora_bias: true }],
  ])('is refused for %s', async (entry, config) => {
    expect(await problem({ config })).toMatchObject({
      ...{ kind: 'checkpoint-unsupported', path: 'adapter-1/adapter_config.json', entry },
    })
  })

  it('is refused where its tensors do not fit', async () => {
    const drop = (pattern: RegExp) => (tensors: GivenTensor[]) =>
      tensors.filter(({ name }) => !pattern.test(name))
    expect(await problem({ change: drop(/layers\.1\.self_attn\.k_proj\.lora_B/) })).toMatchObject({
      ...{ kind: 'tensor-missing', tensor: 'model.layers.1.self_attn.k_proj.lora_B' },
    })
    expect(await problem({ change: drop(/layers\.1\.self_attn\.k_proj/) })).toMatchObject({
      ...{ kind: 'tensor-missing', tensor: 'model.layers.1.self_attn.k_proj.lora_A.weight' },
    })
    expect(await problem({ checkpoint: { intermediate_size: 128 } })).toMatchObject({
      ...{ kind: 'tensor-shape', actual: '128 × 6', expected: '96 × 6' },
    })
    expect(await problem({ config: { r: 8 } })).toMatchObject({ kind: 'tensor-shape', expected: 'rank 8' })
    expect(await problem({ checkpoint: { num_hidden_layers: 3 } })).toMatchObject({
      ...{ kind: 'tensor-unexpected', path: 'adapter-1/adapter_model.safetensors' },
    })
    const saved = { name: 'base_model.model.lm_head.weight', shape: [1, 64], values: new Float32Array(64) }
    expect(await problem({ change: (tensors) => [...tensors, saved] })).toMatchObject({
      ...{ kind: 'tensor-unexpected', tensor: 'base_model.model.lm_head.weight' },
    })
  })

  it('says which of its files is missing', async () => {
    const files = adapter('llama')
    files.delete('adapter_model.safetensors')
    const { plan } = await planWith(checkpoint('llama'), [files], 'q4f32_1')
    expect(plan).toMatchObject({
      failure: { kind: 'checkpoint-incomplete', missing: ['adapter-1/adapter_model.safetensors'] },
    })
  })

  it('names a head that no output layer has room for', async () => {
    const head = { weight: random(2 * 64, 5, 0.02) }
    expect(await problem({ head }, 'qwen2')).toMatchObject({ entry: 'tie_word_embeddings', needed: 'false' })
    const three = { weight: random(3 * 64, 5, 0.02) }
    expect(await problem({ head: three })).toMatchObject({ kind: 'tensor-shape', expected: '2 × 64' })
    const bias = { weight: random(2 * 64, 5, 0.02), bias: new Float32Array(3) }
    expect(await problem({ head: bias })).toMatchObject({ kind: 'tensor-shape', expected: '2' })
  })
})

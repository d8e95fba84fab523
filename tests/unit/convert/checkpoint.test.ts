import { describe, expect, it } from 'vitest'
import { openCheckpoint } from '#core/convert/checkpoint'
import { planConversion } from '#core/convert/plan'
import { QUANTIZATIONS } from '#core/convert/quantization'
import { checkpoint, configOf, json, tensorsOf, type Architecture, type Options } from './checkpoint-fixture'
import { memorySource, never, safetensors, type Files, type GivenTensor } from './safetensors-fixture'

const ARCHITECTURES: Architecture[] = ['qwen2', 'llama', 'mistral', 'qwen3']
const open = (files: Files) => openCheckpoint(memorySource(files), never)

async function plan(files: Files, quantization: (typeof QUANTIZATIONS)[number] = 'q4f16_1') {
  const opened = await open(files)
  return opened.ok ? planConversion(opened.value, quantization) : opened
}

/** A checkpoint whose tensors were changed. */
function changed(
  change: (tensors: GivenTensor[]) => GivenTensor[],
  architecture: Architecture = 'llama',
  options: Options = {},
): Files {
  const tensors = change(tensorsOf(configOf(architecture, options.config)))
  return checkpoint(architecture, options).set('model.safetensors', safetensors(tensors))
}

describe('sound checkpoints', () => {
  it.each(
    ARCHITECTURES.flatMap((architecture) => QUANTIZATIONS.map((each) => [architecture, each] as const)),
  )('%s can be planned in %s', async (architecture, quantization) => {
    expect(await plan(checkpoint(architecture), quantization)).toMatchObject({
      ok: true,
      value: { architecture, quantization },
    })
  })

  it('in several files with an index', async () => {
    const opened = await open(checkpoint('llama', { files: 3 }))
    if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
    expect(opened.value.tensors.get('lm_head.weight')?.path).toMatch(/^model-\d-of-3/)
    expect(opened.value.tensors.size).toBe(tensorsOf(configOf('llama')).length)
  })

  it('in one file of another name', async () => {
    const files = checkpoint('llama')
    const weights = files.get('model.safetensors')!
    files.delete('model.safetensors')
    expect(await open(files.set('adapter.safetensors', weights))).toMatchObject({ ok: true })
  })

  it('tied, with the copy of the embedding that some carry, and with old rotary tables', async () => {
    const extra = [
      { name: 'lm_head.weight', shape: [288, 64], values: new Float32Array(288 * 64) },
      { name: 'model.layers.0.self_attn.rotary_emb.inv_freq', shape: [8], values: new Float32Array(8) },
    ]
    const planned = await plan(changed((tensors) => [...tensors, ...extra], 'qwen2'))
    if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
    const names = planned.value.shards.flatMap(({ units }) => units.map(({ name }) => name))
    expect(names.some((name) => /lm_head|rotary/.test(name))).toBe(false)
  })

  it('say how far attention reaches', async () => {
    const windows = { sliding_window: 128 }
    const context = async (architecture: Architecture, config: Record<string, unknown>) => {
      const opened = await open(checkpoint(architecture, { config }))
      return opened.ok && opened.value.config.contextTokens
    }
    expect(await context('mistral', windows)).toBe(128)
    expect(await context('qwen2', { ...windows, use_sliding_window: false })).toBe(512)
    expect(await context('qwen2', { ...windows, use_sliding_window: true })).toBe(128)
    expect(await context('mistral', { sliding_window: null })).toBe(512)
  })

  it('say what they rotate by, in the words of old and of new configurations', async () => {
    const rope = async (config: Record<string, unknown>) => {
      const opened = await open(checkpoint('llama', { config }))
      return opened.ok && [opened.value.config.ropeTheta, opened.value.config.ropeScaling]
    }
    const scaling = { factor: 8, rope_type: 'llama3', low_freq_factor: 1 }
    expect(await rope({ rope_theta: 5e5, rope_scaling: scaling })).toEqual([5e5, scaling])
    expect(
      await rope({ rope_theta: undefined, rope_parameters: { rope_theta: 1e6, rope_type: 'default' } }),
    ).toEqual([1e6, null])
    expect(await rope({ rope_theta: undefined })).toEqual([10_000, null])
  })
})

describe('refused, by the name of what is missing', () => {
  it.each([
    ['gemma3', {}, { kind: 'unsupported-architecture', architecture: 'gemma3' }],
    ['qwen2', { hidden_act: 'gelu' }, { kind: 'checkpoint-unsupported', entry: 'hidden_act' }],
    ['llama', { attention_bias: true }, { kind: 'checkpoint-unsupported', entry: 'attention_bias' }],
    ['llama', { mlp_bias: true }, { kind: 'checkpoint-unsupported', entry: 'mlp_bias' }],
    [
      'llama',
      { quantization_config: { quant_method: 'gptq' } },
      { kind: 'checkpoint-unsupported', entry: 'quantization_config' },
    ],
    ['llama', { num_key_value_heads: 3 }, { kind: 'checkpoint-unsupported', entry: 'num_key_value_heads' }],
    ['llama', { num_attention_heads: 3 }, { kind: 'checkpoint-unsupported', entry: 'head_dim' }],
    ['llama', { rms_norm_eps: undefined }, { kind: 'file-invalid', where: 'rms_norm_eps' }],
  ])('%s with %j', async (architecture, config, expected) => {
    const files = checkpoint('llama')
    files.set('config.json', json({ ...configOf(architecture as Architecture, config) }))
    expect(await plan(files)).toMatchObject({ failure: expected })
  })

  it('rows that are no whole groups of 32, unless nothing is packed', async () => {
    const files = checkpoint('llama', { config: { intermediate_size: 100 } })
    expect(await plan(files)).toMatchObject({
      failure: {
        ...{ kind: 'checkpoint-unsupported', entry: 'model.layers.0.mlp.down_proj [columns]' },
        found: '100',
      },
    })
    expect(await plan(files, 'q0f16')).toMatchObject({ ok: true })
  })
})

describe('configuration and tensors that disagree', () => {
  const NORM = 'model.layers.1.input_layernorm.weight'
  it('a tensor that is not there', async () => {
    const files = changed((tensors) => tensors.filter(({ name }) => name !== NORM))
    expect(await plan(files)).toEqual({
      ok: false,
      failure: { kind: 'tensor-missing', path: 'model.safetensors', tensor: NORM },
    })
  })

  it('a tensor of another shape', async () => {
    const files = changed((tensors) =>
      tensors.map((tensor) => (tensor.name === 'lm_head.weight' ? { ...tensor, shape: [64, 288] } : tensor)),
    )
    expect(await plan(files)).toMatchObject({
      failure: { kind: 'tensor-shape', tensor: 'lm_head.weight', expected: '288 × 64', actual: '64 × 288' },
    })
  })

  it('fewer layers, no bias, an output layer: tensors that nothing tells of', async () => {
    const layers = checkpoint('llama')
    layers.set('config.json', json(configOf('llama', { num_hidden_layers: 1 })))
    expect(await plan(layers)).toMatchObject({
      failure: { kind: 'tensor-unexpected', tensor: 'model.layers.1.self_attn.q_proj.weight' },
    })
    const bias = checkpoint('qwen2')
    bias.set('config.json', json({ ...configOf('llama'), tie_word_embeddings: true }))
    expect(await plan(bias)).toMatchObject({
      failure: { kind: 'tensor-unexpected', tensor: 'model.layers.0.self_attn.q_proj.bias' },
    })
  })

  it('numbers of a type that weights cannot have', async () => {
    const text = JSON.stringify({
      'model.embed_tokens.weight': { dtype: 'I64', shape: [288, 64], data_offsets: [0, 147456] },
    })
    const bytes = new Uint8Array(8 + text.length + 147456)
    new DataView(bytes.buffer).setUint32(0, text.length, true)
    bytes.set(new TextEncoder().encode(text), 8)
    expect(await plan(checkpoint('llama').set('model.safetensors', bytes))).toMatchObject({
      failure: { kind: 'tensor-dtype', tensor: 'model.embed_tokens.weight', dtype: 'I64' },
    })
  })
})

describe('files that are missing', () => {
  it.each(['config.json', 'model.safetensors'])('%s', async (path) => {
    const files = checkpoint('llama')
    files.delete(path)
    expect(await open(files)).toEqual({
      ok: false,
      failure: { kind: 'checkpoint-incomplete', missing: [path] },
    })
  })

  it('one of those that the index names', async () => {
    const files = checkpoint('llama', { files: 3 })
    files.delete('model-2-of-3.safetensors')
    expect(await open(files)).toMatchObject({
      failure: { kind: 'checkpoint-incomplete', missing: ['model-2-of-3.safetensors'] },
    })
  })

  it('the index of several', async () => {
    const files = checkpoint('llama', { files: 2 })
    files.delete('model.safetensors.index.json')
    expect(await open(files)).toMatchObject({
      failure: { kind: 'checkpoint-incomplete', missing: ['model.safetensors.index.json'] },
    })
  })

  it('a tensor that the index promises in another file', async () => {
    const files = checkpoint('llama', { files: 2 })
    const map = {
      'lm_head.weight': 'model-2-of-2.safetensors',
      'model.norm.weight': 'model-2-of-2.safetensors',
    }
    files.set('model.safetensors.index.json', json({ weight_map: map }))
    expect(await open(files)).toMatchObject({
      failure: { kind: 'tensor-missing', path: 'model-2-of-2.safetensors' },
    })
  })

  it('an index that leads out of the folder', async () => {
    const files = checkpoint('llama', { files: 2 })
    files.set('model.safetensors.index.json', json({ weight_map: { a: '../secret.safetensors' } }))
    expect(await open(files)).toMatchObject({ failure: { kind: 'file-invalid', where: 'weight_map.a' } })
  })
})

import { describe, expect, it } from 'vitest'
import { readMlcConfig, requiresShaderF16 } from '#core/model/mlc-config'
import { CONFIG } from './mlc-fixture'

const read = (config: unknown) => readMlcConfig(JSON.stringify(config))

describe('mlc-chat-config.json', () => {
  it('gives architecture, quantization, context and shape', () => {
    expect(read(CONFIG)).toEqual({
      ok: true,
      value: {
        architecture: 'qwen2',
        quantization: 'q4f32_1',
        contextTokens: 32768,
        tokenizer: 'tokenizer.json',
        shape: {
          hiddenSize: 32,
          layers: 1,
          intermediateSize: 64,
          attentionHeads: 2,
          keyValueHeads: 1,
          headDimension: 16,
          vocabulary: 64,
          isTied: true,
          ropeBase: 1000000,
          ropeScaling: null,
        },
      },
    })
  })

  it('reads what Llama configurations say otherwise', () => {
    const rest = { ...CONFIG.model_config, rope_theta: undefined }
    const rope_scaling = { factor: 8, rope_type: 'llama3', low_freq_factor: 1 }
    const model_config = {
      ...rest,
      head_dim: 0,
      num_key_value_heads: 0,
      position_embedding_base: 500000,
      rope_scaling,
    }
    const result = read({ ...CONFIG, model_config, context_window_size: -1, sliding_window_size: 4096 })
    expect(result).toMatchObject({
      value: {
        contextTokens: 4096,
        shape: { keyValueHeads: 2, headDimension: 16, ropeBase: 500000, ropeScaling: 'llama3 × 8' },
      },
    })
  })

  it('of another architecture may name its sizes otherwise', () => {
    const result = read({ ...CONFIG, model_type: 'phi', model_config: { n_embd: 2560 } })
    expect(result).toMatchObject({ ok: true, value: { shape: { hiddenSize: null, headDimension: null } } })
  })

  it('a byte order mark does no harm', () => {
    expect(readMlcConfig(`\uFEFF${JSON.stringify(CONFIG)}`)).toMatchObject({ ok: true })
  })

  it.each([
    ['no JSON', '<html>', null],
    ['an array', '[]', 'model_type'],
    ['a template by name only', JSON.stringify({ ...CONFIG, conv_template: 'chatml' }), 'conv_template'],
    ['no vocabulary', JSON.stringify({ ...CONFIG, vocab_size: undefined }), 'vocab_size'],
    ['a fractional size', JSON.stringify({ ...CONFIG, vocab_size: 1.5 }), 'vocab_size'],
    ['a tokenizer outside', JSON.stringify({ ...CONFIG, tokenizer_files: ['../x'] }), 'tokenizer_files[0]'],
    ['no shape', JSON.stringify({ ...CONFIG, model_config: undefined }), 'model_config'],
    [
      'a negative size',
      JSON.stringify({ ...CONFIG, model_config: { hidden_size: -1 } }),
      'model_config.hidden_size',
    ],
  ])('%s: refused, with the place', (_, text, where) => {
    expect(readMlcConfig(text)).toMatchObject({
      failure: { kind: 'file-invalid', path: 'mlc-chat-config.json', where },
    })
  })

  it.each([
    ['q4f16_1', true],
    ['q0f16', true],
    ['q4f32_1', false],
  ])('%s needs 16-bit shaders: %s', (quantization, expected) => {
    expect(requiresShaderF16(quantization)).toBe(expected)
  })
})

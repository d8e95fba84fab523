import { describe, expect, it } from 'vitest'
import { chooseLibrary } from '#core/convert/library-choice'
import { prepareConversion, type Choices } from '#core/convert/prepare'
import { readMlcConfig } from '#core/model/mlc-config'
import { renderJinja } from '#worker/models/jinja'
import { shippedLibraries } from '../model/known-fixture'
import { checkpoint, type Architecture, type Options } from './checkpoint-fixture'
import { TOKENIZER, TOKENIZER_CONFIG, withChatFiles } from './chat-files'
import { memorySource, never, type Files } from './safetensors-fixture'

const CHOICES: Choices = { quantization: 'q4f16_1', family: null }

function prepare(files: Files, choices: Choices = CHOICES) {
  return prepareConversion(memorySource(files), choices, renderJinja, never)
}

async function prepared(
  architecture: Architecture,
  options: Options = {},
  changes: Record<string, unknown> = {},
  choices: Choices = CHOICES,
) {
  const result = await prepare(withChatFiles(checkpoint(architecture, options), changes), choices)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

describe('mlc-chat-config.json', () => {
  it('tells WebLLM of context, sampling, stops, tokenizer and template', async () => {
    const { chatConfig, copies } = await prepared('qwen2')
    expect(chatConfig).toMatchObject({
      ...{ model_type: 'qwen2', quantization: 'q4f16_1', vocab_size: 288, context_window_size: 512 },
      ...{ temperature: 0.7, top_p: 0.8, repetition_penalty: 1.05, sliding_window_size: -1 },
      tokenizer_files: ['tokenizer.json', 'tokenizer_config.json'],
      tokenizer_info: {
        ...{ token_postproc_method: 'byte_level', prepend_space_in_encode: false },
        strip_space_in_decode: false,
      },
      conv_template: { name: 'chatml', system_message: 'You are a careful assistant.' },
      eos_token_id: [7, 5, 2],
    })
    expect(chatConfig.conv_template.stop_token_ids).toEqual([7, 5, 2])
    expect(copies.map(({ path }) => path)).toEqual(['tokenizer.json', 'tokenizer_config.json'])
  })

  it.each<Architecture>(['qwen2', 'llama', 'mistral', 'qwen3'])(
    '%s: is read as a model of its shape',
    async (each) => {
      const { chatConfig } = await prepared(each)
      expect(readMlcConfig(JSON.stringify(chatConfig))).toEqual({
        ok: true,
        value: {
          ...{ architecture: each, quantization: 'q4f16_1', contextTokens: 512, tokenizer: 'tokenizer.json' },
          shape: {
            ...{ hiddenSize: 64, layers: 2, intermediateSize: 96, attentionHeads: 4, keyValueHeads: 2 },
            ...{ headDimension: 16, vocabulary: 288, isTied: each === 'qwen2', ropeBase: 10_000 },
            ropeScaling: null,
          },
        },
      })
    },
  )

  const slow = { 'tokenizer.json': null, 'tokenizer.model': 'sentencepiece' }
  const decoder = { 5: { content: '<|endoftext|>' }, 7: { content: '<|im_end|>' }, 900: { content: '<x>' } }
  it.each<[string, Record<string, unknown>]>([
    [
      'tokenizer_config.json',
      { 'tokenizer_config.json': { ...TOKENIZER_CONFIG, added_tokens_decoder: decoder } },
    ],
    ['added_tokens.json', { 'added_tokens.json': { '<|endoftext|>': 5, '<|im_end|>': 7, '<x>': 900 } }],
  ])('knows the stop tokens of a sentencepiece tokenizer from %s', async (_, changes) => {
    const { chatConfig } = await prepared(
      'llama',
      {},
      { ...slow, 'generation_config.json': null, ...changes },
    )
    expect(chatConfig.tokenizer_files).toContain('tokenizer.model')
    expect(chatConfig.tokenizer_info.token_postproc_method).toBe('byte_fallback')
    expect(chatConfig.conv_template.stop_token_ids).toEqual([2, 7, 5])
  })

  it('a damaged added_tokens.json is named', async () => {
    const files = withChatFiles(checkpoint('llama'), { ...slow, 'added_tokens.json': { '<x>': 'one' } })
    expect(await prepare(files)).toMatchObject({
      failure: { kind: 'file-invalid', path: 'added_tokens.json' },
    })
  })

  it('keeps the scaling of the rotary embedding', async () => {
    const config = { rope_scaling: { factor: 8, rope_type: 'llama3' } }
    const { chatConfig } = await prepared('llama', { config })
    const read = readMlcConfig(JSON.stringify(chatConfig))
    expect(read.ok && read.value.shape.ropeScaling).toBe('llama3 × 8')
  })

  it('has neutral sampling where the checkpoint says nothing', async () => {
    const { chatConfig } = await prepared('qwen2', {}, { 'generation_config.json': null })
    expect(chatConfig).toMatchObject({ temperature: 1, top_p: 1, repetition_penalty: 1 })
  })

  it('tells how the tokenizer writes blanks', async () => {
    const llama = {
      ...TOKENIZER,
      normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace' }] },
      decoder: {
        type: 'Sequence',
        decoders: [{ type: 'Replace' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip' }],
      },
    }
    expect((await prepared('llama', {}, { 'tokenizer.json': llama })).chatConfig.tokenizer_info).toEqual({
      ...{ token_postproc_method: 'byte_fallback', prepend_space_in_encode: true },
      strip_space_in_decode: true,
    })
  })
})

describe('refused before anything is written', () => {
  it('no tokenizer', async () => {
    const files = withChatFiles(checkpoint('qwen2'), { 'tokenizer.json': null })
    expect(await prepare(files)).toEqual({
      ok: false,
      failure: { kind: 'checkpoint-incomplete', missing: ['tokenizer.json'] },
    })
  })

  it('a tokenizer with more tokens than the weights have rows', async () => {
    const model = { vocab: { a: 0, b: 288 } }
    expect(
      await prepare(withChatFiles(checkpoint('qwen2'), { 'tokenizer.json': { ...TOKENIZER, model } })),
    ).toMatchObject({ failure: { kind: 'file-invalid', path: 'tokenizer.json', where: 'model.vocab' } })
  })

  it('no chat template, unless its kind is chosen', async () => {
    const changes = { 'tokenizer_config.json': { ...TOKENIZER_CONFIG, chat_template: null } }
    const files = withChatFiles(checkpoint('llama'), changes)
    expect(await prepare(files)).toMatchObject({ failure: { kind: 'chat-template-unknown' } })
    expect(await prepare(files, { ...CHOICES, family: 'llama-2' })).toMatchObject({ ok: true })
  })
})

describe('the published library', () => {
  const shape = (name: string) => shippedLibraries().find((library) => library.name === name)!
  /** Only the configuration counts; its weights need not exist. */
  async function chosen(architecture: Architecture, sizes: Record<string, unknown>, vocabulary = 288) {
    const { chatConfig } = await prepared(architecture)
    const model_config = { ...chatConfig.model_config, ...sizes }
    return chooseLibrary({ ...chatConfig, model_config, vocab_size: vocabulary }, shippedLibraries())
  }

  it('is that of the model’s shape', async () => {
    const sizes = {
      ...{ hidden_size: 3584, num_hidden_layers: 28, intermediate_size: 18_944, rope_theta: 1e6 },
      ...{ num_attention_heads: 28, num_key_value_heads: 4, head_dim: 128, tie_word_embeddings: false },
    }
    expect(await chosen('qwen2', sizes, 152_064)).toEqual({ ok: true, value: shape('Qwen2-7B-Instruct') })
  })

  it('does not exist for 14B', async () => {
    const sizes = {
      ...{ hidden_size: 5120, num_hidden_layers: 48, intermediate_size: 13_824, rope_theta: 1e6 },
      ...{ num_attention_heads: 40, num_key_value_heads: 8, head_dim: 128, tie_word_embeddings: false },
    }
    expect(await chosen('qwen2', sizes, 152_064)).toMatchObject({ failure: { kind: 'no-library' } })
  })
})

it('an added token beyond the weights is left out', async () => {
  const added_tokens = [...TOKENIZER.added_tokens.slice(0, 2), { id: 288, content: '<|im_end|>' }]
  const { chatConfig } = await prepared('qwen2', {}, { 'tokenizer.json': { ...TOKENIZER, added_tokens } })
  expect(chatConfig.conv_template.stop_token_ids).toEqual([7, 5, 2])
})

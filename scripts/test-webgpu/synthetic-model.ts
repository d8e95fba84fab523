/** A whole synthetic model for a library: weights, configuration and tokenizer in a folder that is kept. */
import { join } from 'node:path'
import type { LibraryFacts } from './library-facts'
import type { ModelShape } from './reference-forward'
import { FREE_VOCABULARY, syntheticTensors } from './synthetic-weights'
import { conversationConfig, tokenizerJson } from './synthetic-tokenizer'
import { CONFIG_NAME, openWeights, writeWeights, type WeightsFolder } from './weights-folder'

export const SEED = 1
/** Counts up when the same library and seed give other files. */
const FORMAT = 2
const SUPPORTED = ['qwen2', 'qwen3', 'llama', 'mistral']

/** The folder in `cache` for this library; made unless it is there. Throws on what cannot be made. */
export function syntheticModel(library: LibraryFacts, cache: string): WeightsFolder {
  const { architecture, params } = library.metadata
  if (!SUPPORTED.includes(architecture))
    throw new Error(`No synthetic weights for ${architecture}; there are some for ${SUPPORTED.join(', ')}.`)
  const folder = join(cache, `synthetic-${library.sha256.slice(0, 16)}-${SEED}-${FORMAT}`)
  const existing = openWeights(folder)
  if (existing) return existing
  writeWeights(folder, syntheticTensors(params, SEED), {
    'tokenizer.json': tokenizerJson(),
    [CONFIG_NAME]: chatConfig(library),
  })
  const written = openWeights(folder)
  if (!written) throw new Error(`${folder} was written and cannot be read.`)
  return written
}

/** What the reference must know of a model: from the library, else from the configuration; a text says what lacks. */
export function referenceShape(
  library: LibraryFacts,
  config: Readonly<Record<string, unknown>>,
): ModelShape | string {
  const model = (config.model_config ?? {}) as Record<string, unknown>
  const number = (name: string) => (typeof model[name] === 'number' ? model[name] : undefined)
  if (model.rope_scaling) return 'the configuration scales the rotary frequencies'
  const { kvCache } = library.metadata
  const heads = kvCache?.attentionHeads ?? number('num_attention_heads')
  const shape = {
    layers: kvCache?.layers ?? number('num_hidden_layers'),
    heads,
    kvHeads: kvCache?.keyValueHeads ?? number('num_key_value_heads') ?? heads,
    headSize: kvCache?.headDimension ?? number('head_dim') ?? (number('hidden_size') ?? NaN) / (heads ?? NaN),
    ropeTheta: library.ropeTheta ?? number('rope_theta') ?? number('position_embedding_base'),
    normEpsilon: library.normEpsilon ?? number('rms_norm_eps'),
  }
  const missing = Object.entries(shape).flatMap(([name, value]) => (Number.isFinite(value) ? [] : [name]))
  return missing.length === 0 ? (shape as ModelShape) : `nothing says ${missing.join(', ')}`
}

function chatConfig(library: LibraryFacts): Record<string, unknown> {
  const { metadata } = library
  const rows = (name: string) => {
    const param = metadata.params.find((each) => each.name.startsWith(`${name}.`))
    return param ? (param.shape[0] ?? FREE_VOCABULARY) : undefined
  }
  const vocabulary = rows('model.embed_tokens')
  const hidden = rows('model.norm')
  const gateUp = rows('model.layers.0.mlp.gate_up_proj')
  if (!vocabulary || !hidden || !gateUp)
    throw new Error(`${library.path} does not declare the parameters of a ${metadata.architecture} model.`)
  const { kvCache } = metadata
  if (!kvCache) throw new Error(`${library.path} does not say how many heads its attention has.`)
  return {
    version: '0.1.0',
    model_type: metadata.architecture,
    quantization: metadata.quantization,
    model_config: {
      hidden_act: 'silu',
      hidden_size: hidden,
      intermediate_size: gateUp / 2,
      num_hidden_layers: kvCache.layers,
      num_attention_heads: kvCache.attentionHeads,
      num_key_value_heads: kvCache.keyValueHeads,
      head_dim: kvCache.headDimension,
      rms_norm_eps: library.normEpsilon,
      rope_theta: library.ropeTheta,
      vocab_size: vocabulary,
      tie_word_embeddings: rows('lm_head') === undefined,
      context_window_size: metadata.contextTokens,
      prefill_chunk_size: metadata.prefillChunkTokens,
    },
    vocab_size: vocabulary,
    context_window_size: metadata.contextTokens,
    sliding_window_size: metadata.slidingWindowTokens,
    prefill_chunk_size: metadata.prefillChunkTokens,
    attention_sink_size: -1,
    tensor_parallel_shards: 1,
    ...{ temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0, repetition_penalty: 1 },
    ...conversationConfig(),
  }
}

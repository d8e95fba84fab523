/** mlc-chat-config.json: what WebLLM must know besides weights and library (mlc-llm, interface/gen_config.py). */
import * as v from 'valibot'
import type { ModelResult } from '../model/failure'
import { parseFile } from '../model/parse-file'
import { SOMNUS_CONFIG, type RewardHead } from '../model/reward-head'
import { success } from '../result'
import type { CheckpointConfig } from './checkpoint-config'
import type { ConversationTemplate } from './conversation'
import type { Quantization } from './quantization'
import type { TokenizerInfo } from './tokenizer'

export const GENERATION_CONFIG = 'generation_config.json'
/** Tokens prefilled at a time: that of all published libraries, whose own number decides. */
const PREFILL_CHUNK_TOKENS = 1024

const Positive = v.nullish(v.pipe(v.number(), v.minValue(0)), null)
const GenerationSchema = v.object({
  temperature: Positive,
  top_p: Positive,
  repetition_penalty: Positive,
  eos_token_id: v.nullish(v.union([v.number(), v.array(v.number())]), null),
})

/** Null: the checkpoint does not say. */
export interface GenerationDefaults {
  temperature: number | null
  topP: number | null
  repetitionPenalty: number | null
  endTokens: readonly number[]
}

export const NO_GENERATION_DEFAULTS: GenerationDefaults = {
  ...{ temperature: null, topP: null, repetitionPenalty: null, endTokens: [] },
}

export function readGenerationConfig(text: string): ModelResult<GenerationDefaults> {
  const parsed = parseFile(GENERATION_CONFIG, text, GenerationSchema)
  if (!parsed.ok) return parsed
  const { temperature, top_p: topP, repetition_penalty: repetitionPenalty, eos_token_id: end } = parsed.value
  const endTokens = end === null ? [] : typeof end === 'number' ? [end] : end
  return success({ temperature, topP, repetitionPenalty, endTokens })
}

export interface ChatConfigParts {
  config: CheckpointConfig
  quantization: Quantization
  generation: GenerationDefaults
  template: ConversationTemplate
  /** Ids of the family's stop tokens, as far as the tokenizer has them. */
  stopTokens: readonly number[]
  tokenizer: TokenizerInfo
  tokenizerFiles: readonly string[]
  /** Null for a language model. */
  rewardHead: RewardHead | null
}

/** The file's content, as plain data. */
export function mlcChatConfig(parts: ChatConfigParts) {
  const { config, generation, template, tokenizer } = parts
  const isQwen = config.architecture.startsWith('qwen')
  const ends = [...new Set([...generation.endTokens, ...config.endTokens, ...parts.stopTokens])]
  const windows = { context_window_size: config.contextTokens, prefill_chunk_size: PREFILL_CHUNK_TOKENS }
  return {
    version: '0.1.0',
    model_type: config.architecture,
    quantization: parts.quantization,
    model_config: {
      hidden_act: 'silu',
      hidden_size: config.hiddenSize,
      intermediate_size: config.intermediateSize,
      num_hidden_layers: config.layers,
      num_attention_heads: config.attentionHeads,
      num_key_value_heads: config.keyValueHeads,
      head_dim: config.headDimension,
      rms_norm_eps: config.normEpsilon,
      [isQwen ? 'rope_theta' : 'position_embedding_base']: config.ropeTheta,
      ...(config.ropeScaling && { rope_scaling: config.ropeScaling }),
      vocab_size: config.vocabulary,
      tie_word_embeddings: config.isTied,
      tensor_parallel_shards: 1,
      max_batch_size: 1,
      ...windows,
    },
    vocab_size: config.vocabulary,
    ...windows,
    sliding_window_size: -1,
    attention_sink_size: -1,
    tensor_parallel_shards: 1,
    temperature: generation.temperature ?? 1,
    top_p: generation.topP ?? 1,
    repetition_penalty: generation.repetitionPenalty ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    tokenizer_files: parts.tokenizerFiles,
    tokenizer_info: tokenizer,
    conv_template: { ...template, stop_token_ids: ends },
    pad_token_id: config.padTokens[0] ?? ends[0] ?? 0,
    bos_token_id: config.beginTokens[0] ?? ends[0] ?? 0,
    eos_token_id: ends,
    ...(parts.rewardHead && { [SOMNUS_CONFIG]: { rewardHead: parts.rewardHead } }),
  }
}

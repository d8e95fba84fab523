/** mlc-chat-config.json, as far as it decides whether and how a model can run (mlc-llm, interface/gen_config). */
import * as v from 'valibot'
import type { ModelResult } from './failure'
import { parseFile, SafePath } from './parse-file'
import { SOMNUS_CONFIG, SomnusConfigSchema } from './reward-head'

export const MLC_CONFIG = 'mlc-chat-config.json'
/** A few KB; a chat template may make it tens of KB. */
export const MLC_CONFIG_LIMIT_BYTES = 2 ** 20
/** WebLLM looks for these, in this order. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer.model'] as const

const Word = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const Size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31))
const Window = v.pipe(v.number(), v.integer(), v.minValue(-1))

const RopeScaling = v.object({
  rope_type: v.optional(v.string()),
  type: v.optional(v.string()),
  factor: v.optional(v.number()),
})

const ConfigSchema = v.object({
  model_type: Word,
  quantization: Word,
  vocab_size: Size,
  context_window_size: v.optional(Window, -1),
  sliding_window_size: v.optional(v.nullable(Window), -1),
  prefill_chunk_size: v.optional(Window, -1),
  tokenizer_files: v.pipe(v.array(SafePath), v.maxLength(64)),
  /** Older ones name a template instead, which WebLLM cannot use. */
  conv_template: v.record(v.string(), v.unknown()),
  [SOMNUS_CONFIG]: v.optional(SomnusConfigSchema, {}),
  model_config: v.object({
    /** Architectures that are not known here call them otherwise; a library for them can be given by hand. */
    hidden_size: v.nullish(Size, null),
    num_hidden_layers: v.nullish(Size, null),
    intermediate_size: v.nullish(Size, null),
    num_attention_heads: v.nullish(Size, null),
    num_key_value_heads: v.optional(v.nullable(v.number()), null),
    head_dim: v.optional(v.nullable(v.number()), null),
    tie_word_embeddings: v.optional(v.nullable(v.boolean()), null),
    rope_theta: v.optional(v.nullable(v.number()), null),
    /** What Llama and Mistral configurations call it. */
    position_embedding_base: v.optional(v.nullable(v.number()), null),
    rope_scaling: v.optional(v.nullable(RopeScaling), null),
  }),
})

/** Null where the configuration does not say. */
export interface ModelShape {
  hiddenSize: number | null
  layers: number | null
  intermediateSize: number | null
  attentionHeads: number | null
  keyValueHeads: number | null
  headDimension: number | null
  vocabulary: number
  /** Whether the output layer is the embedding. */
  isTied: boolean | null
  /** The base of the rotary position embedding. */
  ropeBase: number | null
  /** Such as "llama3 × 8"; null without. */
  ropeScaling: string | null
}

export interface MlcConfig {
  architecture: string
  quantization: string
  /** Tokens of the context, or of the sliding window; -1 where the configuration says neither. */
  contextTokens: number
  /** The tokenizer's file that WebLLM will ask for. */
  tokenizer: (typeof TOKENIZER_FILES)[number] | null
  shape: ModelShape
  /** Set for a model that scores steps and writes nothing (see reward-head.ts). */
  isRewardModel?: true
}

export function readMlcConfig(text: string, path: string = MLC_CONFIG): ModelResult<MlcConfig> {
  const parsed = parseFile(path, text, ConfigSchema)
  return parsed.ok ? { ok: true, value: configOf(parsed.value) } : parsed
}

/** Whether its shaders need the GPU to calculate with 16-bit numbers, e.g. q4f16_1. */
export function requiresShaderF16(quantization: string): boolean {
  return quantization.includes('f16')
}

function configOf(raw: v.InferOutput<typeof ConfigSchema>): MlcConfig {
  const model = raw.model_config
  const scaling = model.rope_scaling
  return {
    architecture: raw.model_type,
    quantization: raw.quantization,
    contextTokens: raw.context_window_size > 0 ? raw.context_window_size : (raw.sliding_window_size ?? -1),
    tokenizer: TOKENIZER_FILES.find((name) => raw.tokenizer_files.includes(name)) ?? null,
    ...(raw[SOMNUS_CONFIG].rewardHead && { isRewardModel: true }),
    shape: {
      hiddenSize: model.hidden_size,
      layers: model.num_hidden_layers,
      intermediateSize: model.intermediate_size,
      attentionHeads: model.num_attention_heads,
      // 0 is the converter's way of saying "not given".
      keyValueHeads: model.num_key_value_heads || model.num_attention_heads,
      headDimension: model.head_dim || quotient(model.hidden_size, model.num_attention_heads),
      vocabulary: raw.vocab_size,
      isTied: model.tie_word_embeddings,
      ropeBase: (model.position_embedding_base || model.rope_theta) ?? null,
      ropeScaling: scalingName(scaling?.rope_type ?? scaling?.type, scaling?.factor),
    },
  }
}

function quotient(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one / other
}

function scalingName(type: string | undefined, factor: number | undefined): string | null {
  return type === undefined || type === 'default' ? null : `${type} × ${factor ?? 1}`
}

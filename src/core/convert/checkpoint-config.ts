/** config.json of a checkpoint (Hugging Face transformers), as far as weights and chat configuration need it. */
import * as v from 'valibot'
import type { ModelFailure, ModelResult } from '../model/failure'
import { parseFile } from '../model/parse-file'
import { failure, success } from '../result'

export const CHECKPOINT_CONFIG = 'config.json'
/** A few KB. */
export const CONFIG_LIMIT_BYTES = 2 ** 20
export const ARCHITECTURES = ['qwen2', 'llama', 'mistral', 'qwen3'] as const
export type Architecture = (typeof ARCHITECTURES)[number]

const Count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 24))
const TokenIds = v.union([Count, v.literal(0), v.array(v.pipe(v.number(), v.integer(), v.minValue(0)))])
const Rope = v.looseObject({
  rope_theta: v.optional(v.number()),
  rope_type: v.optional(v.string()),
  type: v.optional(v.string()),
})

const ConfigSchema = v.object({
  model_type: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  hidden_size: Count,
  num_hidden_layers: v.pipe(Count, v.maxValue(1000)),
  intermediate_size: Count,
  num_attention_heads: Count,
  num_key_value_heads: v.nullish(Count, null),
  head_dim: v.nullish(Count, null),
  vocab_size: Count,
  rms_norm_eps: v.pipe(v.number(), v.gtValue(0), v.maxValue(0.1)),
  max_position_embeddings: Count,
  rope_theta: v.nullish(v.pipe(v.number(), v.gtValue(0)), null),
  rope_scaling: v.nullish(Rope, null),
  /** What newer releases of transformers write instead of the two above. */
  rope_parameters: v.nullish(Rope, null),
  tie_word_embeddings: v.nullish(v.boolean(), null),
  hidden_act: v.nullish(v.string(), 'silu'),
  attention_bias: v.nullish(v.boolean(), null),
  mlp_bias: v.nullish(v.boolean(), null),
  partial_rotary_factor: v.nullish(v.number(), 1),
  sliding_window: v.nullish(Count, null),
  use_sliding_window: v.nullish(v.boolean(), null),
  quantization_config: v.nullish(v.unknown(), null),
  bos_token_id: v.nullish(TokenIds, null),
  eos_token_id: v.nullish(TokenIds, null),
  pad_token_id: v.nullish(TokenIds, null),
})

export interface CheckpointConfig {
  architecture: Architecture
  hiddenSize: number
  layers: number
  intermediateSize: number
  attentionHeads: number
  keyValueHeads: number
  headDimension: number
  vocabulary: number
  normEpsilon: number
  /** Tokens within which attention reaches everything before: the context, or a shorter sliding window. */
  contextTokens: number
  ropeTheta: number
  /** As the configuration has it; null without. */
  ropeScaling: Readonly<Record<string, unknown>> | null
  isTied: boolean
  beginTokens: readonly number[]
  endTokens: readonly number[]
  padTokens: readonly number[]
}

/** Of transformers' LlamaConfig and its kin. */
const DEFAULT_ROPE_THETA = 10_000

export function readCheckpointConfig(
  text: string,
  path: string = CHECKPOINT_CONFIG,
): ModelResult<CheckpointConfig> {
  const kind = parseFile(path, text, v.object({ model_type: ConfigSchema.entries.model_type }))
  if (!kind.ok) return kind
  const architecture = ARCHITECTURES.find((each) => each === kind.value.model_type)
  if (!architecture)
    return failure({
      ...{ kind: 'unsupported-architecture', architecture: kind.value.model_type },
      supported: [...ARCHITECTURES],
    })
  const parsed = parseFile(path, text, ConfigSchema)
  if (!parsed.ok) return parsed
  const raw = parsed.value
  const headDimension = raw.head_dim ?? raw.hidden_size / raw.num_attention_heads
  const keyValueHeads = raw.num_key_value_heads ?? raw.num_attention_heads
  const obstacle = obstacleIn(raw, architecture, headDimension, keyValueHeads, path)
  if (obstacle) return failure(obstacle)
  const rope = raw.rope_parameters ?? raw.rope_scaling
  const scaling = rope?.rope_type ?? rope?.type ?? 'default'
  return success({
    architecture,
    hiddenSize: raw.hidden_size,
    layers: raw.num_hidden_layers,
    intermediateSize: raw.intermediate_size,
    attentionHeads: raw.num_attention_heads,
    keyValueHeads,
    headDimension,
    vocabulary: raw.vocab_size,
    normEpsilon: raw.rms_norm_eps,
    contextTokens: contextOf(raw, architecture),
    ropeTheta: raw.rope_theta ?? raw.rope_parameters?.rope_theta ?? DEFAULT_ROPE_THETA,
    ropeScaling: rope && scaling !== 'default' ? { ...rope, rope_type: scaling } : null,
    isTied: raw.tie_word_embeddings ?? false,
    beginTokens: idsOf(raw.bos_token_id),
    endTokens: idsOf(raw.eos_token_id),
    padTokens: idsOf(raw.pad_token_id),
  })
}

type RawConfig = v.InferOutput<typeof ConfigSchema>

/** Within a sliding window, attention is what it is without one; beyond, no library here implements it. */
function contextOf(raw: RawConfig, architecture: Architecture): number {
  const slides = raw.use_sliding_window ?? architecture === 'mistral'
  return slides && raw.sliding_window !== null
    ? Math.min(raw.sliding_window, raw.max_position_embeddings)
    : raw.max_position_embeddings
}

function obstacleIn(
  raw: RawConfig,
  architecture: Architecture,
  headDimension: number,
  keyValueHeads: number,
  path: string,
): ModelFailure | undefined {
  const refuse = (entry: string, found: unknown, needed: string): ModelFailure => ({
    ...{ kind: 'checkpoint-unsupported', path, entry, needed },
    found: JSON.stringify(found),
  })
  if (raw.quantization_config !== null)
    return refuse('quantization_config', raw.quantization_config, 'weights that are not quantized yet')
  if (raw.hidden_act !== 'silu') return refuse('hidden_act', raw.hidden_act, 'silu')
  if (raw.attention_bias && architecture !== 'qwen2') return refuse('attention_bias', true, 'false')
  if (raw.mlp_bias) return refuse('mlp_bias', true, 'false')
  if (raw.partial_rotary_factor !== 1) return refuse('partial_rotary_factor', raw.partial_rotary_factor, '1')
  if (!Number.isInteger(headDimension) || headDimension % 2 !== 0)
    return refuse('head_dim', headDimension, 'an even whole number')
  if (raw.num_attention_heads % keyValueHeads !== 0)
    return refuse('num_key_value_heads', keyValueHeads, `a divisor of ${raw.num_attention_heads}`)
  return undefined
}

export function idsOf(ids: number | number[] | null): readonly number[] {
  return ids === null ? [] : typeof ids === 'number' ? [ids] : ids
}

/** Tiny checkpoints of the four architectures, with random weights. */
import { random, safetensors, type Files, type GivenTensor } from './safetensors-fixture'

export const TINY = {
  ...{ hidden_size: 64, num_hidden_layers: 2, intermediate_size: 96, num_attention_heads: 4 },
  ...{ num_key_value_heads: 2, vocab_size: 288, rms_norm_eps: 1e-6, max_position_embeddings: 512 },
  ...{ rope_theta: 10_000, hidden_act: 'silu', bos_token_id: 1, eos_token_id: 2 },
}

export type Architecture = 'qwen2' | 'llama' | 'mistral' | 'qwen3'

export interface Options {
  config?: Record<string, unknown>
  dtype?: 'F32' | 'F16' | 'BF16'
  /** More than one: with an index. */
  files?: number
  seed?: number
}

export function configOf(architecture: Architecture, config: Record<string, unknown> = {}) {
  const tied = architecture === 'qwen2'
  return { model_type: architecture, ...TINY, tie_word_embeddings: tied, ...config }
}

/** Every tensor of a checkpoint of this configuration, as transformers names and shapes them. */
export function tensorsOf(config: ReturnType<typeof configOf>, seed = 1): GivenTensor[] {
  const hidden = config.hidden_size
  const head = (config as { head_dim?: number }).head_dim ?? hidden / config.num_attention_heads
  const queries = config.num_attention_heads * head
  const keys = config.num_key_value_heads * head
  let number = seed * 1000
  const matrix = (name: string, rows: number, columns: number): GivenTensor => ({
    ...{ name: `${name}.weight`, shape: [rows, columns] },
    values: random(rows * columns, number++, 1.2 / Math.sqrt(columns)),
  })
  const norm = (name: string, size: number): GivenTensor => ({
    ...{ name: `${name}.weight`, shape: [size] },
    values: random(size, number++, 0.1).map((value) => 1 + Math.round(value * 64) / 64),
  })
  const bias = (name: string, size: number): GivenTensor => ({
    ...{ name: `${name}.bias`, shape: [size], values: random(size, number++, 0.3) },
  })
  return [
    matrix('model.embed_tokens', config.vocab_size, hidden),
    ...Array.from({ length: config.num_hidden_layers }, (_, layer) => `model.layers.${layer}`).flatMap(
      (layer) => [
        ...[['q_proj', queries] as const, ['k_proj', keys] as const, ['v_proj', keys] as const].flatMap(
          ([name, rows]) => [
            matrix(`${layer}.self_attn.${name}`, rows, hidden),
            ...(config.model_type === 'qwen2' ? [bias(`${layer}.self_attn.${name}`, rows)] : []),
          ],
        ),
        ...(config.model_type === 'qwen3'
          ? [norm(`${layer}.self_attn.q_norm`, head), norm(`${layer}.self_attn.k_norm`, head)]
          : []),
        matrix(`${layer}.self_attn.o_proj`, hidden, queries),
        matrix(`${layer}.mlp.gate_proj`, config.intermediate_size, hidden),
        matrix(`${layer}.mlp.up_proj`, config.intermediate_size, hidden),
        matrix(`${layer}.mlp.down_proj`, hidden, config.intermediate_size),
        norm(`${layer}.input_layernorm`, hidden),
        norm(`${layer}.post_attention_layernorm`, hidden),
      ],
    ),
    norm('model.norm', hidden),
    ...(config.tie_word_embeddings ? [] : [matrix('lm_head', config.vocab_size, hidden)]),
  ]
}

/** A whole checkpoint folder. */
export function checkpoint(architecture: Architecture, options: Options = {}): Files {
  const config = configOf(architecture, options.config)
  const tensors = tensorsOf(config, options.seed).map((tensor) => ({
    ...tensor,
    dtype: options.dtype ?? 'BF16',
  }))
  const count = options.files ?? 1
  const files: Files = new Map([['config.json', json(config)]])
  if (count === 1) return files.set('model.safetensors', safetensors(tensors))
  const map: Record<string, string> = {}
  for (let part = 0; part < count; part++) {
    const path = `model-${part + 1}-of-${count}.safetensors`
    const mine = tensors.filter((_, at) => at % count === part)
    for (const { name } of mine) map[name] = path
    files.set(path, safetensors(mine))
  }
  return files.set('model.safetensors.index.json', json({ metadata: {}, weight_map: map }))
}

export function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value))
}

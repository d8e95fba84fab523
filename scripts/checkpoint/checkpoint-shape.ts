/** The tensors of a checkpoint as transformers names and shapes them, written down apart from the converter. */

export interface CheckpointShape {
  architecture: string
  hidden: number
  inner: number
  layers: number
  heads: number
  kvHeads: number
  headSize: number
  vocabulary: number
  tied: boolean
}

export interface NamedShape {
  name: string
  shape: readonly number[]
}

export function checkpointTensors(given: CheckpointShape): NamedShape[] {
  const { hidden, layers, vocabulary, tied } = given
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] },
    ...Array.from({ length: layers }, (_, layer) => layerTensors(given, layer)).flat(),
    { name: 'model.norm.weight', shape: [hidden] },
    ...(tied ? [] : [{ name: 'lm_head.weight', shape: [vocabulary, hidden] }]),
  ]
}

function layerTensors(given: CheckpointShape, layer: number): NamedShape[] {
  const { architecture, hidden, inner, heads, kvHeads, headSize } = given
  const rows = { q_proj: heads * headSize, k_proj: kvHeads * headSize, v_proj: kvHeads * headSize }
  const attention = Object.entries(rows).flatMap(([name, size]) => [
    { name: `self_attn.${name}.weight`, shape: [size, hidden] },
    ...(architecture === 'qwen2' ? [{ name: `self_attn.${name}.bias`, shape: [size] }] : []),
  ])
  const headNorms = ['q_norm', 'k_norm'].map((name) => ({
    name: `self_attn.${name}.weight`,
    shape: [headSize],
  }))
  const tensors = [
    ...attention,
    ...(architecture === 'qwen3' ? headNorms : []),
    { name: 'self_attn.o_proj.weight', shape: [hidden, heads * headSize] },
    { name: 'mlp.gate_proj.weight', shape: [inner, hidden] },
    { name: 'mlp.up_proj.weight', shape: [inner, hidden] },
    { name: 'mlp.down_proj.weight', shape: [hidden, inner] },
    { name: 'input_layernorm.weight', shape: [hidden] },
    { name: 'post_attention_layernorm.weight', shape: [hidden] },
  ]
  return tensors.map(({ name, shape }) => ({ name: `model.layers.${layer}.${name}`, shape }))
}

/**
 * The tensors of an MLC model and the checkpoint's tensors that each is made of, for four architectures (mlc-llm,
 * model/<architecture>/*_model.py and *_loader.py): rows of queries, keys and values are stacked, and so are those of
 * gate and up. The order is that in which compiled libraries declare them.
 */
import type { CheckpointConfig } from './checkpoint-config'

/** A matrix or vector of the result, before quantization. */
export interface LayoutTensor {
  /** Without ".weight" and ".q_weight". */
  name: string
  kind: 'matrix' | 'weight' | 'bias'
  /** The checkpoint's tensors, stacked in this order, with the shape that each must have. */
  parts: { name: string; shape: readonly number[] }[]
}

/** The output layer, where it is not the embedding. */
export const OUTPUT_HEAD = 'lm_head'

/** Tensors that checkpoints carry although they follow from the configuration. */
const IGNORED = /(?:^|\.)rotary_emb\.inv_freq$/

export function layoutOf(config: CheckpointConfig): LayoutTensor[] {
  const { hiddenSize: hidden, vocabulary, isTied, layers } = config
  return [
    matrix('model.embed_tokens', ['model.embed_tokens', vocabulary], hidden),
    ...Array.from({ length: layers }, (_, layer) => layerLayout(config, `model.layers.${layer}`)).flat(),
    vector('model.norm', 'weight', ['model.norm', hidden]),
    ...(isTied ? [] : [matrix(OUTPUT_HEAD, [OUTPUT_HEAD, vocabulary], hidden)]),
  ]
}

/** Whether a tensor of the checkpoint may be left out of the result: it says nothing new. */
export function mayBeIgnored(name: string, { isTied }: CheckpointConfig): boolean {
  return IGNORED.test(name) || (isTied && name === `${OUTPUT_HEAD}.weight`)
}

function layerLayout(config: CheckpointConfig, layer: string): LayoutTensor[] {
  const { architecture, hiddenSize: hidden, intermediateSize: inner, headDimension } = config
  const queries = config.attentionHeads * headDimension
  const keys = config.keyValueHeads * headDimension
  const from = `${layer}.self_attn`
  const stacked = `${from}.${architecture.startsWith('qwen') ? 'c_attn' : 'qkv_proj'}`
  const rows: [string, number][] = [
    [`${from}.q_proj`, queries],
    [`${from}.k_proj`, keys],
    [`${from}.v_proj`, keys],
  ]
  return [
    {
      ...{ name: stacked, kind: 'matrix' },
      parts: rows.map(([name, size]) => ({ name: `${name}.weight`, shape: [size, hidden] })),
    },
    ...(architecture === 'qwen2' ? [vector(stacked, 'bias', ...rows)] : []),
    ...(architecture === 'qwen3'
      ? ['q_norm', 'k_norm'].map((norm) =>
          vector(`${from}.${norm}`, 'weight', [`${from}.${norm}`, headDimension]),
        )
      : []),
    matrix(`${from}.o_proj`, [`${from}.o_proj`, hidden], queries),
    {
      ...{ name: `${layer}.mlp.gate_up_proj`, kind: 'matrix' },
      parts: ['gate_proj', 'up_proj'].map((part) => ({
        name: `${layer}.mlp.${part}.weight`,
        shape: [inner, hidden],
      })),
    },
    matrix(`${layer}.mlp.down_proj`, [`${layer}.mlp.down_proj`, hidden], inner),
    ...['input_layernorm', 'post_attention_layernorm'].map((norm) =>
      vector(`${layer}.${norm}`, 'weight', [`${layer}.${norm}`, hidden]),
    ),
  ]
}

function matrix(name: string, [part, rows]: [string, number], columns: number): LayoutTensor {
  return { name, kind: 'matrix', parts: [{ name: `${part}.weight`, shape: [rows, columns] }] }
}

function vector(name: string, kind: 'weight' | 'bias', ...parts: [string, number][]): LayoutTensor {
  return { name, kind, parts: parts.map(([part, size]) => ({ name: `${part}.${kind}`, shape: [size] })) }
}

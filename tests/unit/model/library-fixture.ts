/** A tiny model's library metadata, and WebAssembly files that carry it as compiled libraries do. */
import { RUNTIMES, type LibraryGeneration } from '#core/model/library-interface'

/** What a qwen2 model of one layer, 32 hidden values and 64 tokens in q4f32_1 declares. */
export const METADATA = {
  model_type: 'qwen2',
  quantization: 'q4f32_1',
  context_window_size: 4096,
  sliding_window_size: -1,
  attention_sink_size: -1,
  prefill_chunk_size: 1024,
  tensor_parallel_shards: 1,
  kv_state_kind: 'kv_cache',
  max_batch_size: 80,
  params: [
    { name: 'model.embed_tokens.q_weight', shape: [64, 4], dtype: 'uint32', preprocs: [] },
    { name: 'model.embed_tokens.q_scale', shape: [64, 1], dtype: 'float32', preprocs: [] },
    { name: 'model.layers.0.mlp.down_proj.q_weight', shape: [32, 8], dtype: 'uint32', preprocs: [] },
    { name: 'model.layers.0.mlp.down_proj.q_scale', shape: [32, 2], dtype: 'float32', preprocs: [] },
    { name: 'model.norm.weight', shape: [32], dtype: 'float32', preprocs: [] },
  ],
  kv_cache: { num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1, head_dim: 16 },
  memory_usage: { decode: 1000, prefill: 400 },
}

/** A module without code that links like a library of the generation and holds the text among its data. */
export function libraryBytes(
  metadata: unknown,
  generation: LibraryGeneration = 'v0_2_86',
  before = '',
): Uint8Array<ArrayBuffer> {
  const text = typeof metadata === 'string' ? metadata : JSON.stringify(metadata)
  const { provides, calls } = RUNTIMES[generation]
  const noise = Array.from({ length: 300 }, (_, index) => (index * 37) % 256)
  const data = [...noise, ...utf8(before), 0, 1, 0, 0, 0, 0xf3, 0x73, ...utf8(text), 1, 0, 0, 0, ...noise]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // One type: no parameters, no results.
    ...section(1, [1, 0x60, 0, 0]),
    ...section(2, vector(provides.map((name) => [...word('env'), ...word(name), 0, 0]))),
    ...section(5, [1, 0, 1]),
    ...section(7, vector([[...word('memory'), 2, 0], ...calls.map((name) => [...word(name), 0, 0])])),
    ...section(11, [1, 0, 0x41, 0, 0x0b, ...unsigned(data.length), ...data]),
  ])
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly number[][]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

function word(text: string): number[] {
  return [...unsigned(text.length), ...utf8(text)]
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ;) {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
    if (rest === 0) return bytes
  }
}

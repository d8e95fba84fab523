/** A tiny model's library metadata and a file that carries it as a compiled library does. */

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
    { name: 'model.norm.weight', shape: [32], dtype: 'float32', preprocs: [] },
  ],
  kv_cache: { num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1, head_dim: 16 },
  memory_usage: { decode: 1000 },
}

/** "\0asm", version, some code and then the text between bytes that are no text. */
export function libraryBytes(metadata: unknown, before = ''): Uint8Array<ArrayBuffer> {
  const text = typeof metadata === 'string' ? metadata : JSON.stringify(metadata)
  const code = Uint8Array.from({ length: 300 }, (_, index) => (index * 37) % 256)
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...code,
    ...new TextEncoder().encode(before),
    ...[0, 1, 0, 0, 0, 0xf3, 0x73],
    ...new TextEncoder().encode(text),
    ...[1, 0, 0, 0],
    ...code,
  ])
}

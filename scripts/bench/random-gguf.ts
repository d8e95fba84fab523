/** A qwen2 model of random weights: it computes what a real one of its size does, and says nothing. */
import { readGguf } from '../toy-model/gguf-reader'
import { writeGguf, type ModelShape } from '../toy-model/gguf'
import { Random } from '../toy-model/random'

/** 11 million weights: reading takes nearly all of a request's time, as it does with any real model. */
export const BENCH_SHAPE: ModelShape = {
  layers: 4,
  hidden: 512,
  feedForward: 1344,
  heads: 8,
  keyValueHeads: 2,
  contextTokens: 2048,
  ropeBase: 10_000,
}

/** @param builtIn the built-in model's file, of which the tokenizer and the chat template are taken */
export function randomGguf(builtIn: Uint8Array, shape: ModelShape, seed: number): Uint8Array {
  const { metadata } = readGguf(builtIn)
  const random = new Random(seed)
  return writeGguf({
    name: 'Random weights',
    description: 'For measuring speed only.',
    shape,
    tokenizer: {
      tokens: metadata['tokenizer.ggml.tokens'] as string[],
      merges: metadata['tokenizer.ggml.merges'] as string[],
    },
    chatTemplate: String(metadata['tokenizer.chat_template']),
    tensor: (name, size) => weights(name, size, shape, random),
  })
}

function weights(name: string, size: number, shape: ModelShape, random: Random): Float32Array {
  if (name.endsWith('norm.weight')) return new Float32Array(size).fill(1)
  if (name.endsWith('.bias')) return new Float32Array(size)
  const inputs = name.includes('ffn_down') ? shape.feedForward : shape.hidden
  // Uniform, with the variance that keeps a layer's outputs as large as its inputs.
  const most = Math.sqrt(3 / inputs)
  return Float32Array.from({ length: size }, () => most * (2 * random.next() - 1))
}

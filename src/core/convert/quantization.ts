/** The quantizations that are written, in MLC's naming and layout (see docs/decisions.md for the source). */

export const QUANTIZATIONS = ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'] as const
export type Quantization = (typeof QUANTIZATIONS)[number]

/** Weights of one row that share a scale. */
export const GROUP_SIZE = 32
/** Nibbles in a word of `q_weight`, the first in the lowest bits. */
export const NIBBLES_PER_WORD = 8

/** The number format in which the model computes, and in which scales, norms and biases are stored. */
export function modelFormat(quantization: Quantization): 'float16' | 'float32' {
  return quantization.includes('f16') ? 'float16' : 'float32'
}

/** Whether linear layers and embeddings are packed to 4 bits. */
export function isPacked(quantization: Quantization): boolean {
  return quantization.startsWith('q4')
}

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { LibraryParameter } from '#core/model/library-metadata'
import { nextTokenLogits, type ModelShape } from '../../../scripts/test-webgpu/reference-forward'
import { syntheticTensors } from '../../../scripts/test-webgpu/synthetic-weights'
import { floatsOf, openMatrix, type TensorSource } from '../../../scripts/test-webgpu/tensor'
import { openWeights, writeWeights } from '../../../scripts/test-webgpu/weights-folder'
import { plainLogits, type PlainModel } from './plain-forward'

const HIDDEN = 64
const INNER = 96
const SHAPE: ModelShape = {
  ...{ layers: 2, heads: 4, kvHeads: 2, headSize: 32 },
  ...{ ropeTheta: 10_000, normEpsilon: 1e-6 },
}
const VOCABULARY = 288
const IDS = [65, 90, 97, 32, 104]

interface Family {
  attention: 'c_attn' | 'qkv_proj'
  bias: boolean
  headNorms: boolean
  tied: boolean
  quantization: 'q4f16_1' | 'q4f32_1' | 'q0f16' | 'q0f32'
}

const QWEN2: Family = {
  ...{ attention: 'c_attn', bias: true, headNorms: false, tied: true },
  quantization: 'q4f32_1',
}
const QWEN3: Family = { ...QWEN2, bias: false, headNorms: true, quantization: 'q4f16_1' }
const LLAMA: Family = {
  ...{ attention: 'qkv_proj', bias: false, headNorms: false, tied: false },
  quantization: 'q0f32',
}

const LLAMA_4BIT: Family = { ...LLAMA, quantization: 'q4f16_1' }
const QWEN2_HALF: Family = { ...QWEN2, quantization: 'q0f16' }

/** What a library of the family would declare. */
function parameters(family: Family): LibraryParameter[] {
  const dtype = family.quantization.includes('f32') ? 'float32' : 'float16'
  const linear = (name: string, rows: number | null, columns: number): LibraryParameter[] =>
    family.quantization.startsWith('q0')
      ? [{ name: `${name}.weight`, shape: [rows, columns], dtype }]
      : [
          { name: `${name}.q_weight`, shape: [rows, columns / 8], dtype: 'uint32' },
          { name: `${name}.q_scale`, shape: [rows, columns / 32], dtype },
        ]
  const vector = (name: string, size: number): LibraryParameter => ({ name, shape: [size], dtype })
  const { heads, kvHeads, headSize } = SHAPE
  const qkv = (heads + 2 * kvHeads) * headSize
  return [
    ...linear('model.embed_tokens', family.tied ? VOCABULARY : null, HIDDEN),
    ...Array.from({ length: SHAPE.layers }, (_, layer) => `model.layers.${layer}`).flatMap((name) => [
      ...linear(`${name}.self_attn.${family.attention}`, qkv, HIDDEN),
      ...(family.bias ? [vector(`${name}.self_attn.${family.attention}.bias`, qkv)] : []),
      ...(family.headNorms ? ['q_norm', 'k_norm'] : []).map((norm) =>
        vector(`${name}.self_attn.${norm}.weight`, headSize),
      ),
      ...linear(`${name}.self_attn.o_proj`, HIDDEN, heads * headSize),
      ...linear(`${name}.mlp.gate_up_proj`, 2 * INNER, HIDDEN),
      ...linear(`${name}.mlp.down_proj`, HIDDEN, INNER),
      vector(`${name}.input_layernorm.weight`, HIDDEN),
      vector(`${name}.post_attention_layernorm.weight`, HIDDEN),
    ]),
    vector('model.norm.weight', HIDDEN),
    ...(family.tied ? [] : linear('lm_head', null, HIDDEN)),
  ]
}

function source(family: Family, seed = 1): TensorSource {
  const tensors = new Map([...syntheticTensors(parameters(family), seed)].map((each) => [each.name, each]))
  return (name) => tensors.get(name)
}

/** The tensors as nested arrays, cut into the parts that MLC stacks. */
function plainModel(family: Family, find: TensorSource): PlainModel {
  const rows = (name: string): number[][] => {
    const matrix = openMatrix(find, name)!
    return Array.from({ length: matrix.rows }, (_, row) => {
      const values = new Float32Array(matrix.columns)
      matrix.readRow(row, values)
      return [...values]
    })
  }
  const vector = (name: string) => {
    const found = find(name)
    return found && [...floatsOf(found)]
  }
  const { heads, kvHeads, headSize } = SHAPE
  const keysAt = heads * headSize
  const valuesAt = keysAt + kvHeads * headSize
  const embedding = rows('model.embed_tokens')
  return {
    ...{ heads, kvHeads, headSize, theta: SHAPE.ropeTheta, epsilon: SHAPE.normEpsilon },
    embedding,
    head: family.tied ? embedding : rows('lm_head'),
    finalNorm: vector('model.norm.weight')!,
    layers: Array.from({ length: SHAPE.layers }, (_, layer) => {
      const name = `model.layers.${layer}`
      const qkv = rows(`${name}.self_attn.${family.attention}`)
      const bias = vector(`${name}.self_attn.${family.attention}.bias`)
      const gateUp = rows(`${name}.mlp.gate_up_proj`)
      const queryNorm = vector(`${name}.self_attn.q_norm.weight`)
      const keyNorm = vector(`${name}.self_attn.k_norm.weight`)
      return {
        ...{ query: qkv.slice(0, keysAt), key: qkv.slice(keysAt, valuesAt), value: qkv.slice(valuesAt) },
        ...(bias && {
          ...{ queryBias: bias.slice(0, keysAt), keyBias: bias.slice(keysAt, valuesAt) },
          valueBias: bias.slice(valuesAt),
        }),
        ...(queryNorm && keyNorm && { queryNorm, keyNorm }),
        output: rows(`${name}.self_attn.o_proj`),
        ...{ gate: gateUp.slice(0, INNER), up: gateUp.slice(INNER), down: rows(`${name}.mlp.down_proj`) },
        inputNorm: vector(`${name}.input_layernorm.weight`)!,
        afterNorm: vector(`${name}.post_attention_layernorm.weight`)!,
      }
    }),
  }
}

test.each([
  ['qwen2, 4-bit, tied', QWEN2],
  ['qwen3, 4-bit with float16, norms of heads', QWEN3],
  ['llama, float32, own head', LLAMA],
  ['llama, 4-bit', LLAMA_4BIT],
  ['qwen2, float16', QWEN2_HALF],
])('the reference agrees with plain arithmetic: %s', (_, family) => {
  const find = source(family)
  const logits = nextTokenLogits(find, SHAPE, IDS)
  const expected = plainLogits(plainModel(family, find), IDS)
  expect(logits).toHaveLength(VOCABULARY)
  const worst = Math.max(...expected.map((value, at) => Math.abs(value - logits[at]!)))
  expect(worst).toBeLessThan(1e-4)
})

test('synthetic logits are finite, distinct and favour printable characters', () => {
  const logits = nextTokenLogits(source(QWEN2), SHAPE, IDS)
  expect(logits.every(Number.isFinite)).toBe(true)
  const letters = [...logits.subarray(65, 69)]
  expect(new Set(letters.map((value) => value.toFixed(2))).size).toBe(4)
  const best = logits.indexOf(Math.max(...logits))
  expect(best).toBeGreaterThanOrEqual(0x20)
  expect(best).toBeLessThan(0x7f)
})

test('synthetic weights depend on the seed alone', () => {
  const bytes = (seed: number) =>
    [...syntheticTensors(parameters(QWEN2), seed)].map(({ bytes }) => [...bytes])
  expect(bytes(3)).toEqual(bytes(3))
  expect(bytes(3)).not.toEqual(bytes(4))
})

test('packed synthetic weights never hold the unused nibble 15', () => {
  for (const { name, bytes } of syntheticTensors(parameters(QWEN2), 1)) {
    if (!name.endsWith('.q_weight')) continue
    expect(bytes.every((byte) => byte >> 4 !== 15 && (byte & 15) !== 15)).toBe(true)
  }
})

let folder: string | undefined
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true })
  folder = undefined
})

test('a written folder gives the same tensors back', () => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-weights-'))
  writeWeights(folder, syntheticTensors(parameters(QWEN3), 1), {
    'mlc-chat-config.json': { model_type: 'qwen3' },
  })
  const opened = openWeights(folder)!
  expect(opened.config).toEqual({ model_type: 'qwen3' })
  const find = source(QWEN3)
  for (const { name } of parameters(QWEN3)) {
    const { bytes, ...rest } = opened.tensor(name)!
    const written = find(name)!
    expect(rest).toMatchObject({ name, shape: written.shape, dtype: written.dtype, format: written.format })
    expect([...bytes]).toEqual([...written.bytes])
  }
})

test('a shard stays below MLC’s bound unless one tensor alone is larger', () => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-weights-'))
  const sizes = [20, 20, 8, 40, 1].map((mebibytes) => mebibytes * 2 ** 20)
  const tensors = sizes.map((size, at) => ({
    ...{ name: `t${at}`, shape: [size], dtype: 'uint8', format: 'raw' },
    bytes: new Uint8Array(size),
  }))
  writeWeights(folder, tensors, {})
  const shards = readdirSync(folder).filter((name) => name.endsWith('.bin'))
  const written = shards.sort().map((name) => statSync(join(folder!, name)).size / 2 ** 20)
  expect(written).toEqual([20, 28, 40, 1])
})

test('a folder without a configuration is no model', () => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-weights-'))
  writeWeights(folder, [], {})
  expect(openWeights(folder)).toBeUndefined()
})

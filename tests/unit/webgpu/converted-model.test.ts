/** What `test:webgpu --convert` holds against each other, without the browser in between. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Checks } from '../../../scripts/test-webgpu/checks'
import { convertedModel, withSwap } from '../../../scripts/test-webgpu/converted-model'
import type { LibraryFacts } from '../../../scripts/test-webgpu/library-facts'
import { nextTokenLogits } from '../../../scripts/test-webgpu/reference-forward'
import { promptTokens, SYSTEM_MESSAGE } from '../../../scripts/test-webgpu/synthetic-tokenizer'

const SHAPE = { layers: 2, heads: 4, kvHeads: 2, headSize: 16, ropeTheta: 10_000, normEpsilon: 1e-6 }
const IDS = promptTokens('A?', SYSTEM_MESSAGE)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-converted-'))
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** What is read of a library of this architecture. */
function library(architecture: string, quantization: string): LibraryFacts {
  const isTied = architecture === 'qwen2'
  const shapes = {
    'model.embed_tokens.q_weight': [288, 8],
    'model.norm.weight': [64],
    'model.layers.0.mlp.gate_up_proj.q_weight': [192, 8],
    ...(isTied ? {} : { 'lm_head.q_weight': [288, 8] }),
  }
  return {
    ...{ path: 'tiny.wasm', sha256: '0'.repeat(64), generation: 'v0_2_48' },
    ...{ ropeTheta: SHAPE.ropeTheta, normEpsilon: SHAPE.normEpsilon },
    metadata: {
      ...{ architecture, quantization, contextTokens: 512 },
      kvCache: { layers: 2, attentionHeads: 4, keyValueHeads: 2, headDimension: 16 },
      params: Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'uint32' })),
    } as LibraryFacts['metadata'],
  }
}

const distance = (one: Float32Array, other: Float32Array) =>
  Math.max(...one.map((value, at) => Math.abs(value - other[at]!)))

test.each([
  ['qwen2', 'q4f32_1'],
  ['qwen2', 'q4f16_1'],
  ['llama', 'q4f16_1'],
  ['mistral', 'q4f32_1'],
  ['qwen3', 'q4f16_1'],
  ['llama', 'q0f32'],
])('%s in %s answers as the checkpoint does, and otherwise after an exchange', async (...kind) => {
  const checks = new Checks()
  const { weights, checkpoint } = await convertedModel(library(...kind), folder, undefined, checks)
  expect(checks.allPassed).toBe(true)
  const expected = nextTokenLogits(checkpoint, SHAPE, IDS)
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1)
  expect(distance(nextTokenLogits(weights.tensor, SHAPE, IDS), expected)).toBeLessThan(1e-3)
  for (const swap of ['kv', 'gate-up'] as const)
    expect(distance(nextTokenLogits(withSwap(checkpoint, swap), SHAPE, IDS), expected)).toBeGreaterThan(0.1)
})

test('a checkpoint with exchanged names becomes the model that the exchange describes', async () => {
  const { weights, checkpoint } = await convertedModel(
    library('qwen2', 'q4f32_1'),
    folder,
    'gate-up',
    new Checks(),
  )
  const logits = nextTokenLogits(weights.tensor, SHAPE, IDS)
  expect(distance(logits, nextTokenLogits(withSwap(checkpoint, 'gate-up'), SHAPE, IDS))).toBeLessThan(1e-3)
  expect(distance(logits, nextTokenLogits(checkpoint, SHAPE, IDS))).toBeGreaterThan(0.1)
})

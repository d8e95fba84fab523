/** A reward model through the converter's command line, against the classifier that it was made of. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { HEAD_ROWS, headRows, roundedRow, rowFactor } from '#core/convert/lora/head-rows'
import type { Quantization } from '#core/convert/quantization'
import { readMlcConfig } from '#core/model/mlc-config'
import { headTokens, rewardHeadOf, rewardProbability } from '#core/model/reward-head'
import { main } from '../../../scripts/convert'
import { nextTokenLogits } from '../../../scripts/test-webgpu/reference-forward'
import type { TensorSource } from '../../../scripts/test-webgpu/tensor'
import { openWeights } from '../../../scripts/test-webgpu/weights-folder'
import { adapter, adapterTensors, denseMerge } from './adapter-fixture'
import { withChatFiles } from './chat-files'
import { checkpoint, configOf, tensorsOf, TINY } from './checkpoint-fixture'
import { random, type Files, type GivenTensor } from './safetensors-fixture'

vi.setConfig({ testTimeout: 30_000 })

const HIDDEN = TINY.hidden_size
const SHAPE = {
  ...{ layers: 2, heads: 4, kvHeads: 2, headSize: 16 },
  ...{ ropeTheta: TINY.rope_theta, normEpsilon: TINY.rms_norm_eps },
}
/** Beginnings of replies, as token ids. */
const PROMPTS = [[65, 90, 97, 32, 104, 7], [3, 280, 17], [200, 11, 12, 13, 14, 15, 16, 201], [42]]
const HEAD = { weight: random(2 * HIDDEN, 77, 0.25), bias: Float32Array.of(0.5, -0.25) }
const exactHead: GivenTensor = { name: 'lm_head.weight', shape: [2, HIDDEN], values: HEAD.weight }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-reward-'))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  write('base', withChatFiles(checkpoint('llama')))
  write('adapter', adapter('llama', { head: HEAD }))
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function write(name: string, files: Files): void {
  mkdirSync(join(folder, name))
  for (const [path, content] of files) writeFileSync(join(folder, name, path), content)
}

/** Float32 tensors for the reference; those of `others` where these have none. */
function floats(tensors: readonly GivenTensor[], others: TensorSource = () => undefined): TensorSource {
  const known = new Map(tensors.map((each) => [each.name, each]))
  return (name) => {
    const found = known.get(name)
    if (!found) return others(name)
    const { shape, values } = found
    return { name, shape, dtype: 'float32', format: 'raw', bytes: new Uint8Array(values.slice().buffer) }
  }
}

/** Softmax over two logits with the head's bias. */
function classifier([wrong = 0, right = 0]: ArrayLike<number> & Iterable<number>): number {
  return 1 / (1 + Math.exp(wrong + HEAD.bias[0]! - right - HEAD.bias[1]!))
}

const merged = denseMerge(tensorsOf(configOf('llama')), adapterTensors('llama'), 2)
const withoutHead = (tensors: readonly GivenTensor[]) => tensors.filter(({ name }) => name !== exactHead.name)

async function convert(quantization: Quantization) {
  const out = join(folder, quantization)
  const code = await main([
    ...[join(folder, 'base'), out, '--adapter', join(folder, 'adapter')],
    ...['--quantization', quantization, '--jobs', '1'],
  ])
  expect(code).toBe(0)
  const text = readFileSync(join(out, 'mlc-chat-config.json'), 'utf8')
  return { weights: openWeights(out)!, head: rewardHeadOf(JSON.parse(text) as object)!, text }
}

describe.each(['q4f32_1', 'q4f16_1', 'q0f16', 'q0f32'] as const)('a reward model in %s', (quantization) => {
  it('gives the probabilities of the classifier that it was made of', async () => {
    const { weights, head, text } = await convert(quantization)
    expect(readMlcConfig(text)).toMatchObject({ ok: true, value: { isRewardModel: true } })
    const tokens = headTokens(head)
    expect(tokens).toHaveLength(2 * HEAD_ROWS[quantization])
    const noHead: TensorSource = (name) => (name.startsWith('lm_head') ? undefined : weights.tensor(name))
    const sameBody = floats([exactHead], noHead)
    const dense = floats([...withoutHead(merged), exactHead])
    const untouched = floats([...withoutHead(tensorsOf(configOf('llama'))), exactHead])
    let adapterMoves = 0
    for (const ids of PROMPTS) {
      const logits = nextTokenLogits(weights.tensor, SHAPE, ids)
      const stored = rewardProbability(
        head,
        tokens.map((token) => logits[token]!),
      )
      const exact = classifier(nextTokenLogits(sameBody, SHAPE, ids))
      // The head by itself, on the same quantized body: what the coding in rows costs.
      expect(Math.abs(stored - exact)).toBeLessThan(1e-3)
      expect(logits.filter((logit, id) => logit !== 0 && !tokens.includes(id))).toHaveLength(0)
      const truth = classifier(nextTokenLogits(dense, SHAPE, ids))
      // The body by itself is exact in float32 alone; how far 4 bits move it is measured in docs/reward-model.md.
      if (quantization === 'q0f32') expect(Math.abs(stored - truth)).toBeLessThan(1e-5)
      adapterMoves = Math.max(
        adapterMoves,
        Math.abs(truth - classifier(nextTokenLogits(untouched, SHAPE, ids))),
      )
    }
    expect(adapterMoves).toBeGreaterThan(0.05)
  })
})

describe('the rows of a head', () => {
  /** Largest error of a weight, against the largest weight, after a number of rows. */
  function worst(quantization: Quantization, count: number): number {
    const weights = random(4096, 9, 0.02).map((value) => value * (1 + 1 / 700))
    const rows = headRows(weights, quantization, count)
    if ('kind' in rows) throw new Error(rows.kind)
    const sum = new Float64Array(weights.length)
    for (const [index, row] of rows.entries()) {
      const stored = roundedRow(row, quantization)
      if ('kind' in stored) throw new Error(stored.kind)
      stored.forEach((value, at) => (sum[at] = sum[at]! + value * rowFactor(quantization, index)))
    }
    return Math.max(...weights.map((value, at) => Math.abs(value - sum[at]!))) / Math.max(...weights)
  }

  it.each(['q4f32_1', 'q4f16_1'] as const)(
    '%s: each leaves a fourteenth of what the last one left',
    (format) => {
      expect(worst(format, 1)).toBeGreaterThan(0.05)
      for (const count of [1, 2, 3, 4]) expect(worst(format, count)).toBeLessThan(1.1 * 14 ** -count)
    },
  )

  it('q0f16: two are as good as float32, and q0f32 needs one', () => {
    expect(worst('q0f16', 1)).toBeGreaterThan(1e-5)
    expect(worst('q0f16', 2)).toBeLessThan(1e-7)
    expect(worst('q0f32', 1)).toBe(0)
  })

  it('are not made of what is no number', () => {
    const weights = random(64, 1, 1)
    weights[40] = Number.NaN
    expect(headRows(weights, 'q4f32_1', 2)).toEqual({ kind: 'not-finite', index: 40 })
    expect(headRows(new Float32Array(32).fill(1e9), 'q4f16_1', 2)).toMatchObject({ kind: 'scale-overflow' })
  })
})

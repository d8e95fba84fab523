import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { decode, floatToHalf, halfToFloat, type SourceFormat } from '#core/convert/number-format'
import { packGroups, typescriptKernel, unpackGroups } from '#core/convert/pack'
import { scaleGroups } from '#core/convert/scales'
import type { PackKernel } from '#core/convert/source'
import { createSimdKernel } from '#data/pack-kernel'
import { CASES, HUGE, LARGE } from './pack-cases'
import { encode, random } from './safetensors-fixture'
import { quantizeScalar, toFloat16 } from './scalar-quantization'

type Format = 'float16' | 'float32'

function pack(weights: Float32Array, format: Format) {
  const words = new Uint32Array(weights.length / 8)
  const groups = weights.length / 32
  const scales = format === 'float16' ? new Uint16Array(groups) : new Float32Array(groups)
  const problem = packGroups(weights, weights.length, words, scales)
  return { words, scales, problem }
}

const FOR: Record<Format, Record<string, Float32Array>> = {
  float16: { ...CASES, ...LARGE },
  float32: { ...CASES, ...LARGE, ...HUGE },
}
const ALL = (['float16', 'float32'] as const).flatMap((format) =>
  Object.entries(FOR[format]).map(([name, weights]) => [name, format, weights] as const),
)

describe('packed words and scales', () => {
  it.each(ALL)('%s, scales of %s: those of the definition', (_, format, weights) => {
    const { words, scales, problem } = pack(weights, format)
    const expected = quantizeScalar(weights, format)
    expect(problem).toBeNull()
    const values = scales instanceof Uint16Array ? [...scales].map(halfToFloat) : [...scales]
    expect(values).toEqual(expected.scales)
    expect([...words]).toEqual([...expected.words])
  })

  it.each(ALL)('%s, scales of %s: back within half a step', (_, format, weights) => {
    const { words, scales } = pack(weights, format)
    const back = unpackGroups(words, scales)
    for (const [at, weight] of weights.entries()) {
      const stored = scales[Math.floor(at / 32)]!
      const step = scales instanceof Uint16Array ? halfToFloat(stored) : stored
      // A scale that is no normal number has few bits left: weights may lie beyond 7 steps of it and are cut.
      const least = format === 'float16' ? 2 ** -14 : 2 ** -126
      if (step < least) expect(Math.abs(weight)).toBeLessThan(8 * least)
      else expect(Math.abs(back[at]! - weight)).toBeLessThanOrEqual(step * (0.5 + 1e-6))
    }
  })
})

const NUMPY = spawnSync('python3', ['-c', 'import numpy']).status === 0

describe.skipIf(!NUMPY)('against numpy (skipped where python3 has none)', () => {
  it.each(['float16', 'float32'] as const)('scales of %s: bit by bit the same', (format) => {
    const weights = Float32Array.from(Object.values(FOR[format]).flatMap((each) => [...each]))
    const script = `
import sys, numpy as np
mdt = np.${format}
g = np.frombuffer(sys.stdin.buffer.read(), np.float32).reshape(-1, 32)
with np.errstate(all='ignore'):
    scale = (np.abs(g).max(-1).astype(mdt) / mdt(7)).astype(mdt)
    s = np.where(scale == 0, mdt(1), scale)
    q = np.clip(np.rint(g / s[..., None] + 7), 0, 14).astype(np.uint32).reshape(-1, 8)
words = np.zeros(len(q), np.uint32)
for j in range(8): words |= q[:, j] << np.uint32(4 * j)
sys.stdout.buffer.write(words.tobytes() + scale.tobytes())`
    const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: new Uint8Array(weights.buffer) })
    expect(stderr.toString()).toBe('')
    const { words, scales } = pack(weights, format)
    expect(stdout.subarray(0, words.byteLength).equals(new Uint8Array(words.buffer))).toBe(true)
    expect(stdout.subarray(words.byteLength).equals(new Uint8Array(scales.buffer))).toBe(true)
  })
})

describe('numbers that cannot be kept', () => {
  it.each([Number.NaN, Infinity, -Infinity])('%d is refused by its index', (bad) => {
    for (const format of ['float16', 'float32'] as const) {
      const weights = random(32 * 10, 1, 0.05)
      weights[77] = bad
      weights[200] = bad
      expect(pack(weights, format).problem).toEqual({ kind: 'not-finite', index: 77 })
    }
  })

  it('a group that float16 cannot scale is refused, in float32 it is not', () => {
    const weights = random(32 * 10, 1, 0.05)
    weights[100] = 65_520
    expect(pack(weights, 'float16').problem).toEqual({ kind: 'scale-overflow', index: 96 })
    expect(pack(weights, 'float32').problem).toBeNull()
    weights[100] = 65_519
    expect(pack(weights, 'float16').problem).toBeNull()
  })
})

describe('the SIMD kernel', () => {
  const kernel = createSimdKernel()!
  const run = (pack: PackKernel, weights: Float32Array, source: SourceFormat, format: Format) => {
    const words = new Uint32Array(weights.length / 8)
    const groups = weights.length / 32
    const scales = format === 'float16' ? new Uint16Array(groups) : new Float32Array(groups)
    const problem = pack(source, Uint8Array.from(encode(weights, source)), words, scales)
    return { problem, words: [...words], scales: [...scales] }
  }

  it.each(
    ALL.flatMap((each) => (['F32', 'BF16', 'F16'] as const).map((source) => [...each, source] as const)),
  )('%s, scales of %s: the same bits as TypeScript', (_, format, weights, source) => {
    expect(run(kernel, weights, source, format)).toEqual(run(typescriptKernel, weights, source, format))
  })

  it('goes on over its own blocks, and tells the first obstacle by its index', () => {
    const weights = random(32 * 5000, 11, 0.05)
    for (const source of ['F32', 'BF16', 'F16'] as const)
      expect(run(kernel, weights, source, 'float16')).toEqual(
        run(typescriptKernel, weights, source, 'float16'),
      )
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      weights[32 * 3000 + 5] = bad
      for (const source of ['F32', 'BF16', 'F16'] as const)
        expect(run(kernel, weights, source, 'float16').problem).toEqual({
          ...{ kind: 'not-finite', index: 32 * 3000 + 5 },
        })
    }
    weights[32 * 3000 + 5] = 70_000
    expect(run(kernel, weights, 'BF16', 'float16').problem).toEqual({
      ...{ kind: 'scale-overflow', index: 32 * 3000 },
    })
  })
})

it('scales of every size are rounded as the definition says', () => {
  const below = [0, 0x0fff, 0x1000, 0x1001, 0x2000, 0x3000, 0x7fff, 0xffff]
  // Up to 65,535, and beyond where float16 ends.
  const given = Array.from({ length: 0x4790 * 8 }, (_, at) => ((at >> 3) << 16) | below[at & 7]!)
  const bits = Int32Array.from(given)
  const values = [...new Float32Array(bits.buffer)]
  const scales = new Uint16Array(1)
  for (const [at, value] of values.entries()) {
    const one = Int32Array.from([given[at]!])
    const expected = toFloat16(Math.fround(toFloat16(value) / 7))
    const problem = scaleGroups(one, 1, scales)
    if (problem) expect([problem.kind, expected]).toEqual(['scale-overflow', Infinity])
    else if (halfToFloat(scales[0]!) !== expected)
      expect([value, halfToFloat(scales[0]!)]).toEqual([value, expected])
    else if (new Float32Array(one.buffer)[0] !== (expected || 1)) expect(value).toBe('divided by its scale')
  }
})

describe('number formats', () => {
  it('every float16 survives the way to float32 and back', () => {
    for (let half = 0; half < 65_536; half++) {
      const value = halfToFloat(half)
      if (!Number.isNaN(value)) expect(floatToHalf(value)).toBe(half)
    }
  })

  it('float16 is rounded to nearest, ties to even, denormals and overflow included', () => {
    const values = [...random(5000, 9, 1)].flatMap((value, at) => [value * 2 ** (16 - (at % 44)), value])
    for (const given of [...values, 65_519.996, 65_520, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 2049, 2051, -0]) {
      const value = Math.fround(given)
      expect(halfToFloat(floatToHalf(value))).toBe(toFloat16(value))
    }
  })

  it.each(['F32', 'F16', 'BF16'] as const)('%s is read from any offset', (format) => {
    const values = random(33, 3, 1)
    const bytes = encode(values, format)
    const shifted = new Uint8Array(bytes.length + 1)
    shifted.set(bytes, 1)
    const read = new Float32Array(33)
    decode(format, shifted.subarray(1), read)
    expect([...read]).toEqual([...values].map((value) => (format === 'F16' ? toFloat16(value) : value)))
  })
})

/**
 * Speed of 4-bit packing on one core, in MB of the checkpoint's numbers a second: SIMD, plain TypeScript and, where
 * python3 has it, numpy with the same arithmetic on the same numbers, in turns within one run.
 */
import { spawnSync } from 'node:child_process'
import type { SourceFormat } from '#core/convert/number-format'
import { typescriptKernel } from '#core/convert/pack'
import type { PackKernel } from '#core/convert/source'
import { createSimdKernel } from '#data/pack-kernel'
import { spread, type Spread } from '../spread'
import { seededWeights } from './weight-bytes'

const MEGA = 1e6
/** Numbers of a block, as the converter hands them over. */
const BLOCK = 2 ** 20

/** Reads bfloat16, as a checkpoint has it, and packs it; prints seconds. */
const NUMPY = `
import sys, time, numpy as np
mdt = np.float16 if sys.argv[1] == 'float16' else np.float32
u = np.frombuffer(sys.stdin.buffer.read(), np.uint16)
start = time.perf_counter()
g = (u.astype(np.uint32) << 16).view(np.float32).reshape(-1, 1024, 32)
for part in g:
    scale = (np.abs(part).max(-1).astype(mdt) / mdt(7)).astype(mdt)
    s = np.where(scale == 0, mdt(1), scale)
    q = np.clip(np.rint(part / s[..., None] + 7), 0, 14).astype(np.uint32).reshape(-1, 8)
    words = np.zeros(len(q), np.uint32)
    for j in range(8): words |= q[:, j] << np.uint32(4 * j)
print(time.perf_counter() - start)`

/** MB of BF16, or of the format named, a second; null where this machine lacks it. */
export interface PackBench {
  simd: Spread | null
  simdFromF16: Spread | null
  simdFromF32: Spread | null
  typescript: Spread
  numpy: Spread | null
  /** SIMD, or else TypeScript, to numpy, in each round. */
  ratioToNumpy: Spread | null
}

/** Scales of float16 and of float32 in turns. */
export function benchPack(rounds: number, megabytes: number): PackBench {
  const simd = createSimdKernel()
  const blocks = Math.ceil((megabytes * MEGA) / (BLOCK * 2))
  const measured = Array.from({ length: rounds }, () => ['float16', 'float32'] as const)
    .flat()
    .map((scale) => ({
      simd: simd && speedOf(simd, 'BF16', scale, blocks),
      simdFromF16: simd && speedOf(simd, 'F16', scale, blocks),
      simdFromF32: simd && speedOf(simd, 'F32', scale, blocks),
      typescript: speedOf(typescriptKernel, 'BF16', scale, blocks),
      numpy: numpySpeed(scale, blocks),
    }))
  const known = (values: (number | null)[]) => {
    const numbers = values.filter((value) => value !== null)
    return numbers.length > 0 ? spread(numbers) : null
  }
  return {
    simd: known(measured.map((each) => each.simd)),
    simdFromF16: known(measured.map((each) => each.simdFromF16)),
    simdFromF32: known(measured.map((each) => each.simdFromF32)),
    typescript: spread(measured.map(({ typescript }) => typescript)),
    numpy: known(measured.map(({ numpy }) => numpy)),
    ratioToNumpy: known(
      measured.map(({ simd: fast, typescript, numpy }) => numpy && (fast ?? typescript) / numpy),
    ),
  }
}

function speedOf(
  kernel: PackKernel,
  format: SourceFormat,
  scale: 'float16' | 'float32',
  blocks: number,
): number {
  const source = seededWeights(BLOCK, format)
  const words = new Uint32Array(BLOCK / 8)
  const groups = BLOCK / 32
  const scales = scale === 'float16' ? new Uint16Array(groups) : new Float32Array(groups)
  kernel(format, source, words, scales)
  const start = performance.now()
  for (let block = 0; block < blocks; block++) {
    const problem = kernel(format, source, words, scales)
    if (problem) throw new Error(problem.kind)
  }
  return (blocks * source.length) / MEGA / ((performance.now() - start) / 1000)
}

function numpySpeed(scale: 'float16' | 'float32', blocks: number): number | null {
  const source = seededWeights(BLOCK, 'BF16')
  const input = Buffer.concat(Array.from({ length: blocks }, () => source))
  const { status, stdout } = spawnSync('python3', ['-c', NUMPY, scale], { input, encoding: 'utf8' })
  return status === 0 ? input.length / MEGA / Number(stdout) : null
}

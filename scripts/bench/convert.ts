/**
 * node scripts/run.mjs bench/convert [--megabytes N] [--rounds N]
 * Speed of 4-bit packing on one core, in MB of the checkpoint's numbers a second: SIMD, plain TypeScript and, where
 * python3 has it, numpy with the same arithmetic, in turns within one run. Only a quiet machine measures.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { BYTES_OF, type SourceFormat } from '#core/convert/number-format'
import { typescriptKernel } from '#core/convert/pack'
import type { PackKernel } from '#core/convert/source'
import { createSimdKernel } from '#data/pack-kernel'

const MEGA = 1e6
const LEAST_MB_PER_SECOND = 150
const LEAST_RATIO = 8
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

/** Exit code 1 where a bar is missed. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '128' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const simd = createSimdKernel()
  const blocks = Math.ceil((Number(values.megabytes) * MEGA) / (BLOCK * 2))
  const rows: Record<string, number | null>[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const scale of ['float16', 'float32'] as const) {
      const row = {
        simd: simd && speedOf(simd, 'BF16', scale, blocks),
        simdFromF16: simd && speedOf(simd, 'F16', scale, blocks),
        simdFromF32: simd && speedOf(simd, 'F32', scale, blocks),
        typescript: speedOf(typescriptKernel, 'BF16', scale, blocks),
        numpy: numpySpeed(scale, blocks),
      }
      rows.push(row)
      const cells = Object.entries(row).map(([name, value]) => `${name} ${value?.toFixed(0) ?? '-'}`)
      const ratio = row.simd && row.numpy ? (row.simd / row.numpy).toFixed(1) : '-'
      console.error(`scales ${scale}, MB/s: ${cells.join(', ')}; simd / numpy ${ratio}`)
    }
  }
  const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1] ?? 0
  const speed = median(rows.map(({ simd, typescript }) => simd ?? typescript ?? 0))
  const ratios = rows.flatMap(({ simd, numpy }) => (simd && numpy ? [simd / numpy] : []))
  const ratio = ratios.length > 0 ? median(ratios) : null
  console.log(JSON.stringify({ speedMBPerSecond: Math.round(speed), ratioToNumpy: ratio, rows }))
  return await Promise.resolve(speed >= LEAST_MB_PER_SECOND && (ratio ?? LEAST_RATIO) >= LEAST_RATIO ? 0 : 1)
}

function speedOf(
  kernel: PackKernel,
  format: SourceFormat,
  scale: 'float16' | 'float32',
  blocks: number,
): number {
  const source = numbers(BLOCK, format)
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
  const source = numbers(BLOCK, 'BF16')
  const input = Buffer.concat(Array.from({ length: blocks }, () => source))
  const { status, stdout } = spawnSync('python3', ['-c', NUMPY, scale], { input, encoding: 'utf8' })
  return status === 0 ? input.length / MEGA / Number(stdout) : null
}

/** Around 0 in a bell, of about 0.05, as weights are. */
function numbers(count: number, format: SourceFormat): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * BYTES_OF[format])
  const view = new DataView(bytes.buffer)
  let state = 12345
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5
  const float = new DataView(new ArrayBuffer(4))
  for (let at = 0; at < count; at++) {
    const value = (next() + next() + next()) * 0.1
    float.setFloat32(0, value)
    if (format === 'F32') view.setFloat32(at * 4, value, true)
    else if (format === 'BF16') view.setUint16(at * 2, float.getUint16(0), true)
    // Float16 with exponents of 2^-10 to 2^-3 and any fraction.
    else
      view.setUint16(at * 2, (value < 0 ? 0x8000 : 0) | (0x1400 + Math.floor((next() + 0.5) * 0x2000)), true)
  }
  return bytes
}

/** The converter: packing alone, the command, and the built app in a browser. */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { spreadText } from '../spread'
import { convertInBrowser } from './convert-in-browser'
import { convertOnCommandLine } from './convert-on-command-line'
import { writeLargeCheckpoint } from './large-checkpoint'
import { benchPack } from './pack'
import type { BenchOptions, Row } from './report'

const BARS = { packMB: 150, toNumpy: 8, perCpuSecond: 150, commandPeakMB: 600, tabPeakMB: 1000 }
/** Most that memory may differ between the two checkpoints, one of which is larger by 1.7 GB. */
const GROWTH_MB = 150
/** 1.3 GB and 3.0 GB of BF16; the largest tensor is the same. */
const LAYERS = [9, 27] as const

export async function benchConvert({ rounds, folder, browser }: BenchOptions): Promise<Row[]> {
  return [...packRows(rounds), ...(await wholeRows(folder, browser))]
}

function packRows(rounds: number): Row[] {
  const { simd, typescript, numpy, ratioToNumpy, simdFromF16, simdFromF32 } = benchPack(rounds, 128)
  const speed = simd ?? typescript
  const mb = (value: typeof simd) => (value ? spreadText(value, 0) : 'not here')
  return [
    {
      name: `packing BF16 to 4 bits on one core, MB/s, at least ${BARS.packMB}`,
      value: mb(speed),
      passed: speed.median >= BARS.packMB,
    },
    { name: 'the same from F16', value: mb(simdFromF16) },
    { name: 'the same from F32', value: mb(simdFromF32) },
    { name: 'the same in plain TypeScript', value: mb(typescript) },
    {
      name: 'numpy with the same arithmetic',
      value: numpy ? mb(numpy) : 'skipped: python3 with numpy is missing',
    },
    {
      name: `ours / numpy, at least ${BARS.toNumpy}`,
      value: ratioToNumpy ? spreadText(ratioToNumpy, 1) : 'skipped',
      ...(ratioToNumpy && { passed: ratioToNumpy.median >= BARS.toNumpy }),
    },
  ]
}

async function wholeRows(site: string, browser: string | undefined): Promise<Row[]> {
  const parent = mkdtempSync(join(tmpdir(), 'somnus-bench-'))
  const rows: Row[] = []
  const peaks: Record<'command' | 'tab', number[]> = { command: [], tab: [] }
  try {
    for (const layers of LAYERS) {
      const checkpoint = writeLargeCheckpoint(parent, layers)
      const size = `${(checkpoint.bytes / 1e9).toFixed(1)} GB`
      const jobs = [1, Math.min(8, availableParallelism())]
      const { runs, diskMegabytesPerSecond } = convertOnCommandLine(checkpoint, join(parent, 'out'), jobs)
      for (const run of runs)
        rows.push({
          name: `command, ${size}, ${run.jobs} ${run.jobs === 1 ? 'job' : 'jobs'}`,
          value: `${run.megabytesPerSecond.toFixed(0)} MB/s, ${run.megabytesPerCpuSecond.toFixed(0)} MB a second of processor time, ${run.peakMB} MB resident`,
          passed: run.peakMB < BARS.commandPeakMB && run.megabytesPerCpuSecond >= BARS.perCpuSecond,
        })
      rows.push({
        name: `only reading ${size} and writing what comes of it`,
        value: `${diskMegabytesPerSecond.toFixed(0)} MB/s`,
      })
      const inTab = await convertInBrowser(site, checkpoint, 'q4f16_1', browser)
      const peak = inTab.tabPeakMB
      rows.push({
        name: `browser, ${size}`,
        value: `${inTab.megabytesPerSecond.toFixed(0)} MB/s, ${peak === null ? 'memory cannot be read here' : `${peak.toFixed(0)} MB resident in the tab`}`,
        ...(peak !== null && { passed: peak < BARS.tabPeakMB }),
      })
      peaks.command.push(runs[0]!.peakMB)
      if (peak !== null) peaks.tab.push(peak)
      rmSync(checkpoint.folder, { recursive: true })
    }
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
  for (const [where, [small, large]] of Object.entries(peaks)) {
    if (small === undefined || large === undefined) continue
    rows.push({
      name: `memory for 1.7 GB more, ${where}, at most ${GROWTH_MB} MB more`,
      value: `${(large - small).toFixed(0)} MB`,
      passed: large - small <= GROWTH_MB,
    })
  }
  return rows
}

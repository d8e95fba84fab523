/** The converter's command on checkpoints of gigabytes: speed, processor time, memory, and what the disk alone takes. */
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RUNNER = fileURLToPath(new URL('../run.mjs', import.meta.url))
const MEGA = 1e6
const PIECE_BYTES = 2 ** 21

export interface CommandRun {
  jobs: number
  /** Of the checkpoint, from the first file opened to the last byte on the disk. */
  megabytesPerSecond: number
  /** Of the checkpoint, per second of processor time of all threads, the start of the command included. */
  megabytesPerCpuSecond: number
  peakMB: number
}

interface Report {
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  resultBytes: number
}

/** Converts to q4f16_1 with each number of jobs, and then only moves as many bytes. */
export function convertOnCommandLine(
  checkpoint: { folder: string; bytes: number },
  out: string,
  jobs: readonly number[],
): { runs: CommandRun[]; diskMegabytesPerSecond: number } {
  const reports = jobs.map((count) => runCommand(checkpoint.folder, out, count))
  const runs = reports.map((report, index) => ({
    jobs: jobs[index]!,
    megabytesPerSecond: checkpoint.bytes / MEGA / report.seconds,
    megabytesPerCpuSecond: checkpoint.bytes / MEGA / report.cpuSeconds,
    peakMB: report.peakMemoryMB,
  }))
  const seconds = secondsToMove(checkpoint.folder, out, reports[0]?.resultBytes ?? 0)
  return { runs, diskMegabytesPerSecond: checkpoint.bytes / MEGA / seconds }
}

function runCommand(source: string, out: string, jobs: number): Report {
  const args = [RUNNER, 'convert', source, out, '--quantization', 'q4f16_1', '--jobs', String(jobs)]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  rmSync(out, { recursive: true, force: true })
  if (status !== 0) throw new Error(`The conversion failed: ${stderr}`)
  return JSON.parse(stdout) as Report
}

/** Reads all files and writes as many bytes as the model has: what no converter can do without. */
function secondsToMove(folder: string, out: string, resultBytes: number): number {
  const piece = new Uint8Array(PIECE_BYTES)
  const began = performance.now()
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r')
    while (readSync(file, piece) > 0);
    closeSync(file)
  }
  const file = openSync(`${out}.moved`, 'w')
  for (let at = 0; at < resultBytes; at += piece.length)
    writeSync(file, piece, 0, Math.min(piece.length, resultBytes - at))
  fsyncSync(file)
  closeSync(file)
  const seconds = (performance.now() - began) / 1000
  rmSync(`${out}.moved`)
  return seconds
}

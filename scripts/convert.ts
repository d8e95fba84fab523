/**
 * npm run -s convert -- SOURCE OUT --quantization q4f16_1 [--jobs N] [--resume] [--template FAMILY]
 * Converts a checkpoint (a folder with config.json and .safetensors files) to a model for WebLLM. Progress goes to
 * standard error; standard output gets one line of JSON.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRESS_FILE } from '#core/convert/progress'
import { QUANTIZATIONS } from '#core/convert/quantization'
import { FAMILIES } from '#core/convert/template-families'
import { convertFolder, type FolderConversion } from './convert/convert-folder'
import { renderJinja } from '#worker/models/jinja'
import { durationText, failureText, preparationText, ProgressLines } from './convert/report'
import { readLibraries } from './library-file'

const USAGE = `Usage: npm run -s convert -- SOURCE OUT --quantization ${QUANTIZATIONS.join('|')} [--jobs N] [--resume] [--template ${FAMILIES.join('|')}]`
/** More do not read faster from any disk. */
const MOST_JOBS = 64
/** Unless asked for more: each takes some 40 MB, and the whole is to stay under 600. */
const USUAL_JOBS = 8

/** Exit codes: 0 converted, 1 could not be converted, 2 wrong arguments, 130 interrupted (Ctrl+C). */
export async function main(args: string[]): Promise<number> {
  const conversion = readArguments(args)
  if (typeof conversion === 'string') {
    console.error(`${conversion}\n${USAGE}`)
    return 2
  }
  const obstacle = outProblem(conversion)
  if (obstacle !== null) {
    console.error(obstacle)
    return 1
  }
  const { libraries } = await readLibraries()
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const start = performance.now()
  let lines: ProgressLines | undefined
  let kept = 0
  const result = await convertFolder(
    conversion,
    {
      onPrepared: (preparation) => {
        console.error(preparationText(preparation, libraries))
        lines = new ProgressLines(preparation, () => performance.now())
      },
      onKept: (shards) => {
        kept = shards.length
        lines?.keep(shards)
        if (kept > 0) console.error(`${kept} shards of an earlier run are whole and are kept`)
      },
      onProgress: (tensor, bytes) => {
        const line = lines?.line(tensor, bytes)
        if (line) console.error(line)
      },
    },
    renderJinja,
    controller.signal,
  )
  process.off('SIGINT', interrupt)
  process.off('SIGTERM', interrupt)
  if (!result.ok) {
    if (result.failure.kind === 'aborted') {
      console.error('Interrupted. --resume goes on with the shards that are whole.')
      return 130
    }
    console.error(failureText(result.failure))
    return 1
  }
  const seconds = (performance.now() - start) / 1000
  const { plan, template } = result.value
  console.error(`${conversion.out} is ready after ${durationText(seconds)}`)
  console.log(
    JSON.stringify({
      ...{ out: conversion.out, architecture: plan.architecture, quantization: plan.quantization },
      ...{ shards: plan.shards.length, kept, sourceBytes: plan.sourceBytes, resultBytes: plan.resultBytes },
      ...{ seconds: Number(seconds.toFixed(2)), conversation: template.family },
      ...{ isCompared: template.isCompared, differences: template.differences.length },
      ...usage(),
    }),
  )
  return 0
}

/** Of all threads, the start of the command included. */
function usage() {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  return {
    cpuSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(2)),
    peakMemoryMB: Math.round((maxRSS * 1024) / 1e6),
  }
}

/** What lies in OUT is never mixed with other files, nor overwritten unasked. */
function outProblem({ out, resume }: FolderConversion): string | null {
  if (!existsSync(out)) return null
  if (!statSync(out).isDirectory()) return `${out} is no folder.`
  if (readdirSync(out).length === 0) return null
  const hasProgress = existsSync(join(out, PROGRESS_FILE))
  if (resume && !hasProgress) return `${out} holds files, and no ${PROGRESS_FILE} to go on from.`
  if (resume) return null
  return `${out} is not empty. Give another folder${hasProgress ? ', or --resume to go on with the conversion that was begun there' : ''}.`
}

function parseOptions(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      quantization: { type: 'string' },
      jobs: { type: 'string' },
      resume: { type: 'boolean', default: false },
      template: { type: 'string' },
    },
  })
}

/** The arguments, or what is wrong with them. */
function readArguments(args: string[]): FolderConversion | string {
  let parsed: ReturnType<typeof parseOptions>
  try {
    parsed = parseOptions(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { positionals, values } = parsed
  const [source, out] = positionals
  if (!source || !out || positionals.length > 2) return 'SOURCE and OUT are two folders.'
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory()) return `There is no folder "${source}".`
  if (resolve(source) === resolve(out)) return 'SOURCE and OUT must be two folders.'
  const quantization = QUANTIZATIONS.find((each) => each === values.quantization)
  if (!quantization) return `--quantization must be one of ${QUANTIZATIONS.join(', ')}.`
  const family = FAMILIES.find((each) => each === values.template) ?? null
  if (values.template !== undefined && family === null)
    return `--template must be one of ${FAMILIES.join(', ')}.`
  const jobs = Number(values.jobs ?? Math.min(USUAL_JOBS, availableParallelism()))
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    return `--jobs must be a whole number from 1 to ${MOST_JOBS}.`
  return { source: resolve(source), out: resolve(out), quantization, family, jobs, resume: values.resume }
}

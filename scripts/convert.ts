/**
 * npm run -s convert -- SOURCE OUT --quantization q4f16_1 [--jobs N] [--resume] [--template FAMILY] [--adapter ADAPTER]…
 * Converts a checkpoint to a model for WebLLM. SOURCE is a folder with config.json and .safetensors files, a repository
 * of Hugging Face such as owner/name, or the address of a folder on any server; of an address only the bytes needed
 * are fetched, and none are stored. With --adapter ADAPTER, a LoRA adapter of any such place is merged; one with a `score`
 * head makes a reward model of it (docs/reward-model.md). Progress goes to standard error; standard output gets one line of JSON.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRESS_FILE } from '#core/convert/progress'
import { readArguments, USAGE } from './convert/arguments'
import { convertFolder, type FolderConversion } from './convert/convert-folder'
import { renderJinja } from '#worker/models/jinja'
import { durationText, failureText, preparationText, ProgressLines, waitingLine } from './convert/report'
import { readLibraries } from './library-file'

/** Exit codes: 0 converted, 1 could not be converted, 2 wrong arguments, 130 interrupted (Ctrl+C). */
export async function main(args: string[]): Promise<number> {
  const conversion = readArguments(args, process.env)
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
      onWaiting: (waiting) => {
        if (waiting) console.error(waitingLine(waiting, Date.now()))
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
  const { plan, template, chatConfig } = result.value
  console.error(`${conversion.out} is ready after ${durationText(seconds)}`)
  console.log(
    JSON.stringify({
      ...{ out: conversion.out, architecture: plan.architecture, quantization: plan.quantization },
      ...{ shards: plan.shards.length, kept, sourceBytes: plan.sourceBytes, resultBytes: plan.resultBytes },
      ...{ adapters: conversion.adapters?.length ?? 0, isRewardModel: 'somnus' in chatConfig },
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

/**
 * npm run -s golden-letters -- RUN.json [COUNT]
 * Prints the member `goldenLetters` of a WebLLM variant in models.json, from the file of a run that scored letters on a
 * device which passed the self-test; COUNT questions (4 unless told, at most 8).
 * Exit codes: 0 printed, 1 the run cannot be a reference, 2 wrong arguments.
 */
import { readFile } from 'node:fs/promises'
import { MOST_GOLDEN_ITEMS } from '#core/numerics/golden-letters'
import { goldenLettersOfRun } from '#core/numerics/golden-run'
import { readRunFile } from '#core/receipt/read'
import { finish } from '#core/steps'

const USAGE = 'Usage: npm run -s golden-letters -- RUN.json [COUNT]'
const USUAL_COUNT = 4

export async function main(args: string[]): Promise<number> {
  const [file, wanted, ...more] = args
  const count = wanted === undefined ? USUAL_COUNT : Number(wanted)
  if (file === undefined || more.length > 0 || !isCount(count)) {
    console.error(USAGE)
    return 2
  }
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) {
    console.error(`Cannot read ${file}`)
    return 2
  }
  const run = finish(readRunFile(text))
  const golden = run.ok ? goldenLettersOfRun(run.value, count) : run
  if (!golden.ok) {
    console.error(`${file}: ${JSON.stringify(golden.failure)}`)
    return 1
  }
  console.log(JSON.stringify(golden.value, null, 2))
  return 0
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MOST_GOLDEN_ITEMS
}

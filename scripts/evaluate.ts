/**
 * npm run -s evaluate -- --model ID --dataset FILE [--protocol generate|letters|both] [--limit N] [--seed S]
 *   [--max-tokens N] [--out R.json]
 * Lets a model answer a dataset in the built app, in an installed browser without a window, and prints one line
 * of JSON. Progress goes to standard error.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright'
import { build, preview } from 'vite'
import type { Evaluation, EvaluationFailure, EvaluationRequest, EvaluationStage } from '#app/evaluation'
import type { Result } from '#core/result'
import { OFFICIAL_DECODING, type Protocol } from '#core/run/types'
import { chromiumArgs, findChromium, NO_BROWSER } from './chromium.mjs'

const USAGE =
  'Usage: npm run -s evaluate -- --model ID --dataset FILE [--protocol generate|letters|both] [--limit N] [--seed S] [--max-tokens N] [--out R.json] [--profile FOLDER] [--no-build]'

const PROTOCOLS: readonly Protocol[] = ['generate', 'letters', 'both']

/**
 * Downloaded weights stay in the browser's profile, so that the next evaluation finds them. A browser keeps them
 * by origin, port included; so the port is always the same one (where it is taken, the next free one).
 */
const PROFILE = '.cache/evaluate-profile'
const PORT = 4174

interface Arguments {
  model: string
  dataset: string
  limit: number | null
  seed: number
  maxTokens: number
  protocol: Protocol
  out: string | undefined
  profile: string
  /** Uses the site in dist/ as it is. */
  noBuild: boolean
}

/** Exit codes: 0 evaluated, 1 could not be evaluated, 2 wrong arguments. */
export async function main(args: string[]): Promise<number> {
  const parsed = readArguments(args)
  if (typeof parsed === 'string') {
    console.error(`${parsed}\n${USAGE}`)
    return 2
  }
  const executablePath = findChromium()
  if (!executablePath) {
    console.error(NO_BROWSER)
    return 1
  }
  if (!parsed.noBuild) await build({ logLevel: 'error' })
  const server = await preview({ logLevel: 'error', preview: { port: PORT, host: '127.0.0.1' } })
  mkdirSync(parsed.profile, { recursive: true })
  const context = await chromium
    .launchPersistentContext(parsed.profile, {
      executablePath,
      // It would answer with the files of an earlier build.
      serviceWorkers: 'block',
      args: [...chromiumArgs, '--enable-unsafe-webgpu', '--disable-background-timer-throttling'],
    })
    .catch((error: unknown) => {
      // Its message goes on for pages; the first line says what happened.
      const [reason] = String(error).split('\n')
      console.error(
        `The browser did not start with the profile "${parsed.profile}" (${reason}). Is another evaluation using it? --profile FOLDER gives this one its own.`,
      )
    })
  if (!context) {
    await server.close()
    return 1
  }
  try {
    const page = await context.newPage()
    const outcome = await evaluateIn(page, `${server.resolvedUrls?.local[0]}?evaluate`, parsed)
    if (!outcome.ok) {
      console.error(`Could not evaluate: ${JSON.stringify(outcome.failure)}`)
      return 1
    }
    if (parsed.out) writeFileSync(parsed.out, JSON.stringify(outcome.value.run, null, 1))
    console.log(JSON.stringify(outcome.value.report))
    return 0
  } finally {
    await context.close()
    await server.close()
  }
}

async function evaluateIn(
  page: Page,
  url: string,
  { model, dataset, limit, seed, maxTokens, protocol }: Arguments,
): Promise<Result<Evaluation, EvaluationFailure>> {
  page.on('pageerror', (error) => console.error(error.message))
  let said = ''
  await page.exposeFunction('reportStage', (stage: EvaluationStage) => {
    const text = stageText(stage)
    if (text !== said) console.error(text)
    said = text
  })
  await page.goto(url)
  await page.waitForFunction(() => 'somnusEvaluate' in globalThis)
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'evaluation-file'
    document.body.append(input)
  })
  await page.setInputFiles('#evaluation-file', dataset)
  return page.evaluate(
    ([request]) => {
      const { somnusEvaluate, reportStage } = globalThis as unknown as {
        somnusEvaluate: (
          request: EvaluationRequest,
          onStage: (stage: EvaluationStage) => void,
        ) => Promise<Result<Evaluation, EvaluationFailure>>
        reportStage: (stage: EvaluationStage) => void
      }
      const file = document.querySelector<HTMLInputElement>('#evaluation-file')?.files?.[0]
      if (!file) throw new Error('The dataset did not reach the page.')
      return somnusEvaluate({ ...request, file }, reportStage)
    },
    [{ model, limit, seed, maxTokens, protocol }] as const,
  )
}

function stageText(stage: EvaluationStage): string {
  switch (stage.kind) {
    case 'importing':
      return 'Importing the dataset…'
    case 'loading-model':
      return `Loading the model: ${Math.round((stage.loadedBytes / Math.max(1, stage.totalBytes)) * 100)}%`
    case 'answering':
      return `Answered ${stage.answered} of ${stage.total}`
  }
}

function parseOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      model: { type: 'string' },
      dataset: { type: 'string' },
      limit: { type: 'string' },
      seed: { type: 'string' },
      'max-tokens': { type: 'string' },
      protocol: { type: 'string', default: 'generate' },
      out: { type: 'string' },
      profile: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
    },
  }).values
}

/** The arguments, or what is wrong with them. */
function readArguments(args: string[]): Arguments | string {
  let values: ReturnType<typeof parseOptions>
  try {
    values = parseOptions(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { model, dataset, out } = values
  if (!model) return '--model is missing.'
  if (!dataset) return '--dataset is missing.'
  if (!existsSync(dataset)) return `--dataset: there is no file "${dataset}".`
  const limit = wholeNumber(values.limit, 1)
  const seed = wholeNumber(values.seed, 0)
  const maxTokens = wholeNumber(values['max-tokens'], 1)
  if (Number.isNaN(limit)) return '--limit must be a whole number from 1.'
  if (Number.isNaN(seed)) return '--seed must be a whole number from 0.'
  if (Number.isNaN(maxTokens)) return '--max-tokens must be a whole number from 1.'
  const protocol = PROTOCOLS.find((known) => known === values.protocol)
  if (!protocol) return `--protocol must be one of ${PROTOCOLS.join(', ')}.`
  return {
    model,
    dataset: resolve(dataset),
    limit: limit ?? null,
    seed: seed ?? 0,
    maxTokens: maxTokens ?? OFFICIAL_DECODING.maxTokens,
    protocol,
    out,
    profile: resolve(values.profile ?? PROFILE),
    noBuild: values['no-build'],
  }
}

/** Undefined when the option is absent, NaN when it is no whole number from `least`. */
function wholeNumber(text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least ? number : Number.NaN
}

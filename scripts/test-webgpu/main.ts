/**
 * npm run -s test:webgpu -- --lib FILE.wasm [--weights DIR] [--browser PATH] [--headed] [--no-build]
 *   [--full [--questions N] [--max-tokens N]]
 * Runs real WebLLM in the real app in a real browser, with synthetic weights for whatever the library declares
 * or with real ones, and holds its numbers against a reference. Prints one line a check; exit code 0 when none
 * failed, 1 when one did, 2 for wrong arguments. See docs/test-webgpu.md.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp, releaseFor } from './app-build'
import { Checks, seconds } from './checks'
import { compareWithBare } from './compare'
import { readLibrary } from './library-facts'
import { runInApp } from './run-in-app'
import { syntheticModel } from './synthetic-model'
import { openWeights } from './weights-folder'
import { bareRoutes } from './bare'
import { openApp, serveSite } from '../served-site'

const CACHE = '.cache/test-webgpu'

export async function main(args: string[]): Promise<number> {
  const options = readArguments(args)
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  try {
    return (await run(options)) ? 0 : 1
  } catch (error) {
    console.error(`FAIL  ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

async function run(options: Options): Promise<boolean> {
  const checks = new Checks()
  const library = readLibrary(options.lib)
  const release = releaseFor(library.generation)
  const { architecture, quantization } = library.metadata
  checks.say(
    'library',
    `${architecture} ${quantization}, ${library.generation}, for WebLLM ${release.version}`,
  )
  if (options.full && !release.isShipped)
    checks.say('note', 'not the newest release: a trial of the comparison, not the comparison itself')
  const began = performance.now()
  const weights = options.weights ? openWeights(options.weights) : syntheticModel(library, resolve(CACHE))
  if (!weights) throw new Error(`${options.weights} holds no MLC model.`)
  checks.say('weights', `${weights.path} (${seconds(performance.now() - began)})`)

  const folder = options.noBuild
    ? resolve(CACHE, `app-${release.version}`)
    : await buildApp(release, resolve(CACHE))
  const site = await serveSite({
    folder,
    routes: bareRoutes(release, weights.path, library.path),
    browser: options.browser,
    headed: options.headed,
    browserArgs: ['--enable-unsafe-webgpu'],
  })
  try {
    const page = await openApp(site)
    checks.say('browser', site.context.browser()?.version() ?? 'unknown')
    const model = await runInApp(page, checks, library, weights, options.weights !== undefined)
    if (options.full && model) await compareWithBare(page, checks, model, options)
    return checks.allPassed
  } finally {
    await site.close()
  }
}

export interface Options {
  lib: string
  weights: string | undefined
  browser: string | undefined
  headed: boolean
  noBuild: boolean
  full: boolean
  /** Of the comparison with the bare engine. */
  questions: number
  maxTokens: number
}

/** The arguments, or what is wrong with them. */
function readArguments(args: string[]): Options | string {
  const { values } = parseArgs({
    args,
    options: {
      lib: { type: 'string' },
      weights: { type: 'string' },
      browser: { type: 'string' },
      headed: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      questions: { type: 'string', default: '100' },
      'max-tokens': { type: 'string', default: '64' },
    },
  })
  const { lib, weights, browser, headed, full } = values
  if (!lib) return '--lib FILE.wasm is missing.'
  for (const [name, path] of Object.entries({ lib, weights, browser }))
    if (path !== undefined && !existsSync(path)) return `--${name}: there is no "${path}".`
  const [questions, maxTokens] = [Number(values.questions), Number(values['max-tokens'])]
  if (!(questions >= 1) || !(maxTokens >= 1)) return '--questions and --max-tokens must be at least 1.'
  return {
    ...{ lib: resolve(lib), weights: weights && resolve(weights), browser },
    ...{ headed, noBuild: values['no-build'], full, questions, maxTokens },
  }
}

/**
 * npm run -s test:webgpu -- --lib FILE.wasm [--weights DIR | --convert [--swap kv|gate-up]] [--browser PATH]
 *   [--headed] [--no-build] [--full [--questions N] [--max-tokens N]]
 * Runs real WebLLM in the real app in a real browser, with synthetic weights for whatever the library declares, with
 * those of a synthetic checkpoint after our converter, or with real ones, and holds its numbers against a reference. With
 * --numerics: whether appending to the KV cache and reusing it is right, and how much faster (see numerics/options.ts).
 * Prints one line a check; exit code 0 when none failed, 1 when one did, 2 for wrong arguments. See docs/test-webgpu.md.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp, releaseFor } from './app-build'
import { Checks, seconds } from './checks'
import { compareWithBare } from './compare'
import { convertedModel } from './converted-model'
import { readLibrary, type LibraryFacts } from './library-facts'
import { runInApp, type TestedModel } from './run-in-app'
import { SWAPS, type Swap } from './synthetic-checkpoint'
import { syntheticModel } from './synthetic-model'
import { numericsMain } from './numerics/main'
import { openWeights } from './weights-folder'
import { bareRoutes } from './bare'
import { openApp, serveSite } from '../served-site'

const CACHE = '.cache/test-webgpu'

export async function main(args: string[]): Promise<number> {
  if (args.includes('--numerics')) return await numericsMain(args)
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
  const tested = await modelToTest(options, library, checks)
  const { weights } = tested
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
    const model = await runInApp(page, checks, library, tested)
    if (options.full && model) await compareWithBare(page, checks, model, options)
    return checks.allPassed
  } finally {
    await site.close()
  }
}

async function modelToTest(options: Options, library: LibraryFacts, checks: Checks): Promise<TestedModel> {
  const cache = resolve(CACHE)
  if (options.convert) {
    const converted = await convertedModel(library, cache, options.swap, checks)
    return { ...converted, isReal: false }
  }
  const weights = options.weights ? openWeights(options.weights) : syntheticModel(library, cache)
  if (!weights) throw new Error(`${options.weights} holds no MLC model.`)
  return { weights, checkpoint: undefined, isReal: options.weights !== undefined }
}

export interface Options {
  lib: string
  weights: string | undefined
  convert: boolean
  swap: Swap | undefined
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
      convert: { type: 'boolean', default: false },
      swap: { type: 'string' },
      browser: { type: 'string' },
      headed: { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      questions: { type: 'string', default: '100' },
      'max-tokens': { type: 'string', default: '64' },
    },
  })
  const { lib, weights, convert, browser, headed, full } = values
  if (!lib) return '--lib FILE.wasm is missing.'
  for (const [name, path] of Object.entries({ lib, weights, browser }))
    if (path !== undefined && !existsSync(path)) return `--${name}: there is no "${path}".`
  const swap = (Object.keys(SWAPS) as Swap[]).find((each) => each === values.swap)
  if (values.swap !== undefined && !(swap && convert))
    return `--swap must be one of ${Object.keys(SWAPS).join(', ')}, with --convert.`
  if (convert && weights) return '--convert makes its own weights; leave out --weights.'
  const [questions, maxTokens] = [Number(values.questions), Number(values['max-tokens'])]
  if (!(questions >= 1) || !(maxTokens >= 1)) return '--questions and --max-tokens must be at least 1.'
  return {
    ...{ lib: resolve(lib), weights: weights && resolve(weights), browser },
    ...{ convert, swap, headed, noBuild: values['no-build'], full, questions, maxTokens },
  }
}

/** `npm run -s test:webgpu -- --numerics …`: whether a device's logits are right, and what reuse of the cache gains. */
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { serveSite } from '../../served-site'
import { adapterOf } from '../app-driver'
import { releaseFor } from '../app-build'
import { Checks, seconds } from '../checks'
import { readLibrary } from '../library-facts'
import { syntheticModel } from '../synthetic-model'
import { openWeights } from '../weights-folder'
import { runFaults } from './faults'
import { addressesOn, buildWorker, ModelWorker, numericsRoutes, PAGE } from './host'
import { readNumericsOptions, type NumericsOptions } from './options'
import { runSelfTests } from './self-test'
import { runSequences } from './sequences'
import { assumedReport, type OpenModel } from './setting'
import { runSpeed } from './speed'
import type { LoadOptions } from './worker'

const CACHE = '.cache/test-webgpu'
const CONTEXT_TOKENS = 1024
/** On a software adapter, the checks of every access to memory cost more than the access. */
const SOFTWARE_FLAGS = ['--enable-dawn-features=disable_robustness']

export async function numericsMain(args: string[]): Promise<number> {
  const options = readNumericsOptions(args)
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  for (const path of [options.lib, options.weights])
    if (path !== undefined && !existsSync(path)) {
      console.error(`There is no "${path}".`)
      return 2
    }
  try {
    return (await run(options)) ? 0 : 1
  } catch (error) {
    console.error(`FAIL  ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

async function run(options: NumericsOptions): Promise<boolean> {
  const checks = new Checks()
  const library = readLibrary(options.lib)
  const release = releaseFor(library.generation)
  const { architecture, quantization } = library.metadata
  checks.say(
    'library',
    `${architecture} ${quantization}, ${library.generation}, for WebLLM ${release.version}`,
  )
  const weights = options.weights ? openWeights(options.weights) : syntheticModel(library, resolve(CACHE))
  if (!weights) throw new Error(`${options.weights} holds no MLC model.`)
  const folder = await buildWorker(release, resolve(CACHE))
  const openSite = async (flags: readonly string[]) => {
    const site = await serveSite({
      folder,
      routes: numericsRoutes(folder, weights.path, library.path),
      browser: options.browser,
      headed: options.headed,
      browserArgs: ['--enable-unsafe-webgpu', ...flags],
    })
    const page = await site.context.newPage()
    page.setDefaultTimeout(0)
    await page.goto(new URL(PAGE, site.url).href)
    return { site, page, adapter: await adapterOf(page) }
  }
  let opened = await openSite([])
  if (opened.adapter?.isSoftware) {
    await opened.site.close()
    opened = await openSite(SOFTWARE_FLAGS)
  }
  const { site, page, adapter } = opened
  try {
    if (!checks.check('adapter', adapter !== null, adapter?.name ?? 'this browser gives none') || !adapter)
      return false
    checks.say('browser', site.context.browser()?.version() ?? 'unknown')
    const thinning = options.thinning ?? (adapter.isSoftware ? 1 : 0)
    checks.say('kernels', kernelsText(thinning))
    const isHalfPrecision = quantization.includes('f16')
    const common = {
      ...addressesOn(site.url),
      weightFiles: readdirSync(weights.path),
      contextTokens: CONTEXT_TOKENS,
      requiresShaderF16: isHalfPrecision,
      thinning: thinning === 0 ? null : thinning,
    }
    let workers = 0
    const open: OpenModel = async ({
      isStock = false,
      mergeBarrier = true,
      hidesCacheLength = false,
    } = {}) => {
      const model = await ModelWorker.open(page, `model-${++workers}`)
      const began = performance.now()
      const request: LoadOptions = { ...common, mergeBarrier, hidesCacheLength }
      const { numerics, matrixProducts } = await model.call(isStock ? 'loadStock' : 'load', request)
      checks.say(
        isStock ? 'stock WebLLM' : 'the app’s engine',
        `loaded in ${seconds(performance.now() - began)}; barrier ${numerics?.mergeBarrier ?? 'not inserted'}; ` +
          `${matrixProducts.rewritten} matrix kernels rewritten, ${matrixProducts.asCompiled} unknown and as compiled`,
      )
      return model
    }
    const { parts, sequences, seed } = options
    let report = assumedReport(isHalfPrecision)
    if (parts.includes('self-test')) report = await runSelfTests(checks, open, adapter.isSoftware)
    if (parts.includes('faults')) await runFaults(checks, open, report, seed)
    if (parts.includes('speed')) await runSpeed(checks, open, report, options)
    if (parts.includes('sequences')) await runSequences(checks, open, report, sequences, seed)
    return checks.allPassed
  } finally {
    await site.close()
  }
}

function kernelsText(thinning: number): string {
  if (thinning === 0) return 'numbers with all kernels as shipped'
  const thin = thinning === 1 ? '' : `, which take one in ${thinning} groups of weights`
  return `numbers with rewritten matrix kernels${thin}; attention kernels as shipped`
}

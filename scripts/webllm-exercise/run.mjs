// Runs the WebLLM adapter for real where no model library of the shipped release can be had: an older release
// of the package, a library compiled for it and weights in MLC's format are given from outside.
// Usage: node scripts/webllm-exercise/run.mjs --package DIR --lib FILE.wasm --weights DIR
//          [--manifest ndarray-cache.json] [--context 512] [--tokens 2] [--chunks]
// DIR of --package is the folder of an installed @mlc-ai/web-llm; prints one JSON line a step.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { createServer, searchForWorkspaceRoot } from 'vite'
import { chromiumArgs, findChromium, NO_BROWSER } from '../chromium.mjs'

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    lib: { type: 'string' },
    weights: { type: 'string' },
    manifest: { type: 'string', default: 'ndarray-cache.json' },
    context: { type: 'string', default: '512' },
    tokens: { type: 'string', default: '2' },
    chunks: { type: 'boolean', default: false },
  },
})
if (!values.package || !values.lib || !values.weights) {
  console.error('Needs --package, --lib and --weights; see the head of this file.')
  process.exit(2)
}
const executablePath = findChromium()
if (!executablePath) {
  console.error(NO_BROWSER)
  process.exit(2)
}
const packageFolder = resolve(values.package)
const weightsFolder = resolve(values.weights)
const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))

const TYPES = { '.json': 'application/json', '.wasm': 'application/wasm' }
const WEIGHTS_PREFIX = '/exercise/weights/resolve/main/'

/** The library and the weights, under addresses like those of the places that publish them. */
function fileOf(pathname) {
  if (pathname === '/exercise/library.wasm') return resolve(values.lib)
  if (!pathname.startsWith(WEIGHTS_PREFIX)) return undefined
  const name = normalize(pathname.slice(WEIGHTS_PREFIX.length))
  return name.startsWith('..') ? undefined : join(weightsFolder, name)
}

const serveExercise = {
  name: 'webllm-exercise',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const { pathname } = new URL(request.url, 'http://localhost')
      if (!pathname.startsWith('/exercise/')) return next()
      const file = fileOf(pathname)
      if (!file || !existsSync(file)) {
        response.writeHead(404).end()
        return
      }
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-length': statSync(file).size,
      })
      createReadStream(file).pipe(response)
    })
  },
}

const server = await createServer({
  logLevel: 'error',
  plugins: [serveExercise],
  resolve: { alias: { '@mlc-ai/web-llm': join(packageFolder, 'lib/index.js') } },
  optimizeDeps: { noDiscovery: true, exclude: ['@mlc-ai/web-llm'] },
  server: {
    port: 0,
    watch: null,
    hmr: false,
    fs: { allow: [searchForWorkspaceRoot(process.cwd()), packageFolder] },
  },
})
await server.listen()
const browser = await chromium.launch({ executablePath, args: [...chromiumArgs, '--enable-unsafe-webgpu'] })
try {
  const page = await browser.newPage()
  page.setDefaultTimeout(0)
  page.on('pageerror', (error) => console.error(error))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(message.text())
  })
  // Any address of the server will do, as long as it runs nothing of its own.
  await page.goto(
    new URL('/exercise/weights/resolve/main/mlc-chat-config.json', server.resolvedUrls.local[0]).href,
  )
  await page.exposeFunction('report', (step, outcome) =>
    console.log(JSON.stringify({ step, ...wrap(outcome) })),
  )
  console.log(JSON.stringify({ step: 'start', webllm: version, browser: browser.version() }))
  await page.evaluate(
    async ([script, setup]) => {
      const { exercise } = await import(script)
      await exercise(setup, window.report)
    },
    [
      '/scripts/webllm-exercise/page.ts',
      {
        version,
        manifestName: values.manifest,
        contextTokens: Number(values.context),
        maxTokens: Number(values.tokens),
        chunks: values.chunks,
      },
    ],
  )
} finally {
  await browser.close()
  await server.close()
}

function wrap(outcome) {
  return Array.isArray(outcome) ? { events: outcome } : outcome
}

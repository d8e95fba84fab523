/**
 * npm run -s bench -- [--rounds N] [--prompts N] [--megabytes N] [--browser PATH] [--no-build]
 * What the app costs, in one browser: its CPU engine against bare wllama, and its model store under a download.
 * Prints a table and a line of JSON; exit code 1 when the engine misses its bar. Only a quiet machine measures.
 */
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { filesRoute, openApp, serveSite } from '../served-site'
import { spreadText } from '../spread'
import { benchEngine } from './engine'
import { benchStore } from './store'

const LEAST_RATIO = 0.97
const HERE = fileURLToPath(new URL('.', import.meta.url))
const WLLAMA = fileURLToPath(new URL('../../node_modules/@wllama/wllama/esm', import.meta.url))

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '9' },
      prompts: { type: 'string', default: '20' },
      megabytes: { type: 'string', default: '300' },
      browser: { type: 'string' },
      folder: { type: 'string', default: 'dist' },
      'no-build': { type: 'boolean', default: false },
    },
  })
  if (!values['no-build']) await build({ logLevel: 'error', build: { outDir: values.folder } })
  const site = await serveSite({
    folder: values.folder,
    routes: [filesRoute('/beside/wllama/', WLLAMA), filesRoute('/beside/', HERE)],
    browser: values.browser,
  })
  try {
    const page = await openApp(site)
    await page.getByRole('link', { name: 'Models', exact: true }).first().click()
    const store = await benchStore(page, Number(values.megabytes) * 1_000_000)
    const engine = await benchEngine(page, Number(values.rounds), Number(values.prompts))
    const rows: [string, string][] = [
      ['CPU engine in the app, tokens/s', spreadText(engine.app, 1)],
      ['bare wllama, tokens/s', spreadText(engine.bare, 1)],
      [`app / bare, at least ${LEAST_RATIO}`, spreadText(engine.ratio, 3)],
      ['the same, fastest reply to each prompt', engine.fastestRatio.toFixed(3)],
      [
        `download of ${values.megabytes} MB, fetched, hashed, written`,
        `${store.downloadMBPerSecond.toFixed(0)} MB/s`,
      ],
      ['verification, read and hashed', `${store.verifyMBPerSecond.toFixed(0)} MB/s`],
      ['longest task of the page meanwhile', `${store.longestTaskMs.toFixed(0)} ms`],
      ['longest delay of a timer meanwhile', `${store.longestDelayMs.toFixed(0)} ms`],
    ]
    const width = Math.max(...rows.map(([name]) => name.length))
    for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`)
    console.log(JSON.stringify({ browser: site.context.browser()?.version(), engine, store }))
    return engine.ratio.median >= LEAST_RATIO ? 0 : 1
  } finally {
    await site.close()
  }
}

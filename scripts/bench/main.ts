/**
 * npm run -s bench -- [--only PART,...] [--rounds N] [--prompts N] [--megabytes N] [--questions N] [--browser PATH] [--no-build]
 * Parts: store (a download into the model store), engine (the CPU engine in the app against bare wllama), letters
 * (a run of single forward passes against a bare loop), reuse (letters of questions with a shared beginning, with and
 * without what was read of it), strategy (self-consistency against one sample), convert (the converter: packing, command, browser), results
 * (the results page of 100,000 answers), chat (a reply of 100 tokens/s in a conversation of 200 messages), chats
 * (list and search of 2,000 conversations). Every number is one of this machine in this minute; only a quiet machine
 * measures, and only ratios within one run mean something elsewhere. Prints a table; exit code 1 where a bar is missed.
 */
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Page } from 'playwright'
import { filesRoute, openApp, serveSite } from '../served-site'
import { spreadText } from '../spread'
import { benchChat } from './chat'
import { benchChats } from './chats'
import { benchConvert } from './convert'
import { benchEngine } from './engine'
import { rowText, type BenchOptions, type Row } from './report'
import { letterRows } from './letters'
import { benchResults } from './results'
import { benchReuse } from './reuse'
import { benchStore } from './store'
import { strategyRows } from './strategy'

const LEAST_RATIO = 0.97
const HERE = fileURLToPath(new URL('.', import.meta.url))
const WLLAMA = fileURLToPath(new URL('../../node_modules/@wllama/wllama/esm', import.meta.url))

const PARTS: Record<string, (options: BenchOptions) => Promise<Row[]>> = {
  store: (options) => inApp(options, storeRows),
  engine: (options) => inApp(options, engineRows),
  letters: (options) => inApp(options, letterRows),
  reuse: benchReuse,
  strategy: (options) => inApp(options, strategyRows),
  convert: benchConvert,
  results: benchResults,
  chat: benchChat,
  chats: benchChats,
}

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: Object.keys(PARTS).join() },
      rounds: { type: 'string', default: '9' },
      prompts: { type: 'string', default: '20' },
      megabytes: { type: 'string', default: '300' },
      questions: { type: 'string', default: '100' },
      browser: { type: 'string' },
      folder: { type: 'string', default: 'dist' },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const wanted = values.only.split(',')
  const unknown = wanted.find((name) => !(name in PARTS))
  if (unknown !== undefined) {
    console.error(`There is no part "${unknown}"; there are ${Object.keys(PARTS).join(', ')}.`)
    return 2
  }
  if (!values['no-build']) await build({ logLevel: 'error', build: { outDir: values.folder } })
  const [rounds, prompts, megabytes, questions] = [
    values.rounds,
    values.prompts,
    values.megabytes,
    values.questions,
  ].map(Number)
  const options = {
    ...{ rounds: rounds!, prompts: prompts!, megabytes: megabytes!, questions: questions! },
    ...{ folder: values.folder, browser: values.browser },
  }
  let passed = true
  for (const name of wanted) {
    const rows = await PARTS[name]!(options)
    const width = Math.max(...rows.map((row) => row.name.length))
    console.log(`${name}`)
    for (const row of rows) console.log(rowText(row, width))
    passed &&= rows.every((row) => row.passed !== false)
  }
  return passed ? 0 : 1
}

/** In a browser of its own, on the Models page of the built app. */
async function inApp(
  options: BenchOptions,
  measure: (page: Page, options: BenchOptions) => Promise<Row[]>,
): Promise<Row[]> {
  const site = await serveSite({
    folder: options.folder,
    routes: [filesRoute('/beside/wllama/', WLLAMA), filesRoute('/beside/', HERE)],
    browser: options.browser,
  })
  try {
    const page = await openApp(site)
    await page.getByRole('link', { name: 'Models', exact: true }).first().click()
    return await measure(page, options)
  } finally {
    await site.close()
  }
}

async function storeRows(page: Page, { megabytes }: BenchOptions): Promise<Row[]> {
  const store = await benchStore(page, megabytes * 1_000_000)
  return [
    {
      name: `download of ${megabytes} MB, fetched, hashed, written`,
      value: `${store.downloadMBPerSecond.toFixed(0)} MB/s`,
    },
    { name: 'verification, read and hashed', value: `${store.verifyMBPerSecond.toFixed(0)} MB/s` },
    { name: 'longest task of the page meanwhile', value: `${store.longestTaskMs.toFixed(0)} ms` },
    { name: 'longest delay of a timer meanwhile', value: `${store.longestDelayMs.toFixed(0)} ms` },
  ]
}

async function engineRows(page: Page, { rounds, prompts }: BenchOptions): Promise<Row[]> {
  const engine = await benchEngine(page, rounds, prompts)
  return [
    { name: 'CPU engine in the app, tokens/s', value: spreadText(engine.app, 1) },
    { name: 'bare wllama, tokens/s', value: spreadText(engine.bare, 1) },
    {
      name: `app / bare, at least ${LEAST_RATIO}`,
      value: spreadText(engine.ratio, 3),
      passed: engine.ratio.median >= LEAST_RATIO,
    },
    { name: 'the same, fastest reply to each prompt', value: engine.fastestRatio.toFixed(3) },
  ]
}

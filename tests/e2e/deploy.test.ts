/** The built folder on hosts of other kinds than the preview server that the other tests use. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import { serve } from '../../scripts/serve.mjs'
import { chooseFiles, openBenchmark, startSample, storedEvents, waitForFinish } from './benchmark'
import { keptOffline } from './site'

const QUESTIONS = 2
const PATIENCE_MS = 60_000

let folder: string
let browser: Browser

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'somnus-deploy-'))
  cpSync('dist', join(folder, 'stick'), { recursive: true })
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumArgs })
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated)

async function openPage(url: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, faults }
}

test('a host without any headers, below a path: the second load has them, and the model answers', async () => {
  const bare = join(folder, 'bare')
  cpSync('dist', bare, { recursive: true })
  writeFileSync(join(bare, '_headers'), '')
  const { server, url }: { server: Server; url: string } = await serve({
    ...{ folder: bare, port: 0, base: '/some/base/', host: '127.0.0.1' },
  })
  const { page, faults } = await openPage(url)
  expect(new URL(page.url()).pathname).toBe('/some/base/')
  expect(await isIsolated(page)).toBe(false)
  await keptOffline(page)

  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await isIsolated(page)).toBe(true)

  await openBenchmark(page)
  await chooseFiles(page, 'public/datasets/formulary_en.json')
  await startSample(page, QUESTIONS, 40)
  await waitForFinish(page, PATIENCE_MS)
  const answered = (await storedEvents(page)).filter(({ kind }) => kind === 'answered')
  expect(answered).toHaveLength(QUESTIONS)
  expect(faults).toEqual([])
  await page.context().close()
  server.close()
})

test('the folder alone, with the server in it: the first load has all headers', async () => {
  const stick = join(folder, 'stick')
  const { process: running, url } = await started(stick)
  const { page, faults } = await openPage(url)
  expect(await isIsolated(page)).toBe(true)
  const answer = await page.request.get(url)
  expect(answer.headers()['content-security-policy']).toContain("connect-src 'self'")
  expect(faults).toEqual([])
  await page.context().close()
  running.kill()
})

/** Runs `node serve.mjs` as a person would, from elsewhere; resolves once it says where it is. */
function started(stick: string): Promise<{ process: ChildProcess; url: string }> {
  const running = spawn(process.execPath, [join(stick, 'serve.mjs'), '--port', '0'], { cwd: tmpdir() })
  return new Promise((resolve, reject) => {
    running.on('exit', (code) => reject(new Error(`The server ended with ${code}.`)))
    running.stdout.on('data', (text: Buffer) => {
      const url = /running at (\S+)/.exec(text.toString())?.[1]
      if (url) resolve({ process: running, url })
    })
  })
}

/** Tabs as a user has them: the one in front is visible, the others are hidden and throttled. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import { connectTo } from './connect'

export interface RealTabs {
  context: BrowserContext
  close(): Promise<void>
}

/** A browser without Playwright's own settings, which keep every page visible and at full speed. */
export async function openRealTabs(): Promise<RealTabs> {
  const profile = await mkdtemp(join(tmpdir(), 'somnus-tabs-'))
  const child = spawn(
    findChromium() ?? chromium.executablePath(),
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--lang=en-US',
      ...chromiumArgs,
      // Rather than the page for new tabs, which does much while the test connects.
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`The browser ended: ${output}`)))
  })
  const browser = await connectTo(address, { noDefaults: true }).catch((error: unknown) => {
    child.kill()
    throw error
  })
  const [context] = browser.contexts()
  if (!context) throw new Error('The browser has no default context.')
  return {
    context,
    async close() {
      await browser.close()
      child.kill()
      await gone
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A browser with a profile on the disk, whose process a test can kill as a power cut or a crash does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chromium, type Page } from 'playwright'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import { connectTo } from './connect'

export interface KillableBrowser {
  page: Page
  /** SIGKILL to the browser and its children; ends when they are gone. */
  kill(): Promise<void>
}

export async function launchKillable(profile: string): Promise<KillableBrowser> {
  const browser = spawn(
    findChromium() ?? chromium.executablePath(),
    [
      ...chromiumArgs,
      '--headless=new',
      '--no-default-browser-check',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    // A process group of its own: its children are killed with it, and nothing else is.
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const connection = await connectTo(await debuggingAddress(browser))
  const context = connection.contexts()[0]
  if (!context) throw new Error('The browser has no context.')
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    page,
    async kill() {
      const ended = new Promise((resolve) => browser.once('exit', resolve))
      if (browser.exitCode === null && browser.signalCode === null) {
        signalGroup(browser, 'SIGKILL')
        await ended
      }
      while (signalGroup(browser, 0)) await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

function debuggingAddress(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    browser.stderr?.on('data', (text: Buffer) => {
      output += text.toString()
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1]
      if (address) resolve(address)
    })
    browser.once('exit', () => reject(new Error(`The browser ended: ${output}`)))
  })
}

/** False where no process of the group is left. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

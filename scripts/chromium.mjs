// Finds a Chromium-family browser for tests and the headless command line.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** The environment variable that names the browser to use. */
export const BROWSER_VARIABLE = 'SOMNUS_BROWSER'

const NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const FIXED_PATHS = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter(Boolean)
    .flatMap((root) => [
      join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
}

export const NO_BROWSER = `No Chrome, Chromium or Edge found. Install one (Debian/Ubuntu: "apt-get install chromium"; any system: "npx playwright install chromium"), or set ${BROWSER_VARIABLE} to its executable.`

// Chromium refuses its sandbox to root; the rest keeps it from calling home while tests run.
export const chromiumArgs = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of NAMES) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (existsSync(path)) return path
    }
  }
  return undefined
}

function playwrightBrowser() {
  try {
    const path = createRequire(import.meta.url)('playwright').chromium.executablePath()
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/**
 * The executable of a browser: the one named by SOMNUS_BROWSER, else an installed Chrome, Chromium or Edge,
 * else Playwright's own download. Undefined when there is none.
 */
export function findChromium() {
  const named = process.env[BROWSER_VARIABLE]
  if (named) {
    if (!existsSync(named)) throw new Error(`${BROWSER_VARIABLE} names "${named}", which does not exist.`)
    return named
  }
  return (
    onPath() ?? (FIXED_PATHS[process.platform] ?? []).find((path) => existsSync(path)) ?? playwrightBrowser()
  )
}

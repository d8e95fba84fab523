/** Kills of a browser at random moments, each followed by a look at what is stored. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { RandomBelow } from '#core/run/random'
import { launchKillable } from '../../tests/e2e/killable-browser'
import { readStored, TOLD, type Scenario } from './scenario'

/** A file of the site that does not start the app. */
const QUIET_FILE = 'icon.svg'
const START_LIMIT_MS = 30_000

export interface KillOptions {
  /** Of the built site; ends with "/". */
  url: string
  count: number
  random: RandomBelow
  /** Called after each kill with what was wrong after it. */
  onKill?: (faults: readonly string[]) => void
}

/** One profile, killed `count` times in the middle of the scenario's work; gives all that was found wrong. */
export async function killOften(scenario: Scenario, options: KillOptions): Promise<string[]> {
  const { url, count, random, onKill } = options
  const profile = mkdtempSync(join(tmpdir(), `somnus-kills-${scenario.name}-`))
  const told: string[] = []
  const all: string[] = []
  try {
    for (let kill = 0; kill < count; kill++) {
      await workAndDie(scenario, { url, profile, told, afterMs: random(scenario.windowMs) })
      const faults = await lookAfterwards(scenario, { url, profile, told })
      onKill?.(faults)
      all.push(...faults.map((fault) => `${scenario.name}, kill ${kill + 1}: ${fault}`))
    }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return all
}

interface Visit {
  url: string
  profile: string
  told: string[]
}

async function workAndDie(
  scenario: Scenario,
  { url, profile, told, afterMs }: Visit & { afterMs: number },
): Promise<void> {
  const browser = await launchKillable(profile)
  const { page } = browser
  listen(page, told)
  try {
    if (scenario.prepare) {
      await page.goto(`${url}${QUIET_FILE}`)
      await scenario.prepare(page)
    }
    const working = page
      .goto(`${url}?evaluate`, { waitUntil: 'commit' })
      .then(() => (scenario.prepare ? undefined : started(page)))
      .then(() => scenario.work(page))
    // Only a scenario whose work is the start itself may be killed before the start is done.
    if (!scenario.prepare) await working
    else working.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
  } finally {
    await browser.kill()
  }
}

async function lookAfterwards(scenario: Scenario, { url, profile, told }: Visit): Promise<string[]> {
  const browser = await launchKillable(profile)
  try {
    await browser.page.goto(`${url}?evaluate`)
    await started(browser.page)
    return await scenario.faults(await readStored(browser.page), told, browser.page)
  } catch (error) {
    return [`the app did not start: ${String(error)}`]
  } finally {
    await browser.kill()
  }
}

function listen(page: Page, told: string[]): void {
  page.on('console', (message) => {
    if (message.text().startsWith(TOLD)) told.push(message.text().slice(TOLD.length))
  })
}

async function started(page: Page): Promise<void> {
  await page.waitForFunction(() => 'somnusStores' in globalThis, null, { timeout: START_LIMIT_MS })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectEachAnsweredOnce, storedEvents, waitForFinish } from './benchmark'
import { serve } from '../../scripts/serve.mjs'
import { launchKillable, type KillableBrowser } from './killable-browser'
import { keptOffline, watchFaults } from './site'

/** The demo takes about a minute; slow machines may take this long. */
const DEMO_LIMIT_MS = 400_000
const LEAST_RECALL_ACCURACY = 0.98

let profile: string
let browser: KillableBrowser | undefined
beforeAll(() => {
  profile = mkdtempSync(join(tmpdir(), 'somnus-demo-'))
})
afterAll(async () => {
  await browser?.kill()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
})

/** Visits the site once; when the browser and the site's server are gone, gives the site's address. */
async function visitOnce(): Promise<string> {
  const { server, url } = await serve({ folder: 'dist', port: 0 })
  browser = await launchKillable(profile)
  await browser.page.goto(url)
  await keptOffline(browser.page)
  await browser.kill()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return url
}

test(
  'after one visit, in a browser that was killed and without a network: from the first screen to a score that can be checked, with nothing sent anywhere',
  async () => {
    const url = await visitOnce()
    browser = await launchKillable(profile)
    const { page } = browser
    const faults = watchFaults({ url }, page)
    await page.goto(url)
    await page.getByRole('button', { name: 'Run the demo' }).click()
    await waitForFinish(page, DEMO_LIMIT_MS)

    const events = await storedEvents(page)
    const total = events.filter(({ kind }) => kind === 'answered').length
    expect(total).toBeGreaterThanOrEqual(200)
    expectEachAnsweredOnce(events, total)

    await page.getByRole('link', { name: 'See the result' }).click()
    await page.getByRole('table').first().waitFor()
    const shown = await page.evaluate(() =>
      [...document.querySelectorAll('main table tr')]
        .map((row) => row.textContent)
        .filter((text) => text.includes('System 1:'))
        .join('\n'),
    )

    const answers = events.flatMap(({ answer }) => answer ?? []) as unknown as {
      item: { language: string; level: number; targetIndex: number }
      officialLetter: string
    }[]
    const recalled = answers.filter(({ item }) => item.level === 1)
    const accuracy = (some: typeof answers) =>
      some.filter(({ item, officialLetter }) => officialLetter === 'ABCDE'[item.targetIndex]).length /
      some.length
    expect(accuracy(recalled)).toBeGreaterThanOrEqual(LEAST_RECALL_ACCURACY)
    // What the page shows is what the stored letters give.
    for (const language of ['en', 'zh']) {
      const percent = 100 * accuracy(recalled.filter(({ item }) => item.language === language))
      expect(shown).toContain(`${percent.toFixed(1)}%`)
    }
    expect(faults).toEqual([])
  },
  DEMO_LIMIT_MS + 60_000,
)

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectEachAnsweredOnce, storedEvents, waitForFinish } from './benchmark'
import { openSite, visit, type Site } from './site'

/** The demo takes about a minute; slow machines may take this long. */
const DEMO_LIMIT_MS = 400_000
const LEAST_RECALL_ACCURACY = 0.98

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test(
  'from the first screen to a score that can be checked, with nothing sent anywhere',
  async () => {
    const { context, page, faults } = await visit(site)
    await page.getByRole('button', { name: 'Run the demo' }).click()
    await waitForFinish(page, DEMO_LIMIT_MS)

    const events = await storedEvents(page)
    const total = events.filter(({ kind }) => kind === 'answered').length
    expect(total).toBeGreaterThanOrEqual(200)
    expectEachAnsweredOnce(events, total)

    await page.getByRole('link', { name: 'See the result' }).click()
    const levels = page.getByRole('table').first()
    await levels.waitFor()
    const recall = await page.evaluate(() => {
      const rows = [...document.querySelectorAll('main table tr')].map((row) => row.textContent)
      return rows.filter((text) => text.includes('System 1:'))
    })
    expect(recall.length).toBeGreaterThan(0)

    const answers = events.flatMap(({ answer }) => answer ?? []) as unknown as {
      item: { level: number; targetIndex: number }
      officialLetter: string
    }[]
    const first = answers.filter(({ item }) => item.level === 1)
    const right = first.filter(({ item, officialLetter }) => officialLetter === 'ABCDE'[item.targetIndex])
    expect(right.length / first.length).toBeGreaterThanOrEqual(LEAST_RECALL_ACCURACY)
    expect(faults).toEqual([])
    await context.close()
  },
  DEMO_LIMIT_MS + 60_000,
)

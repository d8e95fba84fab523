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
    await context.close()
  },
  DEMO_LIMIT_MS + 60_000,
)

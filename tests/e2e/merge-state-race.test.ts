/** The page that shows the race in the attention kernel to others (docs/upstream/merge-state-race). */
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'

interface Race {
  adapter: { subgroupMaxSize: number }
  results: { barrier: boolean; invocations: number; wrongRows: number }[]
}

test('without a barrier rows that span subgroups are wrong, with it none is', async () => {
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...chromiumArgs, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  })
  try {
    const page = await browser.newPage()
    await page.route('**/*', (route) => {
      const name = new URL(route.request().url()).pathname.slice(1) || 'index.html'
      const file = new URL(`../../docs/upstream/merge-state-race/${name}`, import.meta.url)
      const contentType = name.endsWith('.js') ? 'text/javascript' : 'text/html'
      return name === 'favicon.ico'
        ? route.abort()
        : route.fulfill({ contentType, body: readFileSync(file, 'utf8') })
    })
    await page.goto('http://localhost/')
    await expect.poll(() => page.locator('#verdict').textContent(), { timeout: 30_000 }).not.toBe('')
    const race = await page.evaluate<Race | undefined>('globalThis.race')
    if (!race) return expect(await page.locator('#verdict').textContent()).toMatch('no WebGPU adapter')
    const narrow = race.results.filter(({ invocations }) => invocations > race.adapter.subgroupMaxSize)
    expect(narrow.length).toBeGreaterThan(0)
    for (const { barrier, wrongRows } of narrow) expect(wrongRows > 0, `barrier: ${barrier}`).toBe(!barrier)
  } finally {
    await browser.close()
  }
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSite, visit, type Site } from './site'

const PAGES = [
  '',
  'models',
  'benchmark',
  'benchmark/prompts',
  'results',
  'chat',
  'lab',
  'lab/experts',
  'settings',
] as const
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
}

async function openPage(page: Page, name: (typeof PAGES)[number]): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), `#/${name}`)
  await page.locator('main h1').waitFor()
  await page.waitForLoadState('networkidle')
}

describe.each([
  { language: 'en-US', width: 360, colorScheme: 'light' },
  { language: 'zh-CN', width: 360, colorScheme: 'dark' },
  { language: 'en-US', width: 1280, colorScheme: 'dark' },
  { language: 'zh-CN', width: 3840, colorScheme: 'light' },
] as const)('$language, $width px, $colorScheme', ({ language, width, colorScheme }) => {
  test('every page passes axe, fits its width and reports no fault', async () => {
    const { context, page, faults } = await visit(site, { language, width, colorScheme, height: 900 })
    for (const name of PAGES) {
      await openPage(page, name)
      expect(await axeViolations(page), `axe on "${name}"`).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `horizontal scroll on "${name}"`).toBeLessThanOrEqual(0)
    }
    expect(faults).toEqual([])
    await context.close()
  })
})

test('the interface changes language and keeps it after a reload', async () => {
  const { context, page } = await visit(site)
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('button', { name: '运行演示' }).waitFor()
  await page.locator('html[lang="zh-CN"]').waitFor()
  await page.reload()
  await page.getByRole('button', { name: '运行演示' }).waitFor()
  await context.close()
})

test('every page can be reached with the keyboard alone', async () => {
  const { context, page } = await visit(site)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toContain('Skip to content')
  for (const name of ['Models', 'Benchmark', 'Results', 'Chat', 'Lab', 'Settings']) {
    await page.getByRole('link', { name, exact: true }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
  }
  await context.close()
})

test('the first screen needs at most 100 KB of JavaScript', async () => {
  const LIMIT = 100_000
  const { context, page } = await visit(site)
  await page.getByRole('button', { name: 'Run the demo' }).waitFor()
  await page.waitForLoadState('networkidle')
  const scripts = await page.evaluate(() => {
    const [mark] = performance.getEntriesByName('first-screen')
    if (!mark) throw new Error('The app does not say when it had its first screen.')
    return performance
      .getEntriesByType('resource')
      .filter(({ name, startTime }) => name.endsWith('.js') && startTime < mark.startTime)
      .map(({ name }) => name)
  })
  const { gzipSync } = await import('node:zlib')
  let bytes = 0
  for (const url of scripts) bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length
  expect(scripts.some((name) => /Home-/.test(name))).toBe(true)
  expect(bytes).toBeLessThanOrEqual(LIMIT)
  await context.close()
})

import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { fitText, textWidth, wrapText } from '#ui/charts/text-width.ts'
import '../../src/ui/theme.css'
import ResultsHarness from './ResultsHarness.svelte'
import { makeChartRecord } from './charts-fixture'
import { makeCompareStores, makeComparison } from './compare-fixture'
import { makeStores } from './results-fixture'

type Size = [width: number, height: number]
const WIDE: Size = [1280, 900]
const NARROW: Size = [360, 740]

/** Files that were handed to the browser's download. */
let saved: { name: string; address: string }[] = []

beforeEach(() => {
  saved = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, address: this.href })
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  cleanup()
  delete document.documentElement.dataset['theme']
  await page.viewport(...WIDE)
})

async function openRun(count: number, language: 'en' | 'zh' = 'en') {
  const record = makeChartRecord(count)
  await render(ResultsHarness, {
    stores: makeStores(record, language).stores,
    route: { page: 'results', runId: 'run-1' },
  })
  await expect.poll(() => document.querySelector('#speed'), { timeout: 20_000 }).not.toBeNull()
  return record
}

/** The file that a button saves. */
async function save(name: string | RegExp): Promise<File> {
  const before = saved.length
  await page.getByRole('button', { name }).click()
  await expect.poll(() => saved.length).toBe(before + 1)
  const { name: fileName, address } = saved.at(-1) ?? { name: '', address: '' }
  const blob = await (await fetch(address)).blob()
  return new File([blob], fileName, { type: blob.type })
}

function parseSvg(text: string): SVGSVGElement {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml')
  expect(parsed.querySelector('parsererror')).toBeNull()
  return parsed.documentElement as unknown as SVGSVGElement
}

describe('a run', () => {
  test('every picture has a name, a text, and its numbers as a table', async () => {
    await openRun(600)
    const pictures = page.getByRole('img').elements()
    expect(pictures.map((picture) => picture.querySelector('title')?.textContent)).toEqual([
      'Accuracy by language and level',
      'Accuracy by the probability of the chosen letter',
      'Accuracy by reply length',
      'Decoding speed over the answering time',
    ])
    for (const picture of pictures) {
      const described = document.getElementById(picture.getAttribute('aria-describedby') ?? '')
      expect(described?.textContent.length).toBeGreaterThan(40)
      expect(picture.closest('section')?.querySelector('table tbody tr')).not.toBeNull()
    }
  })

  test('what is drawn stands in the table: one mark a row and scoring', async () => {
    await openRun(600)
    for (const [id, scorings] of [
      ['calibration', 1],
      ['by-length', 2],
    ] as const) {
      const card = document.querySelector(`#${id}`)?.closest('section')
      const rows = card?.querySelectorAll('tbody tr').length ?? 0
      expect(rows).toBeGreaterThan(5)
      expect(card?.querySelectorAll('svg[role=img] .mark')).toHaveLength(rows * scorings)
      expect(card?.querySelectorAll('svg[role=img] .floor')).toHaveLength(1)
    }
    const answers = [...document.querySelectorAll('#by-length ~ * tbody tr td:nth-child(2)')]
    expect(answers.reduce((sum, cell) => sum + Number(cell.textContent), 0)).toBe(600)
  })

  test('a device that slows down, its sessions and the background are said and drawn', async () => {
    await openRun(600)
    await expect
      .element(page.getByText(/^The last tenth of the answers came at [67]\d% of the speed/))
      .toBeVisible()
    const picture = page.getByRole('img', { name: 'Decoding speed over the answering time' }).element()
    expect(picture.querySelectorAll('.session')).toHaveLength(2)
    expect(picture.querySelectorAll('.trend')).toHaveLength(2)
    expect(picture.querySelectorAll('.background')).toHaveLength(1)
  })

  test('a run merged from several machines has no course of speed', async () => {
    const record = makeChartRecord(100)
    const origin = { kind: 'merged' as const, runIds: [], parts: [1, 2], of: 2 }
    await render(ResultsHarness, {
      stores: makeStores({ ...record, plan: { ...record.plan, origin } }).stores,
      route: { page: 'results', runId: 'run-1' },
    })
    await expect.element(page.getByText(/^This run was merged from parts/)).toBeVisible()
    expect(document.querySelectorAll('.trend')).toHaveLength(0)
  })

  test.each([
    { language: 'en', size: WIDE, theme: 'dark' },
    { language: 'zh', size: NARROW, theme: 'light' },
  ] as const)(
    'axe finds nothing and nothing overflows: $language, $theme',
    async ({ language, size, theme }) => {
      await page.viewport(...size)
      document.documentElement.dataset['theme'] = theme
      await openRun(300, language)
      for (const details of document.querySelectorAll('details')) details.open = true
      const { violations } = await axe.run('.page', {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { region: { enabled: false } },
      })
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`)),
      ).toEqual([])
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth)
      for (const text of document.querySelectorAll<SVGTextElement>('svg[role=img] text')) {
        const box = text.getBoundingClientRect()
        const frame = text.ownerSVGElement?.getBoundingClientRect()
        expect(box.left, text.textContent).toBeGreaterThanOrEqual((frame?.left ?? 0) - 1)
        expect(box.right, text.textContent).toBeLessThanOrEqual((frame?.right ?? 0) + 1)
      }
    },
  )
})

describe('a saved picture', () => {
  test.each(['accuracy', 'calibration', 'length', 'speed'])(
    '%s stands alone as SVG, in the colours of paper',
    async (chart) => {
      document.documentElement.dataset['theme'] = 'dark'
      const { plan } = await openRun(300)
      const order = ['accuracy', 'calibration', 'length', 'speed']
      const button = page.getByRole('button', { name: /^Save as SVG: / }).nth(order.indexOf(chart))
      const before = saved.length
      await button.click()
      await expect.poll(() => saved.length).toBe(before + 1)
      const { name, address } = saved.at(-1) ?? { name: '', address: '' }
      expect(name).toBe(`somnus-morpheus-7b-anesbench-2026-11-21.${chart}.svg`)
      const text = await (await fetch(address)).text()

      const svg = parseSvg(text)
      expect(text).not.toMatch(/var\(|class=|style=|<style|url\(|href=|<!--|light-dark|--/)
      expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
      expect(svg.getAttribute('viewBox')).toBe(`0 0 800 ${svg.getAttribute('height')}`)
      expect(svg.querySelector('title')?.textContent).toContain(plan.name)
      expect(svg.querySelector('desc')?.textContent).toContain('300 answers')
      expect(svg.querySelector('desc')?.textContent).toContain('2026')
      expect(svg.querySelector('rect')?.getAttribute('fill')).toMatch(/white|rgb\(255, 255, 255\)/)
      const inks = [...svg.querySelectorAll('text')].map((element) => element.getAttribute('fill'))
      // Dark ink, though the page is dark.
      expect(new Set(inks)).toEqual(new Set(['rgb(19, 33, 42)', 'rgb(74, 93, 104)']))
      expect(document.querySelector('.chart-sheet')).toBeNull()

      const image = new Image()
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
      await image.decode()
      expect(image.naturalWidth).toBe(800)
    },
  )

  test('a PNG has twice the size and shows something on white', async () => {
    await page.viewport(...NARROW)
    await openRun(300, 'zh')
    const file = await save('保存为 PNG：准确率与回答长度的关系')
    expect(file.name).toBe('somnus-morpheus-7b-anesbench-2026-11-21.length.png')
    const bitmap = await createImageBitmap(file)
    expect(bitmap.width).toBe(1600)
    expect(bitmap.height).toBeGreaterThan(700)
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray()
    expect([...pixels.slice(0, 4)]).toEqual([255, 255, 255, 255])
    let dark = 0
    for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 255) < 100) dark += 1
    expect(dark).toBeGreaterThan(2000)
  })

  test('a comparison names its runs', async () => {
    const records = makeComparison(120, [{ model: 'Hypnos', right: 0.62 }])
    await render(ResultsHarness, {
      stores: makeCompareStores(records),
      route: { page: 'results', compared: records.map(({ plan }) => plan.id) },
    })
    const file = await save('Save as SVG: Difference in accuracy, Morpheus-7B minus Hypnos')
    expect(file.name).toMatch(/^somnus-comparison-\d{4}-\d\d-\d\d\.difference\.svg$/)
    const texts = [...parseSvg(await file.text()).querySelectorAll('text')].map(
      (element) => element.textContent,
    )
    expect(texts.join('\n')).toMatch(/Morpheus-7B, Hypnos · Official-compatible · 120 common questions/)
    expect(texts).toContain('← Hypnos better')
  })
})

describe('texts in pictures', () => {
  test('are cut when they are too wide', () => {
    expect(fitText('short', 200, 12)).toBe('short')
    const cut = fitText('a name that nobody would give to a run', 80, 12)
    expect(cut).toMatch(/^a name.*…$/)
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(80)
  })

  test('wrap between words, and between Chinese characters but not before their punctuation', () => {
    const english = wrapText('Marks are accuracies, lines their intervals.', 120, 12)
    expect(english.length).toBeGreaterThan(1)
    expect(english.join(' ')).toBe('Marks are accuracies, lines their intervals.')
    const chinese = wrapText('标记为准确率，线段为 Wilson 95% 置信区间。虚线为随机作答水平。', 80, 12)
    expect(chinese.length).toBeGreaterThan(3)
    expect(chinese.join('').replaceAll(' ', '')).toBe(
      '标记为准确率，线段为Wilson95%置信区间。虚线为随机作答水平。',
    )
    for (const line of [...english, ...chinese]) {
      expect(textWidth(line, 12)).toBeLessThanOrEqual(120)
      expect(line).not.toMatch(/^[，。]/)
    }
  })
})

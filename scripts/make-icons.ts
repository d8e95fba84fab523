/** node scripts/run.mjs make-icons: paints public/icon.svg, with an installed browser, in the sizes that apps need. */
import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright'
import { chromiumArgs, findChromium, NO_BROWSER } from './chromium.mjs'

/** Of a maskable icon's width: systems cut off what lies outside (the specification keeps a circle of 80%). */
const SAFE_PART = 0.72

const ICONS = [
  { file: 'public/icon-192.png', size: 192, isMaskable: false },
  { file: 'public/icon-512.png', size: 512, isMaskable: false },
  { file: 'public/icon-maskable-512.png', size: 512, isMaskable: true },
]

export async function main(): Promise<number> {
  const executablePath = findChromium()
  if (!executablePath) {
    console.error(NO_BROWSER)
    return 1
  }
  const svg = readFileSync('public/icon.svg', 'utf8')
  const ground = /fill="(#[0-9a-f]{6})"/.exec(svg)?.[1]
  if (!ground) throw new Error('public/icon.svg has no ground.')
  const browser = await chromium.launch({ executablePath, args: chromiumArgs })
  try {
    for (const { file, size, isMaskable } of ICONS) {
      const page = await browser.newPage({ viewport: { width: size, height: size } })
      const width = isMaskable ? size * SAFE_PART : size
      await page.setContent(
        `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${isMaskable ? ground : 'transparent'}">
        <div style="width:${width}px;height:${width}px">${svg}</div></body>`,
      )
      writeFileSync(file, await page.screenshot({ omitBackground: true }))
      await page.close()
    }
  } finally {
    await browser.close()
  }
  return 0
}

import { describe, expect, it } from 'vitest'
import { readBrowser } from '#core/catalog/browser'
import { webGpuAdvice } from '#core/catalog/webgpu-advice'
import { GPU } from '../../fixtures/device'

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15'

describe('readBrowser', () => {
  it.each([
    [`${WINDOWS} ${CHROME}`, 0, 'chrome 156 windows'],
    [`${WINDOWS} ${CHROME} Edg/156.0.0.0`, 0, 'edge 156 windows'],
    [`Mozilla/5.0 (X11; Linux x86_64) ${CHROME.replace('Chrome', 'HeadlessChrome')}`, 0, 'chrome 156 linux'],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME}`, 0, 'chrome 156 chromeos'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 0, 'firefox 153 linux'],
    [`${MAC} ${SAFARI}`, 0, 'safari 26 macos'],
    [`${MAC} ${SAFARI}`, 5, 'safari 26 ios'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
      5,
      'safari 18 ios',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1',
      5,
      'chrome 150 ios',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
      5,
      'chrome 120 android',
    ],
    ['Ladybird', 0, 'other null other'],
  ])('%s', (userAgent, touchPoints, expected) => {
    const { family, version, system } = readBrowser(userAgent, touchPoints)
    expect(`${family} ${version} ${system}`).toBe(expected)
  })
})

describe('webGpuAdvice', () => {
  const NO_API = { kind: 'unavailable', reason: 'no-api' } as const
  const noAdapter = (webgl: 'hardware' | 'software' | 'none') =>
    ({ kind: 'unavailable', reason: 'no-adapter', webgl }) as const

  it('has none for a graphics unit that is used, and takes an emulated one for software rendering', () => {
    const browser = { family: 'edge', version: 156, system: 'windows' } as const
    expect(webGpuAdvice({ kind: 'available', ...GPU }, browser)).toBeNull()
    expect(webGpuAdvice({ kind: 'available', ...GPU, software: true }, browser)).toBe('chromium-acceleration')
  })

  it.each([
    ['chrome', 112, 'windows', NO_API, 'update-chromium'],
    ['edge', 112, 'macos', NO_API, 'update-chromium'],
    ['chrome', 120, 'android', NO_API, 'update-chromium'],
    ['chrome', 156, 'linux', NO_API, 'chromium-linux-flag'],
    ['firefox', 140, 'windows', NO_API, 'update-firefox'],
    ['firefox', 153, 'linux', NO_API, 'firefox-flag'],
    ['safari', 18, 'macos', NO_API, 'update-safari'],
    ['safari', 18, 'ios', NO_API, 'update-ios'],
    ['chrome', 150, 'ios', NO_API, 'update-ios'],
    ['safari', 60, 'linux', NO_API, 'other-browser'],
    ['other', null, 'other', NO_API, 'other-browser'],
    ['chrome', 156, 'windows', noAdapter('software'), 'chromium-acceleration'],
    ['firefox', 153, 'windows', noAdapter('software'), 'firefox-acceleration'],
    ['safari', 26, 'macos', noAdapter('software'), 'other-acceleration'],
    ['chrome', 156, 'linux', noAdapter('hardware'), 'chromium-linux-flag'],
    ['chrome', 156, 'windows', noAdapter('hardware'), 'update-driver'],
    ['chrome', 156, 'windows', noAdapter('none'), 'ask-administrator'],
    ['chrome', 156, 'windows', { kind: 'unavailable', reason: 'insecure-origin' } as const, 'secure-address'],
  ] as const)('%s %s on %s: %j', (family, version, system, webgpu, expected) => {
    expect(webGpuAdvice(webgpu, { family, version, system })).toBe(expected)
  })
})

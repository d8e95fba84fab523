/** What a user can do about a missing WebGPU. */
import type { BrowserInfo } from './browser'
import type { WebGpuCapability } from './device'

export type WebGpuAdvice =
  /** Open the site over HTTPS or from this computer. */
  | 'secure-address'
  | 'update-chromium'
  /** Chromium on Linux offers WebGPU on some drivers only; a flag asks for it on the others. */
  | 'chromium-linux-flag'
  | 'update-firefox'
  /** Firefox of this version has WebGPU, but not switched on for this system. */
  | 'firefox-flag'
  | 'update-safari'
  | 'update-ios'
  | 'other-browser'
  /** Graphics run on the processor: switched off in the settings, or in a remote session or virtual machine. */
  | 'chromium-acceleration'
  | 'firefox-acceleration'
  | 'other-acceleration'
  /** Not even WebGL: the organisation's policy or the settings forbid 3D graphics. */
  | 'ask-administrator'
  /** WebGL works, WebGPU does not: the browser refuses this driver. */
  | 'update-driver'

/** First versions with WebGPU: MDN, "GPU API", browser compatibility. */
export const WEBGPU_SINCE = { chromium: 113, chromiumAndroid: 121, firefox: 141, safari: 26 } as const

/** The next step that fits the reason and the browser; null where a graphics unit is used. */
export function webGpuAdvice(webgpu: WebGpuCapability, browser: BrowserInfo): WebGpuAdvice | null {
  if (webgpu.kind === 'available') return webgpu.software ? withoutAdapter('software', browser) : null
  switch (webgpu.reason) {
    case 'insecure-origin':
      return 'secure-address'
    case 'no-api':
      return withoutApi(browser)
    case 'no-adapter':
      return withoutAdapter(webgpu.webgl, browser)
  }
}

function withoutApi({ family, version, system }: BrowserInfo): WebGpuAdvice {
  // All browsers on iOS are Safari underneath, whatever version they name.
  if (system === 'ios') return 'update-ios'
  const older = (since: number) => version !== null && version < since
  switch (family) {
    case 'chrome':
    case 'edge':
      if (older(system === 'android' ? WEBGPU_SINCE.chromiumAndroid : WEBGPU_SINCE.chromium))
        return 'update-chromium'
      return system === 'linux' ? 'chromium-linux-flag' : 'update-driver'
    case 'firefox':
      return older(WEBGPU_SINCE.firefox) ? 'update-firefox' : 'firefox-flag'
    case 'safari':
      return system === 'macos' ? 'update-safari' : 'other-browser'
    case 'other':
      return 'other-browser'
  }
}

function withoutAdapter(
  webgl: 'hardware' | 'software' | 'none',
  { family, system }: BrowserInfo,
): WebGpuAdvice {
  if (webgl === 'none') return 'ask-administrator'
  const chromium = family === 'chrome' || family === 'edge'
  if (webgl === 'software') {
    if (chromium) return 'chromium-acceleration'
    return family === 'firefox' ? 'firefox-acceleration' : 'other-acceleration'
  }
  return chromium && system === 'linux' ? 'chromium-linux-flag' : 'update-driver'
}

/** Which browser and system this is: used for advice only, never to decide what the app tries. */

export type BrowserFamily = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other'
export type OperatingSystem = 'windows' | 'macos' | 'linux' | 'android' | 'ios' | 'chromeos' | 'other'

export interface BrowserInfo {
  family: BrowserFamily
  /** Major version; null where it cannot be read. */
  version: number | null
  system: OperatingSystem
}

/** Names that also carry another browser's name come before it. */
const FAMILIES: [family: BrowserFamily, pattern: RegExp][] = [
  ['edge', /\bEdg(?:A|iOS)?\/(\d+)/],
  ['firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['safari', /\bVersion\/(\d+)\S* (?:Mobile\/\S+ )?Safari\//],
]

const SYSTEMS: [system: OperatingSystem, pattern: RegExp][] = [
  ['ios', /iPhone|iPad|iPod/],
  ['android', /Android/],
  ['windows', /Windows/],
  ['chromeos', /CrOS/],
  ['macos', /Macintosh/],
  ['linux', /Linux|X11/],
]

/** `touchPoints` is `navigator.maxTouchPoints`: an iPad says that it is a Mac, but no Mac has a touch screen. */
export function readBrowser(userAgent: string, touchPoints: number): BrowserInfo {
  const named = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'other'
  const system = named === 'macos' && touchPoints > 1 ? 'ios' : named
  for (const [family, pattern] of FAMILIES) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return { family, version: Number(version), system }
  }
  return { family: 'other', version: null, system }
}

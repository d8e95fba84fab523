export const BROWSER_VARIABLE: string
export const NO_BROWSER: string
export const chromiumArgs: string[]
export function findChromium(): string | undefined

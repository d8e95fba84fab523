import { chromium, type Browser, type ConnectOverCDPOptions } from 'playwright'

/** A first connection to a browser that has just been started was seen to open and then to stay silent for good. */
const ATTEMPT_MS = 15_000
const MOST_ATTEMPTS = 3

/** Connects to a browser that a test has started itself. */
export async function connectTo(
  address: string,
  options: Omit<ConnectOverCDPOptions, 'timeout'> = {},
): Promise<Browser> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await chromium.connectOverCDP(address, { ...options, timeout: ATTEMPT_MS })
    } catch (error) {
      if (attempt === MOST_ATTEMPTS) throw error
    }
  }
}

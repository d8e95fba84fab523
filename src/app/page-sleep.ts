/**
 * Whether the browser has frozen the page: it still hears messages from other tabs, but its timers, its workers
 * and its database stand still until it is shown again. A transaction begun meanwhile would block other tabs.
 */
export interface PageSleep {
  asleep(): boolean
  /** Resolves at once, or when the page wakes up. */
  awake(): Promise<void>
}

export const NEVER_ASLEEP: PageSleep = { asleep: () => false, awake: () => Promise.resolve() }

export function watchSleep(page: Pick<Document, 'addEventListener'>): PageSleep {
  let asleep = false
  const waiting: (() => void)[] = []
  page.addEventListener('freeze', () => (asleep = true))
  page.addEventListener('resume', () => {
    asleep = false
    for (const go of waiting.splice(0)) go()
  })
  return {
    asleep: () => asleep,
    awake: () => (asleep ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  }
}

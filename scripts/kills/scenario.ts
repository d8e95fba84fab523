/** One kind of work during which the browser is killed, and what must be true when it is started again. */
import type { Page } from 'playwright'
import { reading, type RawDatabase } from './raw-database'

export interface Scenario {
  name: string
  /** The kill falls somewhere in this time after the work began, in ms. */
  windowMs: number
  /** On a page of the site on which the app has not started yet. */
  prepare?(page: Page): Promise<void>
  /** Begins the work, or goes on with it, on the started app. What is durable by its word is told by `TOLD` lines on the console. */
  work(page: Page): Promise<void>
  /** What is wrong with what is stored, given all that was ever told; on the started app. */
  faults(stored: RawDatabase, told: readonly string[], page: Page): string[] | Promise<string[]>
}

/** What a page writes to its console before something that it takes for stored. */
export const TOLD = 'somnus-kills told: '

/** Everything in the app's database, read past the app. */
export function readStored(page: Page): Promise<RawDatabase> {
  return page.evaluate(reading)
}

/** The numbers from 0 in their order, each once. */
export function isCount(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => number === index)
}

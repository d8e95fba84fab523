/** Results of the self-test that a browser keeps, so that a device is not tested again at each load. */
import * as v from 'valibot'
import type { EngineDescription } from '../engine'
import { SelfTestShape } from './shapes'
import type { SelfTestReport } from './types'

/** A few devices, a dozen compiled libraries, and the browser's last versions; 400 bytes each. */
export const MAX_KNOWN_RESULTS = 40

/** The latest one comes first. */
export interface KnownResult {
  key: string
  /** The weights that were tested: what their letters are says nothing of other weights. */
  fingerprint: string
  report: SelfTestReport
  /**
   * Whether known letters were to be asked in the test: where it has none all the same, they cannot be asked, and another
   * test would not find more. Absent in what was stored before it was known.
   */
  triedLetters?: boolean
}

const KnownResults = v.array(
  v.object({
    key: v.string(),
    fingerprint: v.string(),
    report: SelfTestShape,
    triedLetters: v.exactOptional(v.boolean()),
  }),
)

/** What was stored; empty where it is not what this version stores. */
export function readKnownResults(stored: unknown): KnownResult[] {
  const parsed = v.safeParse(KnownResults, stored)
  return parsed.success ? parsed.output : []
}

/**
 * Equal for loads that must give the same result: same device, code that computes, browser (`userAgent`), fate of the
 * barrier, and test. Null for what cannot be known again: a library without a hash, or an engine without numbers to check.
 */
export function resultKey(
  { device, engineVersion, librarySha256, numerics }: EngineDescription,
  userAgent: string,
  testVersion: number,
): string | null {
  if (!numerics || librarySha256 === null) return null
  return JSON.stringify([testVersion, device, librarySha256, engineVersion, numerics.mergeBarrier, userAgent])
}

/** Whether a test of weights with `fingerprint` under `key` was to ask known letters, whatever came of it. */
export function hasTriedLetters(known: readonly KnownResult[], key: string, fingerprint: string): boolean {
  const found = known.find((result) => result.key === key)
  return found?.fingerprint === fingerprint && found.triedLetters === true
}

/** Without the result under `key`: the next load tests anew. */
export function withoutResult(known: readonly KnownResult[], key: string): KnownResult[] {
  return known.filter((result) => result.key !== key)
}

/** The result under `key` for weights with `fingerprint`; null where there is none. */
export function resultFor(
  known: readonly KnownResult[],
  key: string,
  fingerprint: string,
): SelfTestReport | null {
  const found = known.find((result) => result.key === key)
  if (!found) return null
  return found.fingerprint === fingerprint ? found.report : { ...found.report, letters: null }
}

/** With `result` in place of an older one of its key, and the oldest left out above the limit. */
export function withResult(known: readonly KnownResult[], result: KnownResult): KnownResult[] {
  return [result, ...known.filter(({ key }) => key !== result.key)].slice(0, MAX_KNOWN_RESULTS)
}

import { describe, expect, it } from 'vitest'
import type { EngineDescription } from '#core/engine'
import {
  hasTriedLetters,
  MAX_KNOWN_RESULTS,
  readKnownResults,
  resultFor,
  resultKey,
  withoutResult,
  withResult,
  type KnownResult,
} from '#core/numerics/known-results'
import { KERNEL_AS_IT_COMES, KNOWN_RESULTS } from '#core/numerics/settings'
import { recordMisfit } from '#core/workspace/check-record'
import { onGpu, report } from '../../numerics'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0'
const loaded = onGpu({ mergeBarrier: 'inserted', selfTest: null })
const keyOf = (changes: Partial<EngineDescription> = {}, browser = BROWSER, version = 1) =>
  resultKey({ ...loaded, ...changes }, browser, version)

describe('the key of a result', () => {
  it.each<[string, string | null]>([
    ['device', keyOf({ device: 'WebGPU (other gen-2)' })],
    ['library', keyOf({ librarySha256: 'c'.repeat(64) })],
    ['engine version', keyOf({ engineVersion: '0.2.86' })],
    ['fate of the barrier', keyOf({ numerics: { mergeBarrier: 'switched-off', selfTest: null } })],
    ['browser', keyOf({}, BROWSER.replace('141', '142'))],
    ['test', keyOf({}, BROWSER, 2)],
  ])('is another one for another %s', (_, other) => {
    expect(other).not.toBeNull()
    expect(other).not.toBe(keyOf())
  })

  it('is the same for other weights, another context, and once tested', () => {
    const numerics = { mergeBarrier: 'inserted', selfTest: report() } as const
    expect(keyOf({ fingerprint: '0'.repeat(64), contextTokens: 8192, numerics })).toBe(keyOf())
  })

  it('does not exist where the library is not known, or nothing can be checked', () => {
    expect(keyOf({ librarySha256: null })).toBeNull()
    expect(resultKey(onGpu(), BROWSER, 1)).toBeNull()
  })
})

describe('the results that a browser keeps', () => {
  const result = (key: string, changes: Partial<KnownResult> = {}): KnownResult => ({
    key,
    fingerprint: loaded.fingerprint,
    report: report(),
    ...changes,
  })

  it('are found by their key, the latest test standing for all before it', () => {
    const later = report({ at: Date.UTC(2026, 10, 23) })
    const known = withResult(withResult([result('b')], result('a')), result('a', { report: later }))
    expect(known.map(({ key }) => key)).toEqual(['a', 'b'])
    expect(resultFor(known, 'a', loaded.fingerprint)).toEqual(later)
    expect(resultFor(known, 'c', loaded.fingerprint)).toBeNull()
  })

  it('lend other weights no comparison of letters', () => {
    const letters = { referenceDevice: 'M2', items: 3, sameLetter: 3, largestDifference: 0.001 }
    const known = [result('a', { report: report({ letters }) })]
    expect(resultFor(known, 'a', loaded.fingerprint)?.letters).toEqual(letters)
    expect(resultFor(known, 'a', '0'.repeat(64))).toEqual(report())
  })

  it('are no more than the limit, the oldest going first', () => {
    let known: KnownResult[] = []
    for (let i = 0; i <= MAX_KNOWN_RESULTS; i += 1) known = withResult(known, result(`key ${i}`))
    expect(known).toHaveLength(MAX_KNOWN_RESULTS)
    expect(resultFor(known, 'key 0', '')).toBeNull()
    expect(resultFor(known, `key ${MAX_KNOWN_RESULTS}`, '')).not.toBeNull()
  })

  it('are read as they were stored, and not at all where they are something else', () => {
    const known = [result('a')]
    expect(readKnownResults(JSON.parse(JSON.stringify(known)))).toEqual(known)
    for (const other of [undefined, 'sound', [{ key: 'a', report: { version: 1 } }]]) {
      expect(readKnownResults(other)).toEqual([])
    }
  })

  it('are taken over from no archive: they hold for one browser', () => {
    for (const key of [KNOWN_RESULTS, KERNEL_AS_IT_COMES]) {
      expect(recordMisfit('preferences', { key, value: [result('a')] })).not.toBeNull()
    }
    expect(recordMisfit('preferences', { key: 'theme', value: 'dark' })).toBeNull()
  })
})

describe('a result that is to be had again', () => {
  const one: KnownResult = { key: 'one', fingerprint: 'f', report: report(), triedLetters: true }
  const other: KnownResult = { key: 'other', fingerprint: 'f', report: report() }

  it('is forgotten alone', () => {
    expect(withoutResult([one, other], 'one')).toEqual([other])
  })

  it('tells whether letters were to be asked, of the same weights only and also once stored', () => {
    const stored = readKnownResults(structuredClone([one, other]))
    expect(hasTriedLetters(stored, 'one', 'f')).toBe(true)
    expect(hasTriedLetters(stored, 'one', 'g')).toBe(false)
    expect(hasTriedLetters(stored, 'other', 'f')).toBe(false)
  })
})

/** The self-test on the real WebLLM, both releases, over the toy. */
import { describe, expect, it } from 'vitest'
import type { GoldenLetters } from '#core/numerics/golden-letters'
import { SELF_TEST_TOKENS } from '#core/numerics/self-test'
import { standingIn } from '#core/numerics/standing'
import { verdictOf } from '#core/numerics/verdict'
import { failure } from '#core/result'
import { testNumbers } from '../../../../src/worker/webllm-numbers'
import type { Fault } from '../../numerics/toy-attention'
import { openToy, ownMethods, type ToyModel } from './model'
import { generate, letters, LETTERS } from './requests'

const RELEASES = ['0.2.79', '0.2.86'] as const
const never = new AbortController().signal
const ignore = () => undefined
const messages = [{ role: 'user', content: 'Which of these is right?' }] as const

function valueOf<Value>(result: { ok: true; value: Value } | { ok: false; failure: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function verdictUnder(toy: ToyModel, fault: Fault | null) {
  toy.runtime.toy.fault = fault
  return verdictOf(valueOf(await testNumbers(toy, toy.settle, ignore, never)))
}

describe.each(RELEASES)('testNumbers, WebLLM %s', (release) => {
  it('finds a sound model sound and leaves it as it was', async () => {
    const toy = openToy({ release })
    const before = valueOf(await generate(toy, messages, { reusePrompt: false }))
    const progress: number[] = []
    const report = valueOf(await testNumbers(toy, toy.settle, (done) => progress.push(done), never))
    expect(report).toMatchObject({ tokens: SELF_TEST_TOKENS, tolerance: 1e-3, letters: null })
    expect(verdictOf(report)).toMatchObject({ sound: true })
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect([progress[0], progress.at(-1)]).toEqual([0, 1])
    expect(toy.runtime.tokens).toEqual([])
    expect(toy.runtime.openScopes).toBe(0)
    expect(ownMethods(toy)).toEqual([])
    const after = valueOf(await generate(toy, messages, { reusePrompt: false }))
    expect(after.text).toBe(before.text)
  })

  it.each([
    ['racing-append', { appendsSound: false, stepsSound: true, popsSound: false }],
    ['racing-few', { appendsSound: false, stepsSound: true, popsSound: true }],
    ['racing-step', { appendsSound: true, stepsSound: false, popsSound: true }],
    ['stale-length', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['swapped-sequence', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['pop-throws', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['nan-after-append', { appendsSound: false, stepsSound: false, popsSound: false }],
    ['constant-logits', { appendsSound: false, stepsSound: false, popsSound: false }],
  ] as const)('finds %s', async (fault, expected) => {
    expect(await verdictUnder(openToy({ release }), fault)).toMatchObject({ ...expected, sound: false })
  })

  it('finds a pop that takes one token too few', async () => {
    const toy = openToy({ release })
    toy.runtime.popCount = (count) => count - 1
    expect(await verdictUnder(toy, null)).toMatchObject({ appendsSound: true, popsSound: false })
  })

  it('ends between two passes when it is aborted, with an empty cache', async () => {
    const toy = openToy({ release })
    const end = new AbortController()
    const result = await testNumbers(toy, toy.settle, (done) => done > 0.5 && end.abort(), end.signal)
    expect(result).toEqual(failure({ kind: 'aborted' }))
    const { passes } = toy.runtime
    expect(passes).toBeLessThan(30)
    expect(toy.runtime.tokens).toEqual([])
    expect(await letters(toy, messages, false)).toMatchObject({ ok: true })
  })

  it('tells the failure of a pass, and judges nothing', async () => {
    const toy = openToy({ release })
    toy.runtime.onForward = () => {
      if (toy.runtime.passes === 5) throw new Error('device was lost')
    }
    const result = await testNumbers(toy, toy.settle, ignore, never)
    expect(result).toMatchObject({ failure: { kind: 'device-lost' } })
  })

  it('compares letters with those of another device', async () => {
    const toy = openToy({ release })
    const { probabilities } = valueOf(await letters(toy, messages, false))
    const item = { messages: [...messages], letters: [...LETTERS], probabilities }
    const golden: GoldenLetters = {
      device: 'WebGPU (another)',
      fingerprint: 'f'.repeat(64),
      librarySha256: '1'.repeat(64),
      items: [item, { ...item, probabilities: probabilities.toReversed() }],
    }
    toy.goldenLetters = { ...golden, items: [item] }
    const same = valueOf(await testNumbers(toy, toy.settle, ignore, never))
    expect(same.letters).toMatchObject({ referenceDevice: 'WebGPU (another)', items: 1, sameLetter: 1 })
    expect(verdictOf(same)).toMatchObject({ lettersAgree: true, sound: true })
    toy.goldenLetters = golden
    const other = valueOf(await testNumbers(toy, toy.settle, ignore, never))
    expect(other.letters).toMatchObject({ items: 2, sameLetter: 1 })
    expect(verdictOf(other)).toMatchObject({ lettersAgree: false, popsSound: true, sound: false })
    const long = [{ role: 'user' as const, content: 'too long '.repeat(500) }]
    toy.goldenLetters = { ...golden, items: [{ ...item, messages: long }] }
    const unasked = valueOf(await testNumbers(toy, toy.settle, ignore, never))
    expect(unasked.letters).toBeNull()
    expect(verdictOf(unasked)).toMatchObject({ lettersAgree: null, sound: true })
  })

  it('asks known letters the way that answers will go where tokens cannot be appended together', async () => {
    const [sound, racing] = [openToy({ release }), openToy({ release })]
    const long = [{ role: 'user' as const, content: 'Which of these is right? '.repeat(4) }]
    const { probabilities } = valueOf(await letters(sound, long, false))
    const device = 'WebGPU (another)'
    const items = [{ messages: long, letters: [...LETTERS], probabilities }]
    racing.goldenLetters = { device, fingerprint: 'f'.repeat(64), librarySha256: '1'.repeat(64), items }
    racing.runtime.toy.fault = 'racing-append'
    const report = valueOf(await testNumbers(racing, racing.settle, ignore, never))
    expect(report.letters!.largestDifference).toBeLessThan(1e-4)
    expect(standingIn(report)).toBe('avoided')
  })

  it('reads long prompts token by token where only single tokens can be appended', async () => {
    const [sound, racing] = [openToy({ release }), openToy({ release })]
    const long = [{ role: 'user', content: 'Which of these is right? '.repeat(4) }] as const
    racing.runtime.toy.fault = 'racing-append'
    const wrong = valueOf(await letters(racing, long, false))
    const verdict = await verdictUnder(racing, 'racing-append')
    racing.prompts.follow(verdict, 1e-3)
    const { probabilities, reading } = valueOf(await letters(racing, long, false))
    const expected = valueOf(await letters(sound, long, false)).probabilities
    expect(reading).toMatchObject({ path: 'stepwise', tokensReused: 0 })
    const differences = (found: number[]) => expected.map((p, i) => Math.abs(p - found[i]!))
    expect(Math.max(...differences(probabilities))).toBeLessThan(1e-4)
    expect(Math.max(...differences(wrong.probabilities))).toBeGreaterThan(1e-3)
  })
})

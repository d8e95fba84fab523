import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../../scripts/golden-letters'
import { GoldenLettersSchema } from '#core/numerics/golden-letters'
import { goldenLettersOfRun } from '#core/numerics/golden-run'
import type { SelfTestReport } from '#core/numerics/types'
import { failure } from '#core/result'
import type { ExportableRun } from '#core/export/exportable-run'
import type { RunId } from '#core/run/types'
import { lettersRun } from '../export/runs'
import { fileText, readGood } from '../receipt/files'

const SELF_TEST: SelfTestReport = {
  ...{ version: 1, at: 1, tokens: 40, tolerance: 1e-3, letters: null, elapsedMs: 9 },
  differences: { 'two-chunks': 1e-5, 'one-by-one': 1e-5, 'after-pop': 1e-5 },
}

/** `count` questions scored on a graphics unit with this self-test. */
function scoredRun(count: number, selfTest: SelfTestReport | null = SELF_TEST): ExportableRun {
  const run = lettersRun()
  const [first] = run.answers
  const start = run.starts[0]!
  const engine = {
    ...start.engine,
    ...{ engine: 'webllm' as const, device: 'WebGPU (one)', librarySha256: '1b'.repeat(32) },
    numerics: { mergeBarrier: 'inserted' as const, selfTest },
  }
  const answers = Array.from({ length: count }, (_, position) => ({
    ...first!,
    position,
    item: { ...first!.item, id: `item-${position}`, stem: `Question ${position}` },
  }))
  return { ...run, starts: [{ ...start, engine }], answers }
}

describe('goldenLettersOfRun', () => {
  it('takes questions from all over the run, with the messages that were sent', () => {
    const golden = goldenLettersOfRun(scoredRun(10), 4)
    if (!golden.ok) throw new Error(golden.failure.kind)
    expect(v.parse(GoldenLettersSchema, golden.value)).toEqual(golden.value)
    const asked = golden.value.items.map(({ messages }) => /Question \d/.exec(messages.at(-1)!.content)?.[0])
    expect(asked).toEqual(['Question 0', 'Question 3', 'Question 5', 'Question 8'])
    expect(golden.value).toMatchObject({ device: 'WebGPU (one)', librarySha256: '1b'.repeat(32) })
    expect(golden.value.items[0]).toMatchObject({
      letters: ['A', 'B', 'C', 'D'],
      probabilities: [0.5, 0.5, 0, 0],
    })
  })

  it('takes all where there are fewer', () => {
    const golden = goldenLettersOfRun(scoredRun(3), 8)
    expect(golden.ok && golden.value.items.length).toBe(3)
  })

  it.each([
    ['nothing was asked', { ...scoredRun(0) }, { kind: 'no-letters' }],
    [
      'questions are withheld',
      {
        ...scoredRun(1),
        answers: scoredRun(1).answers.map((a) => ({ ...a, item: { ...a.item, withheld: 'x' } })),
      },
      { kind: 'no-letters' },
    ],
    ['the device was not tested', scoredRun(2, null), { kind: 'not-sound', device: 'WebGPU (one)' }],
    [
      'the device failed',
      scoredRun(2, { ...SELF_TEST, differences: { ...SELF_TEST.differences, 'two-chunks': 0.3 } }),
      { kind: 'not-sound', device: 'WebGPU (one)' },
    ],
    [
      'two devices answered',
      {
        ...scoredRun(2),
        starts: scoredRun(2).starts.flatMap((start) => [
          start,
          { ...start, position: 1, engine: { ...start.engine, device: 'WebGPU (other)' } },
        ]),
      },
      { kind: 'several-engines' },
    ],
    [
      'runs of two devices were merged, whichever of them was asked',
      {
        ...scoredRun(2),
        plan: {
          ...scoredRun(2).plan,
          origin: { kind: 'merged', runIds: ['a', 'b'] as RunId[], parts: [1, 2] as number[], of: 2 },
        },
        starts: scoredRun(2).starts.flatMap((start) => [
          start,
          { ...start, position: 0, engine: { ...start.engine, device: 'WebGPU (other)' } },
        ]),
      },
      { kind: 'several-engines' },
    ],
    [
      'the library is not known',
      {
        ...scoredRun(2),
        starts: scoredRun(2).starts.map((s) => ({ ...s, engine: { ...s.engine, librarySha256: null } })),
      },
      { kind: 'library-unknown' },
    ],
  ] as const)('refuses where %s', (_, run, reason) => {
    expect(goldenLettersOfRun(run, 4)).toEqual(failure(reason))
  })
})

describe('golden-letters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'))
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true, force: true })
  })

  it('prints what a model record can hold, from the file of a run', async () => {
    const run = scoredRun(1)
    const file = join(folder, 'run.json')
    writeFileSync(file, fileText(run))
    readGood(fileText(run))
    const printed = vi.spyOn(console, 'log').mockReturnValue()
    const complained = vi.spyOn(console, 'error').mockReturnValue()
    expect(await main([file, '2'])).toBe(0)
    const golden = v.parse(GoldenLettersSchema, JSON.parse(String(printed.mock.calls[0]?.[0])))
    expect(golden.items).toHaveLength(1)
    expect(await main([file, '9'])).toBe(2)
    expect(await main([])).toBe(2)
    writeFileSync(file, fileText(scoredRun(1, null)))
    expect(await main([file])).toBe(1)
    expect(complained).toHaveBeenLastCalledWith(expect.stringContaining('not-sound'))
  })
})

import { describe, expect, it } from 'vitest'
import { differingConditions } from '#core/compare/conditions'
import { standingOf, worstDifference, worstStanding, type Standing } from '#core/numerics/standing'
import type { SelfTestReport } from '#core/numerics/types'
import { exportOf } from '../export/runs'
import { finishedRun, fileText, readGood, stored } from '../receipt/files'
import { conditions } from '../compare/runs'
import { onGpu, report, WRONG_APPENDS } from '../../numerics'

const tested = (selfTest: SelfTestReport | null) => onGpu({ mergeBarrier: 'inserted', selfTest })
const differences = { 'two-chunks': 4e-5, 'one-by-one': 3e-5, 'after-pop': 5e-5 }
const letters = {
  referenceDevice: 'WebGPU (apple metal-3)',
  items: 3,
  sameLetter: 3,
  largestDifference: 1e-4,
}

describe('how far numbers can be relied on', () => {
  it.each<[Standing, string, SelfTestReport | null]>([
    ['not-tested', 'nobody has tested them', null],
    ['sound', 'all orders agree', report()],
    ['sound', 'letters agree with another device’s', report({ letters })],
    ['avoided', 'several tokens cannot be appended', WRONG_APPENDS],
    ['avoided', 'tokens cannot be taken off', report({ differences: { ...differences, 'after-pop': null } })],
    ['wrong', 'not even one token can', report({ differences: { ...differences, 'one-by-one': 2 } })],
    ['wrong', 'a logit is no number', report({ differences: { ...differences, 'one-by-one': null } })],
    [
      'wrong',
      'letters are others',
      report({ letters: { ...letters, sameLetter: 1, largestDifference: 0.6 } }),
    ],
  ])('%s where %s', (standing, _, selfTest) => {
    expect(standingOf(tested(selfTest))).toBe(standing)
  })

  it('is no question of the processor, and not known of what was made before it was asked', () => {
    expect(standingOf({ engine: 'wllama' })).toBe('not-concerned')
    expect(standingOf(onGpu())).toBe('not-known')
  })

  it('is the worst of all engines that answered', () => {
    expect(worstStanding([tested(report()), tested(WRONG_APPENDS), tested(null)])).toBe('avoided')
    expect(worstStanding([tested(report()), onGpu()])).toBe('not-known')
    expect(worstStanding([])).toBe('not-concerned')
  })

  it('rests on the largest difference, which is none where an order gave no number', () => {
    expect(worstDifference(WRONG_APPENDS)).toBe(6.3)
    expect(worstDifference(report({ differences: { ...differences, 'after-pop': null } }))).toBeNull()
  })
})

describe('the receipt of a run on a graphics unit', () => {
  const on = (...engines: ReturnType<typeof onGpu>[]) => {
    const run = finishedRun()
    const [start] = run.starts
    return { ...run, starts: engines.map((engine) => ({ ...start!, engine })) }
  }
  const exported = (of: ReturnType<typeof on>) => exportOf(of, { includeQuestions: true })

  it('tells what the self-test says, and the file comes back with all that it found', () => {
    const run = on(tested(report({ letters })), tested(WRONG_APPENDS))
    expect(exported(run).receipt.numbers).toEqual(['sound', 'avoided'])
    const again = stored(readGood(fileText(run)))
    expect(again.starts.map(({ engine }) => engine)).toEqual(run.starts.map(({ engine }) => engine))
    expect(exported(again).receipt.numbers).toEqual(exported(run).receipt.numbers)
  })

  it('keeps nothing of a self-test that it does not know', () => {
    const text = fileText(on(tested(report()))).replace('"tokens":40', '"tokens":40,"mood":"good"')
    expect(text).toContain('mood')
    expect(stored(readGood(text)).starts[0]?.engine).toEqual(tested(report()))
  })

  it('says nothing of it where nobody asked', () => {
    expect(exported(on(onGpu())).receipt).not.toHaveProperty('numbers')
    expect(exported(finishedRun()).receipt).not.toHaveProperty('numbers')
  })
})

describe('two runs compared', () => {
  const run = (engine: ReturnType<typeof onGpu>) => ({ ...conditions(), engines: [engine] })

  it('differ in their numbers where those of one are wrong', () => {
    expect(differingConditions([run(tested(report())), run(tested(WRONG_APPENDS))])).toEqual(['numbers'])
  })

  it('do not differ where one was not tested', () => {
    expect(differingConditions([run(tested(report())), run(tested(null)), run(onGpu())])).toEqual([])
  })
})

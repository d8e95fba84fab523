import { describe, expect, it } from 'vitest'
import {
  isVeiled,
  missingTurns,
  planSeries,
  type ComparisonId,
  type ComparisonRecord,
} from '#core/chat/comparison'
import { comparisonsCsvParts, comparisonsFile, comparisonsJsonParts } from '#core/chat/comparison-file'
import { pairSummaries } from '#core/chat/preference'
import { readCsv } from '../export/read-csv'
import { ALPHA, BETA, comparison, replyOf, SETTINGS } from './comparisons'

const times = (count: number, make: () => ComparisonRecord) => Array.from({ length: count }, make)

describe('preferences of a pair', () => {
  // Alpha preferred 7 times (4 of them on the left), Beta twice (both on the left), one tie, two both bad.
  const judged = [
    ...times(4, () => comparison('left')),
    ...times(3, () => comparison('right', { beta: 'left' })),
    ...times(2, () => comparison('left', { beta: 'left' })),
    comparison('tie'),
    ...times(2, () => comparison('both-bad', { beta: 'left' })),
  ]
  const [pair] = pairSummaries(judged)

  it('count for the model, wherever it stood', () => {
    expect(pair).toMatchObject({ judged: 12, wins: [7, 2], ties: 1, bothBad: 2, settings: 1 })
    expect(pair?.models.map(({ name }) => name)).toEqual(['Alpha', 'Beta'])
  })

  it('give the share of those with a winner, with its Wilson interval', () => {
    // (2·7 + z²) / 2(9 + z²) ∓ z √(z² + 4·7·2/9) / 2(9 + z²) with z = 1.96.
    expect(pair?.firstShare?.fraction).toBeCloseTo(7 / 9, 12)
    expect(pair?.firstShare?.interval.lower).toBeCloseTo(0.4526, 4)
    expect(pair?.firstShare?.interval.upper).toBeCloseTo(0.9368, 4)
  })

  it('give the exact sign test', () => {
    // 2 · (C(9,0) + C(9,1) + C(9,2)) / 2⁹
    expect(pair?.signTest).toBeCloseTo((2 * (1 + 9 + 36)) / 512, 12)
  })

  it('give the share of the left side', () => {
    expect(pair?.leftShare).toMatchObject({ count: 6, n: 9 })
    expect(pair?.leftShare.interval.lower).toBeCloseTo(0.3542, 4)
    expect(pair?.leftShare.interval.upper).toBeCloseTo(0.8794, 4)
  })

  it('say nothing where no reply was preferred', () => {
    const [tied] = pairSummaries([comparison('tie'), comparison('both-bad')])
    expect(tied).toMatchObject({ wins: [0, 0], ties: 1, bothBad: 1, signTest: 1 })
    expect(tied?.firstShare).toMatchObject({ fraction: null, interval: { lower: 0, upper: 1 } })
  })

  it('leave out what is deleted, not judged, not blind', () => {
    const open = comparison('left', { blind: false })
    const others = [comparison(null), comparison('left', { removedAt: 9 }), open]
    expect(pairSummaries([...judged, ...others])).toEqual([pair])
    expect(pairSummaries([...judged, ...others], { includeOpen: true })[0]?.wins).toEqual([8, 2])
  })

  it('are of the same weights only', () => {
    const newer = { ...replyOf(BETA, 'R'), engine: { ...replyOf(BETA, 'R').engine, fingerprint: 'other' } }
    const other = comparison('left', { replies: { left: replyOf(ALPHA, 'L'), right: newer } })
    expect(pairSummaries([...judged, other]).map((one) => one.judged)).toEqual([12, 1])
  })

  it('say how many settings are pooled, whatever the seed', () => {
    const warm = comparison('left', { settings: { ...SETTINGS, temperature: 1 } })
    const reseeded = comparison('left', { settings: { ...SETTINGS, seed: 8 } })
    expect(pairSummaries([...judged, warm, reseeded])[0]?.settings).toBe(2)
  })

  it('of a model against itself tell of sides alone', () => {
    const self = { models: { left: ALPHA, right: ALPHA } }
    const replies = { left: replyOf(ALPHA, 'L'), right: replyOf(ALPHA, 'R') }
    const [summary] = pairSummaries([
      comparison('left', { ...self, replies }),
      comparison('left', { ...self, replies }),
      comparison('right', { ...self, replies }),
    ])
    expect(summary).toMatchObject({ isSelf: true, wins: [0, 0], firstShare: null, signTest: null })
    expect(summary?.leftShare).toMatchObject({ count: 2, n: 3 })
  })
})

describe('a series', () => {
  const plan = (tosses: boolean[], questions = ['a', 'b', 'c']) => {
    let id = 0
    return planSeries(
      { questions, models: [ALPHA, BETA], settings: SETTINGS, blind: true, at: 3 },
      () => `id-${(id += 1)}` as ComparisonId,
      () => tosses.shift() ?? false,
    )
  }

  it('draws the sides anew for each question, with one seed for both models', () => {
    const records = plan([false, true, false])
    expect(records.map(({ models }) => models.left.name)).toEqual(['Alpha', 'Beta', 'Alpha'])
    expect(records.map(({ series, position, id }) => [series, position, id])).toEqual([
      ['id-1', 0, 'id-1'],
      ['id-1', 1, 'id-2'],
      ['id-1', 2, 'id-3'],
    ])
    expect(records.every(({ settings }) => settings.seed === 7)).toBe(true)
  })

  it('asks all questions of one model before the other is loaded', () => {
    const turns = missingTurns(plan([false, true, false]), null)
    expect(turns.map(({ model, missing }) => [model.name, missing.map(({ side }) => side)])).toEqual([
      ['Alpha', ['left', 'right', 'left']],
      ['Beta', ['right', 'left', 'right']],
    ])
  })

  it('begins with the model that is loaded', () => {
    expect(missingTurns(plan([]), 'beta/q8').map(({ model }) => model.name)).toEqual(['Beta', 'Alpha'])
  })

  it('asks again what was stopped or interrupted, and nothing else', () => {
    const [first, second, third] = plan([])
    const records = [
      { ...first!, replies: { left: replyOf(ALPHA, 'x'), right: replyOf(BETA, 'x', 'interrupted') } },
      { ...second!, replies: { left: replyOf(ALPHA, '', 'length'), right: replyOf(BETA, 'x') } },
      { ...third!, replies: { left: replyOf(ALPHA, 'x', 'abort'), right: replyOf(BETA, 'x') } },
    ]
    expect(missingTurns(records, null).map(({ missing }) => missing.map(({ id }) => id))).toEqual([
      ['id-3'],
      ['id-1'],
    ])
  })

  it('of a model against itself loads it once', () => {
    const self = { questions: ['a'], models: [ALPHA, ALPHA], settings: SETTINGS, blind: true, at: 3 } as const
    const records = planSeries(
      self,
      () => 'id' as ComparisonId,
      () => false,
    )
    expect(missingTurns(records, null).map(({ missing }) => missing.length)).toEqual([2])
  })

  it('hides names until there is a preference', () => {
    expect([comparison(null), comparison('tie'), comparison(null, { blind: false })].map(isVeiled)).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('the export', () => {
  const records = [
    comparison('left', { question: '=1+1\n"quoted"' }),
    comparison(null),
    comparison(null, { blind: false }),
  ]

  it('leaves blind comparisons out until they are judged', () => {
    const file = comparisonsFile(records, 'No device.', 9)
    expect(file).toMatchObject({
      format: 'somnus-chat-comparisons',
      version: 1,
      leftOut: 1,
      notice: 'No device.',
    })
    expect(file.comparisons.map(({ blind }) => blind)).toEqual([true, false])
    expect(file.pairs.map(({ judged }) => judged)).toEqual([1])
    expect(JSON.parse([...comparisonsJsonParts(file)].join(''))).toEqual(JSON.parse(JSON.stringify(file)))
  })

  it('has a row each in CSV, with harmless cells', () => {
    const [header, first, ...more] = readCsv([...comparisonsCsvParts(records, 'No device.')].join(''))
    const cell = (name: string) => first?.[header?.indexOf(name) ?? -1]
    expect(more).toHaveLength(1)
    expect(cell('question')).toBe('\'=1+1\n"quoted"')
    expect([cell('preference'), cell('preferred_model'), cell('left_fingerprint'), cell('notice')]).toEqual([
      'left',
      'Alpha',
      'sha-of-alpha',
      'No device.',
    ])
  })
})

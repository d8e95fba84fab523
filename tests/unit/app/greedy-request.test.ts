import { describe, expect, it } from 'vitest'
import { greedyRequest, isGreedyRun } from '#app/greedy-request'
import type { Dataset } from '#core/dataset/item'
import type { RunPlan } from '#core/run/types'
import { answered, created, fold, makeAnswer, makePlan, started } from '../run/fixtures'

const strategy = { kind: 'self-consistency', samples: 4, stopsEarly: true } as const
const sampled: RunPlan = {
  ...makePlan(4),
  itemIndexes: [7, 7, 3, 9],
  rotations: [0, 2, 0, 0],
  strategy,
  decoding: { temperature: 1, topP: 0.95, maxTokens: 512, seed: 5 },
}
const dataset = { id: 'd', itemsSha256: 'b' } as Dataset

describe('greedyRequest', () => {
  it('asks what was answered once each, unrotated, in the same order, with one greedy reply', () => {
    const answers = [makeAnswer(0), makeAnswer(2)]
    expect(greedyRequest(sampled, answers, dataset)).toMatchObject({
      decoding: { temperature: 0, topP: 1, maxTokens: 512 },
      questions: { itemIndexes: [7, 3], rotations: [0, 0] },
      rotationShare: 0,
      split: null,
    })
    expect(greedyRequest(sampled, answers, dataset)).not.toHaveProperty('strategy')
  })
})

describe('isGreedyRun', () => {
  const run = fold([created(sampled), started(), answered(0)])
  const greedy = fold([created(makePlan(2)), started(), answered(0)])

  it('finds runs of the same weights and dataset with one greedy reply', () => {
    expect(isGreedyRun(run, greedy)).toBe(true)
  })

  it.each<[string, typeof greedy]>([
    ['several replies', run],
    ['no answer', fold([created(makePlan(2)), started()])],
    ['a reply drawn at random', { ...greedy, plan: { ...greedy.plan, decoding: sampled.decoding } }],
    [
      'other questions',
      { ...greedy, plan: { ...greedy.plan, dataset: { ...greedy.plan.dataset, itemsSha256: 'x' } } },
    ],
    ['other weights', { ...greedy, engines: greedy.engines.map((one) => ({ ...one, fingerprint: 'x' })) }],
    ['letters from a forward pass', { ...greedy, plan: { ...greedy.plan, protocol: 'both' } }],
  ])('passes over a run of %s', (_name, other) => {
    expect(isGreedyRun(run, other)).toBe(false)
  })
})

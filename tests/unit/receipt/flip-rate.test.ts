import { describe, expect, it } from 'vitest'
import { askedAgain, flipKind, flipRate, forwardChange, sameReplies } from '#core/receipt/flip-rate'
import { drawAgain, rerunRequest } from '#core/receipt/rerun'
import type { Dataset } from '#core/dataset/item'
import { wilsonInterval } from '#core/score/wilson'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { plan } from '../export/runs'
import { answer, randomAnswers } from '../score/answers'

/** One item asked twice; its key is A. */
function pair(before: string | null, after: string | null) {
  return {
    before: answer({ position: 0, official: before }),
    after: answer({ position: 3, official: after }),
  }
}

const forward = (probabilities: number[]): Answer => ({
  ...answer({ position: 0 }),
  forward: { probabilities, letter: 'A', promptTokens: 1, elapsedMs: 1 },
})

describe('a flip', () => {
  it.each([
    ['A', 'A', null],
    ['B', 'B', null],
    [null, null, null],
    ['A', 'B', 'right-to-wrong'],
    ['A', null, 'right-to-wrong'],
    ['B', 'A', 'wrong-to-right'],
    [null, 'A', 'wrong-to-right'],
    ['B', 'C', 'wrong-to-other'],
    ['B', null, 'wrong-to-other'],
  ])('of the letter %s to %s is %s', (before, after, kind) => {
    expect(flipKind(pair(before, after), 'official')).toBe(kind)
  })
})

describe('the flip rate', () => {
  it('is none of none, and none for the same answers', () => {
    expect(flipRate([], 'strict').flipped).toMatchObject({ count: 0, n: 0, fraction: null })
    const answers = randomAnswers(50, 1)
    const again = flipRate(askedAgain(answers, answers), 'official')
    expect(again.flipped).toMatchObject({ count: 0, n: 50, fraction: 0 })
  })

  it('counts each way and has the interval of Wilson', () => {
    const pairs = [pair('A', 'B'), pair('B', 'A'), pair('B', 'C'), pair('A', 'A'), pair('A', null)]
    expect(flipRate(pairs, 'official')).toEqual({
      flipped: { count: 4, n: 5, fraction: 0.8, interval: wilsonInterval(4, 5) },
      kinds: { 'right-to-wrong': 2, 'wrong-to-right': 1, 'wrong-to-other': 1 },
    })
    expect(flipRate(pairs, 'strict').flipped.count).toBe(0)
  })

  it('pairs questions by language, id and rotation, whatever their positions', () => {
    const before = randomAnswers(9, 3)
    const after = before.slice(4).map((one, position) => ({ ...one, position }))
    expect(askedAgain(before, after).map((one) => one.before.position)).toEqual([4, 5, 6, 7, 8])
    const rotated = after.map((one) => ({ ...one, rotation: 1 }))
    expect(askedAgain(before, rotated)).toEqual([])
  })
})

describe('what changed without a flip', () => {
  it('is the share of replies that are the same to the character', () => {
    const { before, after } = pair('A', 'A')
    expect(
      sameReplies([
        { before, after },
        { before, after: { ...after, reply: 'x' } },
      ]),
    ).toMatchObject({ count: 1, n: 2 })
    expect(sameReplies([{ before: { ...before, reply: '' }, after: { ...after, reply: '' } }]).n).toBe(0)
  })

  it('is the largest and the median change of a probability', () => {
    const change = forwardChange([
      { before: forward([0.5, 0.5]), after: forward([0.5, 0.5]) },
      { before: forward([0.5, 0.5]), after: forward([0.4, 0.6]) },
      { before: forward([0.9, 0.1]), after: forward([0.5, 0.5]) },
    ])
    expect(change?.n).toBe(3)
    expect(change?.largest).toBeCloseTo(0.4, 12)
    expect(change?.median).toBeCloseTo(0.1, 12)
    expect(forwardChange([pair('A', 'B')])).toBeNull()
  })
})

describe('questions asked again', () => {
  const answers = [...randomAnswers(20, 5), { ...answer({ position: 20 }), rotation: 2 }]

  it('are drawn from the answered ones, each once, in their order, without rotated ones', () => {
    const drawn = drawAgain(answers, 8, 42)
    expect(drawn).toHaveLength(8)
    expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b))
    expect(drawAgain(answers, 8, 42)).toEqual(drawn)
    expect(drawAgain(answers, 8, 43)).not.toEqual(drawn)
    expect(drawAgain(answers, 99, 1)).toEqual(Array.from({ length: 20 }, (_, position) => position))
  })

  it('are asked as they were, of the dataset that is here', () => {
    const request = rerunRequest(plan, [0, 2], 20, {
      model: plan.model,
      dataset: { id: 'here' } as unknown as Dataset,
    })
    expect(request).not.toHaveProperty('reusePrompt')
    const reusing = { ...plan, reusePrompt: true as const }
    const here = { model: plan.model, dataset: { id: 'here' } as unknown as Dataset }
    expect(rerunRequest(reusing, [0, 2], 20, here).reusePrompt).toBe(true)
    expect(request).toMatchObject({
      questions: { itemIndexes: [2, 1], rotations: [0, 0] },
      origin: { kind: 'rerun', runId: 'run-1', share: 0.1 },
      budget: { minutes: null, halfWidth: null },
      decoding: plan.decoding,
      prompts: plan.prompts,
    })
  })

  it('names an imported run as it is named where it was made', () => {
    const imported: RunPlan = {
      ...plan,
      id: 'imported-1' as RunId,
      origin: { kind: 'imported', at: 1, fileSha256: '', runId: plan.id, made: { kind: 'own' }, checks: [] },
    }
    const here = { model: plan.model, dataset: { id: 'here' } as unknown as Dataset }
    expect(rerunRequest(imported, [0], 20, here).origin).toMatchObject({ kind: 'rerun', runId: 'run-1' })
  })
})

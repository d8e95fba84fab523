/** The loop of a run that generates and scores, rotates, shows examples or has a budget. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { EngineResult, LetterScores } from '#core/engine'
import { failure, success } from '#core/result'
import type { RunPlan } from '#core/run/types'
import { makeItem, makePlan } from './fixtures'
import { LOST, scores, ScriptedLoop, TOO_LONG } from './scripted-loop'

const letters: RunPlan = { ...makePlan(3), protocol: 'letters' }
const both: RunPlan = { ...makePlan(3), protocol: 'both' }

let loop: ScriptedLoop

beforeEach(() => {
  loop = new ScriptedLoop()
})

describe('both', () => {
  it('generates, then scores, and stores one answer with both', async () => {
    const run = await loop.answer(both)
    expect(loop.order.slice(0, 4)).toEqual([
      'generate after 0',
      'score after 0',
      'generate after 1',
      'score after 1',
    ])
    expect(loop.answers()).toHaveLength(3)
    expect(loop.answers()[0]).toMatchObject({ reply: 'B', officialLetter: 'B', forward: { letter: 'C' } })
    // Prompts of both passes; first token, decoding and scoring of three questions.
    expect(run).toMatchObject({ promptTokens: 48, answeringMs: 24 })
  })

  it('asks each with its own prompt', async () => {
    await loop.answer(both)
    expect(loop.generated[0]?.messages.at(-1)?.content).toContain('Think step by step')
    expect(loop.scored[0]?.messages.at(-1)?.content).toContain('Reply with its letter only.')
  })

  it('keeps one half when only the other does not fit', async () => {
    loop.replies = [failure(TOO_LONG)]
    loop.letterScores = [() => scores(0, 1, 0, 0), () => failure(TOO_LONG)]
    await loop.answer(both)
    const [first, second] = loop.answers()
    expect(first).toMatchObject({
      failure: TOO_LONG,
      reply: '',
      finish: 'length',
      officialLetter: null,
      strictReason: 'empty',
      forward: { letter: 'B' },
    })
    expect(second).toMatchObject({ failure: TOO_LONG, reply: 'B', officialLetter: 'B', forward: null })
  })

  it('drops the reply too when the device is lost while scoring, and asks both again', async () => {
    loop.letterScores = [() => failure(LOST)]
    await loop.answer({ ...makePlan(1), protocol: 'both' })
    expect(loop.order).toEqual(['generate after 0', 'score after 0', 'generate after 0', 'score after 0'])
    expect(loop.log.answeredPositions).toEqual([0])
  })

  it('drops the reply too when paused while scoring', async () => {
    const control = new AbortController()
    loop.letterScores = [
      () => {
        control.abort('pause')
        return failure({ kind: 'aborted' })
      },
    ]
    expect((await loop.answer(both, control.signal)).state.kind).toBe('paused')
    expect(loop.answers()).toEqual([])
  })
})

describe('rotation', () => {
  const rotated: RunPlan = {
    ...makePlan(0),
    itemIndexes: [4, 4, 7],
    rotations: [0, 1, 0],
    rotationShare: 0.5,
  }

  it('asks the item again with its options moved on, and stores the question as it was asked', async () => {
    const run = await loop.answer(rotated)
    expect(
      loop.generated.map(({ messages }) => /A\. (\w+)/.exec(messages.at(-1)?.content ?? '')?.[1]),
    ).toEqual(['one', 'four', 'one'])
    expect(loop.answers()[1]).toMatchObject({
      position: 1,
      rotation: 1,
      item: { id: makeItem(4).id, options: ['four', 'one', 'two', 'three'], targetIndex: 2 },
    })
    // Left out of every accuracy.
    expect(run).toMatchObject({ answered: 3, total: 3, rotated: 1 })
    expect(run.tallies[0]?.answered).toBe(2)
  })
})

describe('examples', () => {
  const example = { ...makeItem(90), stem: 'An example?' }
  const chinese = { ...makeItem(91, 'zh'), stem: '示例？' }
  const shots = {
    pool: { id: 'p', name: 'Pool', itemsSha256: 'x' } as RunPlan['dataset'],
    count: 1,
    items: [example, chinese],
  }

  it('shows solved examples of the question’s language before it, in each prompt’s own form', async () => {
    await loop.answer({ ...both, shots })
    expect(loop.generated[0]?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ])
    expect(loop.generated[0]?.messages[1]?.content).toContain('An example?')
    expect(loop.generated[0]?.messages[2]?.content).toBe('The answer is B. two')
    expect(loop.scored[0]?.messages[2]?.content).toBe('B')
    expect(loop.generated[0]?.messages.at(-1)?.content).toContain('Question 0?')
  })
})

describe('budget', () => {
  it('stops after the answer with which the minutes are used up, and says so', async () => {
    const slow: EngineResult<LetterScores> = success({
      probabilities: [1, 0],
      promptTokens: 1,
      elapsedMs: 40_000,
    })
    loop.letterScores = [() => slow, () => slow]
    const plan: RunPlan = { ...letters, budget: { minutes: 1, halfWidth: null } }
    expect((await loop.answer(plan)).state).toEqual({ kind: 'stopped', reason: 'minutes' })
    expect(loop.log.answeredPositions).toEqual([0, 1])
  })

  it('finishes rather than stops when the last question is answered with it', async () => {
    const slow = () => success({ probabilities: [1, 0], promptTokens: 1, elapsedMs: 70_000 })
    loop.letterScores = [slow]
    const plan: RunPlan = { ...makePlan(1), protocol: 'letters', budget: { minutes: 1, halfWidth: null } }
    expect((await loop.answer(plan)).state).toEqual({ kind: 'finished' })
  })

  it('stops when the confidence sequence is narrow enough', async () => {
    const base = makePlan(60)
    const plan: RunPlan = {
      ...base,
      protocol: 'letters',
      selection: { ...base.selection, design: 'simple' },
      budget: { minutes: null, halfWidth: 0.2 },
    }
    const run = await loop.answer(plan)
    expect(run.state).toEqual({ kind: 'stopped', reason: 'precision' })
    expect(run.answered).toBeLessThan(60)
    expect(run.answered).toBeGreaterThan(5)
  })
})

/** The loop of a run that takes the letters' probabilities from one forward pass. */
import { beforeEach, describe, expect, it } from 'vitest'
import { answerRun } from '#app/run-loop'
import { failure, success } from '#core/result'
import type { RunPlan } from '#core/run/types'
import { created, ENGINE, makeItem, makePlan } from './fixtures'
import { LOST, scores, ScriptedLoop, TOO_LONG } from './scripted-loop'

const letters: RunPlan = { ...makePlan(3), protocol: 'letters' }

let loop: ScriptedLoop

beforeEach(() => {
  loop = new ScriptedLoop()
})

describe('letters', () => {
  it('asks for the letters of the options with the letter-only prompt, and generates nothing', async () => {
    loop.ports.item = (index) => Promise.resolve({ ...makeItem(index), options: ['x', 'y', 'z'] })
    loop.letterScores = [() => scores(0.2, 0.7, 0.1)]
    await loop.answer({ ...makePlan(1), protocol: 'letters' })
    expect(loop.generated).toEqual([])
    expect(loop.scored).toHaveLength(1)
    expect(loop.scored[0]?.letters).toEqual(['A', 'B', 'C'])
    expect(loop.scored[0]?.messages.at(-1)?.content).toContain('Reply with its letter only.')
  })

  it('stores the probabilities, the most probable letter, and nothing of a reply', async () => {
    const run = await loop.answer(letters)
    expect(run.state).toEqual({ kind: 'finished' })
    expect(loop.answers()).toHaveLength(3)
    expect(loop.answers()[0]).toMatchObject({
      forward: { probabilities: [0.1, 0.2, 0.6, 0.1], letter: 'C', promptTokens: 7, elapsedMs: 5 },
      reply: '',
      completionTokens: 0,
      timeToFirstTokenMs: 0,
      officialLetter: null,
      strictLetter: null,
      strictReason: null,
      failure: null,
    })
    expect(run).toMatchObject({ answeringMs: 15, promptTokens: 21, completionTokens: 0 })
    expect(run.tallies[0]).toMatchObject({ answered: 3, unparsed: { forward: 0, official: 3 } })
  })

  it('takes no letter where two are equally probable', async () => {
    loop.letterScores = [() => scores(0.4, 0.4, 0.1, 0.1)]
    await loop.answer(letters)
    expect(loop.answers().map(({ forward }) => forward?.letter)).toEqual([null, 'C', 'C'])
  })

  it('begins the next question while the answer is being stored, and never the one after that', async () => {
    await loop.answer(letters)
    expect(loop.order).toEqual(['score after 0', 'score after 0', 'score after 1'])
    expect(loop.log.answeredPositions).toEqual([0, 1, 2])
  })

  it('keeps nothing of the question that was begun when the answer could not be stored', async () => {
    await loop.log.append(letters.id, created(letters))
    loop.log.refuseNext('answered', { kind: 'storage-full' })
    let begun: AbortSignal | undefined
    loop.letterScores = [() => scores(1, 0, 0, 0), (signal) => ((begun = signal), scores(1, 0, 0, 0))]
    const run = await answerRun(letters, ENGINE, loop.ports, new AbortController().signal)
    expect(run).toEqual(failure({ kind: 'storage-full' }))
    expect(begun?.aborted).toBe(true)
    expect(loop.log.answeredPositions).toEqual([])
    expect(loop.log.summary?.state).toMatchObject({ kind: 'paused', reason: 'storage-full' })
    expect((await loop.answer(letters)).state.kind).toBe('finished')
    expect(loop.log.answeredPositions).toEqual([0, 1, 2])
  })

  it('gives up the question that was begun when the budget is used up', async () => {
    let begun: AbortSignal | undefined
    loop.letterScores = [
      () => success({ probabilities: [1, 0], promptTokens: 1, elapsedMs: 70_000 }),
      (signal) => ((begun = signal), scores(1, 0, 0, 0)),
    ]
    const run = await loop.answer({ ...letters, budget: { minutes: 1, halfWidth: null } })
    expect(run.state).toEqual({ kind: 'stopped', reason: 'minutes' })
    expect(begun?.aborted).toBe(true)
    expect(loop.log.answeredPositions).toEqual([0])
  })

  it('asks a question again that was begun when the device was lost', async () => {
    loop.letterScores = [() => scores(1, 0, 0, 0), () => failure(LOST), () => scores(0, 1, 0, 0)]
    const run = await loop.answer(letters)
    expect(run.state.kind).toBe('finished')
    expect(loop.answers().map(({ forward }) => forward?.letter)).toEqual(['A', 'B', 'C'])
  })

  it('counts a prompt that does not fit as answered with nothing, and says why', async () => {
    loop.letterScores = [() => failure(TOO_LONG)]
    const run = await loop.answer(letters)
    expect(run.state.kind).toBe('finished')
    expect(loop.answers()[0]).toMatchObject({ forward: null, failure: TOO_LONG })
    expect(run.tallies[0]?.unparsed.forward).toBe(1)
  })

  it('pauses with the reason when the model has no tokens for the letters', async () => {
    loop.letterScores = [() => failure({ kind: 'letters-not-tokens' })]
    const run = await loop.answer(letters)
    expect(run.state).toEqual({
      kind: 'paused',
      reason: 'engine-failure',
      failure: { kind: 'letters-not-tokens' },
    })
    expect(loop.answers()).toEqual([])
  })

  it('loads the model again once when the device is lost, and asks the same question', async () => {
    loop.letterScores = [() => scores(1, 0, 0, 0), () => failure(LOST)]
    const run = await loop.answer(letters)
    expect(run.state.kind).toBe('finished')
    expect(loop.log.answeredPositions).toEqual([0, 1, 2])
    expect(loop.log.kinds.filter((kind) => kind === 'started')).toHaveLength(2)
    expect(loop.scored[1]?.messages).toEqual(loop.scored[2]?.messages)
  })

  it('pauses when asked to, keeps what is stored and goes on with the same question', async () => {
    const control = new AbortController()
    loop.letterScores = [
      () => scores(1, 0, 0, 0),
      () => {
        control.abort('pause')
        return failure({ kind: 'aborted' })
      },
    ]
    expect((await loop.answer(letters, control.signal)).state).toMatchObject({
      kind: 'paused',
      reason: 'user',
    })
    expect(loop.log.answeredPositions).toEqual([0])
    expect((await loop.answer(letters)).state.kind).toBe('finished')
    expect(loop.log.answeredPositions).toEqual([0, 1, 2])
  })

  it('reads the next item while a question is scored', async () => {
    const reads: number[] = []
    loop.ports.item = (index) => {
      reads.push(index)
      return Promise.resolve(makeItem(index))
    }
    loop.letterScores = [
      () => {
        expect(reads).toEqual([0, 1])
        return scores(1, 0, 0, 0)
      },
    ]
    await loop.answer(letters)
    expect(reads.filter((index) => index < 3 && index >= 0)).toEqual([0, 1, 2])
  })
})

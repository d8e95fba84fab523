/** Answers that reused a prompt's beginning count once a comparison with a cold pass agreed, and never if it failed. */
import { describe, expect, it } from 'vitest'
import { engineAt, HistoryBuilder } from '#core/run/history'
import type { EngineResult, LetterScores } from '#core/engine'
import type { PromptReading } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { AnswerCollector } from '#core/run/answer-collector'
import { remainingMs, sumTallies } from '#core/run/progress'
import type { RunPlan } from '#core/run/types'
import { ENGINE, fold, makePlan } from './fixtures'
import { ScriptedLoop } from './scripted-loop'

const READINGS = {
  cold: { path: 'cold', tokensFed: 9, tokensReused: 0, reason: 'nothing-in-common' },
  'in two parts': { path: 'cold', tokensFed: 9, tokensReused: 0, awaitsComparison: true },
  reused: { path: 'reused', tokensFed: 3, tokensReused: 6, awaitsComparison: true },
  'reused from where a cold pass ended': { path: 'reused', tokensFed: 1, tokensReused: 8 },
  compared: { path: 'cold', tokensFed: 18, tokensReused: 0, compared: true },
  failed: { path: 'cold', tokensFed: 15, tokensReused: 0, reason: 'check-failed' },
  'not tested': { path: 'cold', tokensFed: 9, tokensReused: 0, reason: 'not-tested' },
} satisfies Record<string, PromptReading>

type Read = keyof typeof READINGS

const letters = (read: Read): EngineResult<LetterScores> =>
  success({ probabilities: [0.1, 0.7, 0.1, 0.1], promptTokens: 9, elapsedMs: 5, reading: READINGS[read] })

const planOf = (count: number): RunPlan => ({ ...makePlan(count), protocol: 'letters', reusePrompt: true })

/** An engine whose passes are read in these ways, one after the other; then cold ones. */
function loopOf(reads: readonly Read[]): ScriptedLoop {
  const loop = new ScriptedLoop()
  loop.letterScores = reads.map((read) => () => letters(read))
  return loop
}

/** What an export of the run would have. */
function countedPositions({ log }: ScriptedLoop): number[] {
  const collector = new AnswerCollector()
  for (const event of log.events) collector.add(event)
  return collector.answers.map(({ position }) => position)
}

/** Kinds of events after the first start; held answers as "held". */
function told({ log }: ScriptedLoop): string[] {
  return log.events.slice(2).map((event) => (event.kind === 'answered' && event.isHeld ? 'held' : event.kind))
}

/** As when another tab takes the engine: there is nothing left to compare with. */
const TAKEN_OVER = () => failure({ kind: 'taken-over' as const })

/** Stops or pauses the run while a question is asked. */
function wishAt(loop: ScriptedLoop, question: number, wish: 'pause' | 'stop'): AbortSignal {
  const control = new AbortController()
  const read = loop.letterScores[question]!
  loop.letterScores[question] = (signal) => {
    control.abort(wish)
    return signal.aborted ? failure({ kind: 'aborted' }) : read(signal)
  }
  return control.signal
}

describe('a run that reuses prompts', () => {
  it('counts answers that reused nothing at once, and others after the comparison that agreed', async () => {
    const loop = loopOf(['cold', 'in two parts', 'compared', 'reused', 'reused', 'compared'])
    const run = await loop.answer(planOf(6))
    expect(told(loop)).toEqual([
      ...['answered', 'held', 'released', 'answered'],
      ...['held', 'held', 'released', 'answered', 'finished'],
    ])
    expect(sumTallies(run)).toMatchObject({ answered: 6, correct: { forward: 6 } })
    expect(run.held).toBeUndefined()
    expect(countedPositions(loop)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('holds an answer that reused nothing while others are held, so that the first ones asked count', async () => {
    const loop = loopOf(['cold', 'reused', 'cold', 'compared'])
    await loop.answer(planOf(4))
    expect(told(loop)).toEqual(['answered', 'held', 'held', 'released', 'answered', 'finished'])
  })

  it('holds nothing where each reading was compared with the pass that it went on from', async () => {
    const loop = loopOf(['cold', 'reused from where a cold pass ended', 'not tested'])
    await loop.answer(planOf(3))
    expect(told(loop)).toEqual(['answered', 'answered', 'answered', 'finished'])
  })

  it('counts in its summary only what is not held', async () => {
    const loop = loopOf(['cold', 'reused', 'reused'])
    loop.letterScores.push(TAKEN_OVER)
    const run = await loop.answer(planOf(5))
    expect(run).toMatchObject({ state: { kind: 'paused' }, answered: 3, held: { from: 1 } })
    expect(sumTallies(run).answered).toBe(1)
    expect(countedPositions(loop)).toEqual([0])
    expect(loop.log.answeredPositions).toEqual([0, 1, 2])
  })

  it('goes on with held answers after a pause or a killed tab, and counts them when a comparison agrees', async () => {
    const loop = loopOf(['cold', 'reused', 'reused'])
    loop.letterScores.push(TAKEN_OVER)
    await loop.answer(planOf(5))
    loop.letterScores = (['cold', 'compared'] as const).map((read) => () => letters(read))
    const run = await loop.answer(planOf(5))
    expect(run.state.kind).toBe('finished')
    expect(countedPositions(loop)).toEqual([0, 1, 2, 3, 4])
    expect(loop.scored.map(({ compareReuse }) => compareReuse ?? false)).toEqual([
      ...[false, false, false, false],
      ...[false, true],
    ])
  })

  it('asks for a comparison with its last question', async () => {
    const loop = loopOf(['cold', 'in two parts', 'compared'])
    await loop.answer(planOf(3))
    expect(loop.scored.map(({ compareReuse }) => compareReuse ?? false)).toEqual([false, false, true])
  })

  it('compares the last prompts in turns before it ends, where the last question was not compared', async () => {
    const loop = loopOf(['cold', 'reused', 'reused', 'cold', 'in two parts', 'compared'])
    const run = await loop.answer(planOf(3))
    expect(run.state.kind).toBe('finished')
    expect(told(loop)).toEqual(['answered', 'held', 'held', 'released', 'finished'])
    const stems = loop.scored.map(({ messages }) => /Question (\d)/.exec(messages.at(-1)!.content)![1])
    expect(stems).toEqual(['0', '1', '2', '1', '2', '1'])
    expect(countedPositions(loop)).toEqual([0, 1, 2])
  })

  it.each([
    ['stop', 'stopped'],
    ['pause', 'paused'],
  ] as const)('compares before it ends by a %s, and keeps what agreed', async (wish, ended) => {
    const loop = loopOf(['cold', 'reused', 'reused', 'compared'])
    const run = await loop.answer(planOf(9), wishAt(loop, 2, wish))
    expect(run).toMatchObject({ state: { kind: ended, reason: 'user' }, answered: 2 })
    expect(told(loop)).toEqual(['answered', 'held', 'released', ended])
  })

  it('compares as soon as its interval would be narrow enough with what is held', async () => {
    const plan = planOf(40)
    const selection = { ...plan.selection, design: 'simple' } as const
    const narrow = { ...plan, selection, budget: { minutes: null, halfWidth: 0.2 } }
    const cold = loopOf(Array.from({ length: 40 }, () => 'not tested' as const))
    const needed = (await cold.answer(narrow)).answered
    // One more question is begun while the last answer is stored.
    const reused = Array.from({ length: needed }, () => 'reused' as const)
    const loop = loopOf(['cold', ...reused, 'compared'])
    const run = await loop.answer(narrow)
    expect(run).toMatchObject({ state: { kind: 'stopped', reason: 'precision' }, answered: needed })
    expect(needed).toBeLessThan(40)
    expect(run.held).toBeUndefined()
  })

  it('drops what did not agree when it pauses, and asks it again later', async () => {
    const loop = loopOf(['cold', 'reused', 'reused', 'failed'])
    const run = await loop.answer(planOf(9), wishAt(loop, 2, 'pause'))
    expect(run).toMatchObject({ state: { kind: 'paused', reason: 'user' }, answered: 1, readsAnew: true })
    expect(told(loop)).toEqual(['answered', 'held', 'paused', 'started', 'paused'])
  })

  it('compares once more, and waits for it, where it is paused while it compares at its end', async () => {
    const loop = loopOf(['cold', 'reused', 'reused', 'reused', 'compared'])
    const run = await loop.answer(planOf(3), wishAt(loop, 3, 'pause'))
    expect(run.state.kind).toBe('finished')
    expect(told(loop)).toEqual(['answered', 'held', 'held', 'released', 'finished'])
  })

  it('ends with answers that stay held where the engine cannot compare any more', async () => {
    const loop = loopOf(['cold', 'reused', 'reused'])
    const signal = wishAt(loop, 2, 'stop')
    loop.letterScores.push(() => failure({ kind: 'device-lost', detail: 'x' }))
    const run = await loop.answer(planOf(9), signal)
    expect(run).toMatchObject({ state: { kind: 'stopped' }, answered: 2, held: { from: 1 } })
    expect(countedPositions(loop)).toEqual([0])
  })

  it('asks again, without reuse, everything since the last comparison that agreed', async () => {
    const loop = loopOf(['cold', 'reused', 'compared', 'reused', 'reused', 'failed'])
    const run = await loop.answer(planOf(7))
    expect(told(loop)).toEqual([
      ...['answered', 'held', 'released', 'answered', 'held', 'held'],
      ...['paused', 'started', 'answered', 'answered', 'answered', 'answered', 'finished'],
    ])
    expect(loop.log.events.find(({ kind }) => kind === 'paused')).toMatchObject({
      reason: 'comparison-failed',
      withdrawnFrom: 3,
    })
    expect(loop.log.answeredPositions).toEqual([0, 1, 2, 3, 4, 3, 4, 5, 6])
    expect(sumTallies(run).answered).toBe(7)
    const collector = new AnswerCollector()
    for (const event of loop.log.events) collector.add(event)
    expect(collector.answers.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6])
    // The first six of them gave other letters than those that were asked again.
    expect(collector.answers.map(({ forward }) => forward?.letter)).toEqual([...'BBB', ...'CCCC'])
    expect(loop.scored.slice(6).map(({ reusePrompt }) => reusePrompt)).toEqual([false, false, false, false])
  })

  it('does not reuse again in this run, whichever engine is loaded later', async () => {
    const loop = loopOf(['cold', 'reused', 'failed', 'cold', 'cold'])
    const paused = await loop.answer(planOf(6), wishAt(loop, 4, 'pause'))
    expect(paused).toMatchObject({ state: { kind: 'paused', reason: 'user' }, readsAnew: true })
    loop.letterScores = [() => letters('cold')]
    await loop.answer(planOf(6))
    expect(loop.scored.slice(3).every(({ reusePrompt }) => reusePrompt === false)).toBe(true)
    const readings = loop
      .answers()
      .slice(2)
      .map(({ forward }) => forward?.reading?.reason)
    expect(readings[0]).toBe('check-failed')
  })

  it('asks again where the comparison at its end fails', async () => {
    const loop = loopOf(['cold', 'reused', 'reused', 'failed'])
    const run = await loop.answer(planOf(3))
    expect(run).toMatchObject({ state: { kind: 'finished' }, answered: 3, readsAnew: true })
    expect(loop.log.answeredPositions).toEqual([0, 1, 2, 1, 2])
    expect(countedPositions(loop)).toEqual([0, 1, 2])
  })

  it('asks again where an engine that compares nothing is loaded before its end', async () => {
    const loop = loopOf([
      'cold',
      'reused',
      'not tested',
      'not tested',
      'not tested',
      'not tested',
      'not tested',
    ])
    const run = await loop.answer(planOf(3))
    expect(run).toMatchObject({ state: { kind: 'finished' }, readsAnew: true })
    expect(loop.scored).toHaveLength(3 + 4 + 2)
    expect(countedPositions(loop)).toEqual([0, 1, 2])
  })

  it('remembers a failed comparison where nothing is held yet, or where the engine knew of it before', async () => {
    const loop = loopOf(['cold', 'failed', 'failed'])
    const run = await loop.answer(planOf(3))
    expect(run.readsAnew).toBe(true)
    expect(told(loop)).toEqual(['answered', 'paused', 'started', 'answered', 'answered', 'finished'])
    expect(loop.log.events.find(({ kind }) => kind === 'paused')).toMatchObject({ withdrawnFrom: 1 })
  })

  it('asks a question again whose reply a failed check ended, with all that are held', async () => {
    const loop = loopOf(['cold', 'reused'])
    loop.letterScores.push(() => failure({ kind: 'reuse-check-failed', detail: 'x' }))
    const run = await loop.answer(planOf(3))
    expect(run.state.kind).toBe('finished')
    expect(loop.log.answeredPositions).toEqual([0, 1, 1, 2])
    expect(loop.log.events.find(({ kind }) => kind === 'paused')).toMatchObject({
      reason: 'comparison-failed',
      failure: { kind: 'reuse-check-failed' },
      withdrawnFrom: 1,
    })
  })

  it('skips a question that does not fit when it compares', async () => {
    const loop = loopOf(['cold', 'reused', 'reused', 'reused'])
    loop.letterScores.push(
      () => failure({ kind: 'context-exceeded', promptTokens: 9, contextTokens: 8 }),
      () => letters('compared'),
    )
    const run = await loop.answer(planOf(4))
    expect(run.state.kind).toBe('finished')
    expect(run.readsAnew).toBeUndefined()
    expect(countedPositions(loop)).toEqual([0, 1, 2, 3])
  })

  it('pauses with a full disk, and loses no held answer', async () => {
    const loop = loopOf(['cold', 'reused', 'compared'])
    loop.log.refuseNext('released', { kind: 'storage-full' })
    await expect(loop.answer(planOf(3))).rejects.toThrow('storage-full')
    expect(loop.log.summary).toMatchObject({
      state: { reason: 'storage-full' },
      answered: 2,
      held: { from: 1 },
    })
  })
})

describe('a run whose comparison at its end finds a full disk', () => {
  it.each([
    ['agrees', 'compared', 'released'],
    ['fails', 'failed', 'paused'],
  ] as const)('is paused with its answers held where it %s', async (_how, read, refused) => {
    const loop = loopOf(['cold', 'reused', 'reused', read])
    loop.log.refuseNext(refused, { kind: 'storage-full' })
    await expect(loop.answer(planOf(3))).rejects.toThrow('storage-full')
    expect(loop.log.summary).toMatchObject({
      state: { kind: 'paused', reason: 'storage-full' },
      answered: 3,
      held: { from: 1 },
    })
  })
})

it('reckons the time left by all answers that took time, withdrawn ones included', async () => {
  const loop = loopOf(['cold', 'reused', 'reused', 'failed'])
  loop.letterScores.push(TAKEN_OVER)
  const run = await loop.answer(planOf(9))
  expect(run).toMatchObject({ answered: 1, withdrawn: 2, answeringMs: 15 })
  expect(remainingMs(run)).toBe(5 * 8)
})

describe('the log of a run with held answers', () => {
  it('says by which session a question that was asked again was answered', async () => {
    const loop = loopOf(['cold', 'reused', 'reused'])
    loop.letterScores.push(TAKEN_OVER)
    await loop.answer(planOf(5))
    loop.letterScores = (['reused', 'failed'] as const).map((read) => () => letters(read))
    loop.ports.userAgent = 'later'
    await loop.answer(planOf(5))
    const builder = new HistoryBuilder()
    for (const event of loop.log.events) builder.add(event)
    const { starts, interruptions } = builder.history
    expect(starts.map(({ position, userAgent }) => [position, userAgent])).toEqual([
      [0, 'test'],
      [1, 'later'],
      [1, 'later'],
    ])
    expect(interruptions.map(({ position, reason }) => [position, reason])).toEqual([
      [1, 'taken-over'],
      [1, 'comparison-failed'],
    ])
    expect(engineAt(builder.history, 4)).toEqual(ENGINE)
    expect(fold(loop.log.events)).toEqual(loop.log.summary)
  })
})

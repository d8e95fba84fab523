import { beforeEach, describe, expect, it } from 'vitest'
import { answerRun, type RunLoopPorts, type RunMoment } from '#app/run-loop'
import type {
  EngineDescription,
  EngineFailure,
  EngineResult,
  Generation,
  GenerationRequest,
} from '#core/engine'
import { failure, success } from '#core/result'
import { created, ENGINE, makeItem, makePlan } from './fixtures'
import { MemoryLog } from './memory-log'

const plan = makePlan(4)

/** What the engine does at the next question; without a step it answers "B". */
type Step = (signal: AbortSignal) => Promise<EngineResult<Generation>> | EngineResult<Generation>

const reply = (text: string, finish: Generation['finish'] = 'stop'): EngineResult<Generation> =>
  success({ text, finish, promptTokens: 9, completionTokens: 3, timeToFirstTokenMs: 1, decodeMs: 2 })
const fails =
  (problem: EngineFailure): Step =>
  () =>
    failure(problem)
const lost: EngineFailure = { kind: 'worker-lost', detail: 'killed' }

let log: MemoryLog
let steps: Step[]
let requests: GenerationRequest[]
let moments: RunMoment[]
let reloads: EngineResult<EngineDescription>[]
let loaded: EngineDescription | null
let clock: number
let ports: RunLoopPorts

beforeEach(async () => {
  log = new MemoryLog()
  await log.append(plan.id, created(plan))
  steps = []
  requests = []
  moments = []
  reloads = []
  loaded = ENGINE
  clock = 100
  ports = {
    log,
    engine: {
      async generate(request, onEvent, signal) {
        requests.push(request)
        onEvent({ kind: 'text', text: 'B', completionTokens: 1 })
        return (await steps.shift()?.(signal)) ?? reply('B')
      },
      scoreLetters: () => Promise.reject(new Error('This protocol scores no letters.')),
    },
    loaded: () => loaded,
    reload: () => Promise.resolve(reloads.shift() ?? success(ENGINE)),
    item: (index) => Promise.resolve(makeItem(index)),
    read: (text) =>
      Promise.resolve({
        // As the official extraction does, it guesses a letter from nothing.
        officialLetter: text || 'A',
        strictLetter: text || null,
        strictReason: text ? null : 'empty',
      }),
    now: () => (clock += 1),
    hidden: () => false,
    userAgent: 'test',
    show: (moment) => moments.push(moment),
  }
})

const answer = (signal = new AbortController().signal) => answerRun(plan, ENGINE, ports, signal)
const ok: Step = () => reply('B')

/** Waits until the question is asked, then wishes, then ends as an aborted engine does. */
function wishDuring(control: AbortController, wish: 'pause' | 'stop'): Step {
  return (signal) => {
    control.abort(wish)
    expect(signal.aborted).toBe(true)
    return reply('half a rep', 'abort')
  }
}

describe('answerRun', () => {
  it('answers every question once, in order, and finishes', async () => {
    const run = await answer()
    expect(run.ok && run.value.state).toEqual({ kind: 'finished' })
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
    expect(log.kinds).toEqual([
      'created',
      'started',
      'answered',
      'answered',
      'answered',
      'answered',
      'finished',
    ])
  })

  it('asks with the official messages and the plan’s decoding', async () => {
    await answer()
    expect(requests[0]).toMatchObject({ temperature: 0, topP: 1, maxTokens: 2048, seed: 0 })
    expect(requests[0]?.messages.map((message) => message.role)).toEqual(['system', 'user'])
    expect(requests[0]?.messages[1]?.content).toContain('Question 0?\nA. one\nB. two')
  })

  it('stores an answer before it asks the next question', async () => {
    const stored: number[] = []
    steps = Array.from({ length: 4 }, () => () => {
      stored.push(log.answeredPositions.length)
      return reply('B')
    })
    await answer()
    expect(stored).toEqual([0, 1, 2, 3])
  })

  it('stores item, reply, letters and timings', async () => {
    await answer()
    const event = log.events[2]
    expect(event).toMatchObject({
      kind: 'answered',
      answer: { position: 0, item: makeItem(0), reply: 'B', officialLetter: 'B', decodeMs: 2, hidden: false },
    })
    expect(event?.kind === 'answered' && event.at).toBe(event?.kind === 'answered' && event.answer.answeredAt)
  })

  it('pauses at once, drops the half reply, and resumes with the same question', async () => {
    const control = new AbortController()
    steps = [ok, wishDuring(control, 'pause')]
    const paused = await answer(control.signal)
    expect(paused.ok && paused.value.state).toEqual({ kind: 'paused', reason: 'user', failure: null })
    expect(log.answeredPositions).toEqual([0])

    const resumed = await answer()
    expect(resumed.ok && resumed.value.state).toEqual({ kind: 'finished' })
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
    expect(requests.map((request) => request.messages[1]?.content.match(/Question (\d)/)?.[1])).toEqual([
      '0',
      '1',
      '1',
      '2',
      '3',
    ])
  })

  it('stops for good', async () => {
    const control = new AbortController()
    steps = [wishDuring(control, 'stop')]
    const run = await answer(control.signal)
    expect(run.ok && run.value.state).toEqual({ kind: 'stopped', reason: 'user' })
    expect(await answer()).toEqual(failure({ kind: 'illegal-event', reason: 'wrong-state' }))
  })

  it('goes on after a killed tab with the first unanswered question', async () => {
    steps = [ok, ok, () => Promise.reject(new Error('tab killed'))]
    await expect(answer()).rejects.toThrow('tab killed')
    expect(log.summary?.state.kind).toBe('running')
    await answer()
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
    expect(log.summary?.state.kind).toBe('finished')
  })

  it('counts an item that does not fit the context as answered with nothing, and says why', async () => {
    const tooLong: EngineFailure = { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 1024 }
    steps = [fails(tooLong)]
    const run = await answer()
    expect(run.ok && run.value.state.kind).toBe('finished')
    expect(log.events[2]).toMatchObject({
      answer: {
        reply: '',
        finish: 'length',
        failure: tooLong,
        officialLetter: null,
        strictReason: 'empty',
        completionTokens: 0,
      },
    })
  })

  it('reloads the model once after a loss and asks the same question again', async () => {
    steps = [ok, fails(lost)]
    const run = await answer()
    expect(run.ok && run.value.state.kind).toBe('finished')
    expect(log.kinds.slice(2, 6)).toEqual(['answered', 'paused', 'started', 'answered'])
    expect(log.events[3]).toMatchObject({ reason: 'device-lost', failure: lost })
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
    expect(moments).toContainEqual({ kind: 'recovering', failure: lost })
  })

  it('pauses when the same question loses the device twice', async () => {
    const gone: EngineFailure = { kind: 'device-lost', detail: 'reset' }
    steps = [ok, fails(lost), fails(gone)]
    const run = await answer()
    expect(run.ok && run.value.state).toEqual({ kind: 'paused', reason: 'device-lost', failure: gone })
    expect(log.answeredPositions).toEqual([0])
  })

  it('recovers again at a later question', async () => {
    steps = [fails(lost), ok, fails(lost)]
    const run = await answer()
    expect(run.ok && run.value.state.kind).toBe('finished')
    expect(log.kinds.filter((kind) => kind === 'started')).toHaveLength(3)
  })

  it('stays paused when the reload fails', async () => {
    reloads = [failure({ kind: 'out-of-memory', detail: '' })]
    steps = [fails(lost)]
    const run = await answer()
    expect(run.ok && run.value.state).toEqual({ kind: 'paused', reason: 'device-lost', failure: lost })
  })

  it('stops when that was wished during the reload', async () => {
    const control = new AbortController()
    ports.reload = () => {
      control.abort('stop')
      return Promise.resolve(failure({ kind: 'aborted' }))
    }
    steps = [fails(lost)]
    const run = await answer(control.signal)
    expect(run.ok && run.value.state.kind).toBe('stopped')
  })

  it('refuses other weights after a reload', async () => {
    reloads = [success({ ...ENGINE, fingerprint: '0'.repeat(64) })]
    steps = [fails(lost)]
    expect(await answer()).toEqual(failure({ kind: 'illegal-event', reason: 'other-model' }))
    expect(log.answeredPositions).toEqual([])
  })

  it('reloads the model once when the memory ran out, then pauses with that reason', async () => {
    const full: EngineFailure = { kind: 'out-of-memory', detail: 'x' }
    steps = [ok, fails(full), ok, fails(full), fails(full)]
    const run = await answer()
    expect(run.ok && run.value.state).toEqual({ kind: 'paused', reason: 'out-of-memory', failure: full })
    expect(log.answeredPositions).toEqual([0, 1])
    expect(log.kinds.filter((kind) => kind === 'started')).toHaveLength(3)
  })

  it('pauses without a retry when another tab takes the engine, and asks the question again on resume', async () => {
    steps = [ok, fails({ kind: 'taken-over' })]
    const run = await answer()
    expect(run.ok && run.value.state).toEqual({ kind: 'paused', reason: 'taken-over', failure: null })
    await answer()
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
  })

  it.each<EngineFailure>([{ kind: 'engine-error', detail: 'x' }, { kind: 'not-loaded' }])(
    'pauses with the reason on $kind',
    async (problem) => {
      steps = [ok, fails(problem)]
      const run = await answer()
      expect(run.ok && run.value.state).toEqual({
        kind: 'paused',
        reason: 'engine-failure',
        failure: problem,
      })
      expect(log.answeredPositions).toEqual([0])
    },
  )

  it('does not keep an answer that another model may have given', async () => {
    steps = [
      ok,
      () => {
        loaded = { ...ENGINE, fingerprint: '0'.repeat(64) }
        return reply('B')
      },
    ]
    const run = await answer()
    expect(run.ok && run.value.state).toMatchObject({ kind: 'paused', failure: { kind: 'not-loaded' } })
    expect(log.answeredPositions).toEqual([0])
  })

  it('pauses when an item is gone from the dataset', async () => {
    ports.item = (index) => Promise.resolve(index < 2 ? makeItem(index) : null)
    const run = await answer()
    expect(run.ok && run.value.state).toMatchObject({ kind: 'paused', reason: 'item-missing' })
    expect(log.answeredPositions).toEqual([0, 1])
  })

  it('pauses on a full disk and asks the question again once there is room', async () => {
    steps = [ok]
    log.refuseNext('answered', { kind: 'storage-full' })
    expect(await answer()).toEqual(failure({ kind: 'storage-full' }))
    expect(log.summary?.state).toMatchObject({ kind: 'paused', reason: 'storage-full' })
    await answer()
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
  })

  it('leaves the run resumable when not even the pause fits on the disk', async () => {
    log.refuseNext('answered', { kind: 'storage-full' })
    log.refuseNext('paused', { kind: 'storage-full' })
    expect(await answer()).toEqual(failure({ kind: 'storage-full' }))
    expect(log.summary?.state.kind).toBe('running')
    await answer()
    expect(log.answeredPositions).toEqual([0, 1, 2, 3])
  })

  it('never stores a question twice when two loops answer one run', async () => {
    const both = await Promise.all([answer(), answer()])
    expect(log.answeredPositions).toEqual([...new Set(log.answeredPositions)])
    expect(both.some((run) => !run.ok && run.failure.kind === 'illegal-event')).toBe(true)
  })

  it.each([
    ['in the middle of an answer', [false, true, false]],
    ['until the end of an answer', [false, true, true]],
  ])('marks no answer but the one that the page was in the background for: %s', async (_, asked) => {
    const background = [...asked]
    ports.hidden = () => background.shift() ?? false
    await answer()
    const hidden = log.events.flatMap((event) => (event.kind === 'answered' ? [event.answer.hidden] : []))
    expect(hidden).toEqual([true, false, false, false])
  })
})

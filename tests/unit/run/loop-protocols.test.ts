/** The loop under the protocols other than plain generation: letters, both, rotation, examples, budgets. */
import { beforeEach, describe, expect, it } from 'vitest'
import { answerRun, type RunLoopPorts } from '#app/run-loop'
import type {
  EngineFailure,
  EngineResult,
  Generation,
  GenerationRequest,
  LetterRequest,
  LetterScores,
} from '#core/engine'
import { failure, success } from '#core/result'
import type { RunPlan } from '#core/run/types'
import { created, ENGINE, makeItem, makePlan } from './fixtures'
import { MemoryLog } from './memory-log'

const REPLY: EngineResult<Generation> = success({
  text: 'B',
  finish: 'stop',
  promptTokens: 9,
  completionTokens: 3,
  timeToFirstTokenMs: 1,
  decodeMs: 2,
})
const scores = (...probabilities: number[]): EngineResult<LetterScores> =>
  success({ probabilities, promptTokens: 7, elapsedMs: 5 })
const TOO_LONG: EngineFailure = { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 1024 }
const LOST: EngineFailure = { kind: 'device-lost', detail: 'x' }

let log: MemoryLog
let generated: GenerationRequest[]
let scored: LetterRequest[]
/** What came in which order, with the positions stored by then. */
let order: string[]
let replies: EngineResult<Generation>[]
let letterScores: ((signal: AbortSignal) => EngineResult<LetterScores>)[]
let ports: RunLoopPorts

beforeEach(() => {
  log = new MemoryLog()
  generated = []
  scored = []
  order = []
  replies = []
  letterScores = []
  ports = {
    log,
    engine: {
      generate(request) {
        generated.push(request)
        order.push(`generate after ${log.answeredPositions.length}`)
        return Promise.resolve(replies.shift() ?? REPLY)
      },
      scoreLetters(request, signal) {
        scored.push(request)
        order.push(`score after ${log.answeredPositions.length}`)
        return Promise.resolve(letterScores.shift()?.(signal) ?? scores(0.1, 0.2, 0.6, 0.1))
      },
    },
    loaded: () => ENGINE,
    reload: () => Promise.resolve(success(ENGINE)),
    item: (index) => Promise.resolve(makeItem(index)),
    read: (text) => Promise.resolve({ officialLetter: text, strictLetter: text, strictReason: null }),
    now: () => 100,
    hidden: () => false,
    userAgent: 'test',
    show: () => undefined,
  }
})

async function answer(plan: RunPlan, signal = new AbortController().signal) {
  if (log.events.length === 0) await log.append(plan.id, created(plan))
  const run = await answerRun(plan, ENGINE, ports, signal)
  if (!run.ok) throw new Error(run.failure.kind)
  return run.value
}

const answers = () => log.events.flatMap((event) => (event.kind === 'answered' ? [event.answer] : []))
const letters: RunPlan = { ...makePlan(3), protocol: 'letters' }
const both: RunPlan = { ...makePlan(3), protocol: 'both' }

describe('letters', () => {
  it('asks for the letters of the options with the letter-only prompt, and generates nothing', async () => {
    ports.item = (index) => Promise.resolve({ ...makeItem(index), options: ['x', 'y', 'z'] })
    letterScores = [() => scores(0.2, 0.7, 0.1)]
    await answer({ ...makePlan(1), protocol: 'letters' })
    expect(generated).toEqual([])
    expect(scored).toHaveLength(1)
    expect(scored[0]?.letters).toEqual(['A', 'B', 'C'])
    expect(scored[0]?.messages.at(-1)?.content).toContain('Reply with its letter only.')
  })

  it('stores the probabilities, the most probable letter, and nothing of a reply', async () => {
    const run = await answer(letters)
    expect(run.state).toEqual({ kind: 'finished' })
    expect(answers()).toHaveLength(3)
    expect(answers()[0]).toMatchObject({
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
    letterScores = [() => scores(0.4, 0.4, 0.1, 0.1)]
    await answer(letters)
    expect(answers().map(({ forward }) => forward?.letter)).toEqual([null, 'C', 'C'])
  })

  it('stores each answer before it asks the next question', async () => {
    await answer(letters)
    expect(order).toEqual(['score after 0', 'score after 1', 'score after 2'])
  })

  it('counts a prompt that does not fit as answered with nothing, and says why', async () => {
    letterScores = [() => failure(TOO_LONG)]
    const run = await answer(letters)
    expect(run.state.kind).toBe('finished')
    expect(answers()[0]).toMatchObject({ forward: null, failure: TOO_LONG })
    expect(run.tallies[0]?.unparsed.forward).toBe(1)
  })

  it('pauses with the reason when the model has no tokens for the letters', async () => {
    letterScores = [() => failure({ kind: 'letters-not-tokens' })]
    const run = await answer(letters)
    expect(run.state).toEqual({
      kind: 'paused',
      reason: 'engine-failure',
      failure: { kind: 'letters-not-tokens' },
    })
    expect(answers()).toEqual([])
  })

  it('loads the model again once when the device is lost, and asks the same question', async () => {
    letterScores = [() => scores(1, 0, 0, 0), () => failure(LOST)]
    const run = await answer(letters)
    expect(run.state.kind).toBe('finished')
    expect(log.answeredPositions).toEqual([0, 1, 2])
    expect(log.kinds.filter((kind) => kind === 'started')).toHaveLength(2)
    expect(scored[1]?.messages).toEqual(scored[2]?.messages)
  })

  it('pauses when asked to, keeps what is stored and goes on with the same question', async () => {
    const control = new AbortController()
    letterScores = [
      () => scores(1, 0, 0, 0),
      () => {
        control.abort('pause')
        return failure({ kind: 'aborted' })
      },
    ]
    expect((await answer(letters, control.signal)).state).toMatchObject({ kind: 'paused', reason: 'user' })
    expect(log.answeredPositions).toEqual([0])
    expect((await answer(letters)).state.kind).toBe('finished')
    expect(log.answeredPositions).toEqual([0, 1, 2])
  })

  it('reads the next item while a question is scored', async () => {
    const reads: number[] = []
    ports.item = (index) => {
      reads.push(index)
      return Promise.resolve(makeItem(index))
    }
    letterScores = [
      () => {
        expect(reads).toEqual([0, 1])
        return scores(1, 0, 0, 0)
      },
    ]
    await answer(letters)
    expect(reads.filter((index) => index < 3 && index >= 0)).toEqual([0, 1, 2])
  })
})

describe('both', () => {
  it('generates, then scores, and stores one answer with both', async () => {
    const run = await answer(both)
    expect(order.slice(0, 4)).toEqual([
      'generate after 0',
      'score after 0',
      'generate after 1',
      'score after 1',
    ])
    expect(answers()).toHaveLength(3)
    expect(answers()[0]).toMatchObject({ reply: 'B', officialLetter: 'B', forward: { letter: 'C' } })
    // Prompts of both passes; first token, decoding and scoring of three questions.
    expect(run).toMatchObject({ promptTokens: 48, answeringMs: 24 })
  })

  it('asks each with its own prompt', async () => {
    await answer(both)
    expect(generated[0]?.messages.at(-1)?.content).toContain('Think step by step')
    expect(scored[0]?.messages.at(-1)?.content).toContain('Reply with its letter only.')
  })

  it('keeps one half when only the other does not fit', async () => {
    replies = [failure(TOO_LONG)]
    letterScores = [() => scores(0, 1, 0, 0), () => failure(TOO_LONG)]
    await answer(both)
    const [first, second] = answers()
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
    letterScores = [() => failure(LOST)]
    await answer({ ...makePlan(1), protocol: 'both' })
    expect(order).toEqual(['generate after 0', 'score after 0', 'generate after 0', 'score after 0'])
    expect(log.answeredPositions).toEqual([0])
  })

  it('drops the reply too when paused while scoring', async () => {
    const control = new AbortController()
    letterScores = [
      () => {
        control.abort('pause')
        return failure({ kind: 'aborted' })
      },
    ]
    expect((await answer(both, control.signal)).state.kind).toBe('paused')
    expect(answers()).toEqual([])
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
    const run = await answer(rotated)
    expect(generated.map(({ messages }) => /A\. (\w+)/.exec(messages.at(-1)?.content ?? '')?.[1])).toEqual([
      'one',
      'four',
      'one',
    ])
    expect(answers()[1]).toMatchObject({
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
    await answer({ ...both, shots })
    expect(generated[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(generated[0]?.messages[1]?.content).toContain('An example?')
    expect(generated[0]?.messages[2]?.content).toBe('The answer is B. two')
    expect(scored[0]?.messages[2]?.content).toBe('B')
    expect(generated[0]?.messages.at(-1)?.content).toContain('Question 0?')
  })
})

describe('budget', () => {
  it('stops after the answer with which the minutes are used up, and says so', async () => {
    const slow: EngineResult<LetterScores> = success({
      probabilities: [1, 0],
      promptTokens: 1,
      elapsedMs: 40_000,
    })
    letterScores = [() => slow, () => slow]
    const plan: RunPlan = { ...letters, budget: { minutes: 1, halfWidth: null } }
    expect((await answer(plan)).state).toEqual({ kind: 'stopped', reason: 'minutes' })
    expect(log.answeredPositions).toEqual([0, 1])
  })

  it('finishes rather than stops when the last question is answered with it', async () => {
    const slow = () => success({ probabilities: [1, 0], promptTokens: 1, elapsedMs: 70_000 })
    letterScores = [slow]
    const plan: RunPlan = { ...makePlan(1), protocol: 'letters', budget: { minutes: 1, halfWidth: null } }
    expect((await answer(plan)).state).toEqual({ kind: 'finished' })
  })

  it('stops when the confidence sequence is narrow enough', async () => {
    const base = makePlan(60)
    const plan: RunPlan = {
      ...base,
      protocol: 'letters',
      selection: { ...base.selection, design: 'simple' },
      budget: { minutes: null, halfWidth: 0.2 },
    }
    const run = await answer(plan)
    expect(run.state).toEqual({ kind: 'stopped', reason: 'precision' })
    expect(run.answered).toBeLessThan(60)
    expect(run.answered).toBeGreaterThan(5)
  })
})

import { expect, test } from 'vitest'
import { runExperts, type ExpertsMoment } from '#app/run-experts'
import type { ComparedModel } from '#core/chat/comparison'
import type { Engine, EngineDescription, EngineFailure, GenerationRequest } from '#core/engine'
import { reduceExperts, type ExpertsState } from '#core/experts/state'
import type { ExpertsPlan, Stage } from '#core/experts/types'
import { failure, success } from '#core/result'
import { expertsPlan } from '../experts/fixture'

const ONE = { modelId: 'one', variantId: 'v', name: 'One', quantization: 'Q8_0' }
const OTHER = { modelId: 'other', variantId: 'v', name: 'Other', quantization: 'Q8_0' }

interface Script {
  replies?: readonly (string | EngineFailure)[]
  probabilities?: readonly (number | EngineFailure)[]
  /** Aborts while the reply of this number, from 0, is written. */
  stopAt?: number
  store?: 'storage-full'
}

/** Runs a study on an engine that says what it is told to; gives what was stored and asked. */
async function run(plan: Partial<ExpertsPlan>, script: Script = {}, from?: ExpertsState) {
  const controller = new AbortController()
  const replies = [...(script.replies ?? [])]
  const probabilities = [...(script.probabilities ?? [])]
  let clock = 0
  const loads: string[] = []
  const stages: Stage[] = []
  const requests: GenerationRequest[] = []
  const moments: ExpertsMoment[] = []
  let state: ExpertsState = from ?? { plan: expertsPlan(plan), stages: [], closed: false, pause: null }
  const engine: Pick<Engine, 'generate' | 'scoreLetters'> = {
    generate(request, onEvent) {
      requests.push(request)
      const text = replies.shift() ?? 'So it is.'
      if (typeof text !== 'string') return Promise.resolve(failure(text))
      onEvent({ kind: 'prompt-processed', promptTokens: 9, timeToFirstTokenMs: 3 })
      onEvent({ kind: 'text', text, completionTokens: 4 })
      const isStopped = script.stopAt === requests.length - 1
      if (isStopped) controller.abort()
      const finish = isStopped ? ('abort' as const) : ('stop' as const)
      const times = { promptTokens: 9, completionTokens: 4, timeToFirstTokenMs: 3, decodeMs: 10 }
      return Promise.resolve(success({ text, finish, ...times }))
    },
    scoreLetters() {
      const given = probabilities.shift() ?? 1
      if (typeof given !== 'number') return Promise.resolve(failure(given))
      return Promise.resolve(success({ probabilities: [given, 1 - given], promptTokens: 9, elapsedMs: 2 }))
    },
  }
  const problem = await runExperts(
    state,
    {
      engine,
      load: (model: ComparedModel) => {
        loads.push(model.name)
        return Promise.resolve(success({ fingerprint: model.modelId } as EngineDescription))
      },
      store: (stage) => {
        if (script.store) return Promise.resolve(failure({ kind: script.store }))
        const next = reduceExperts(state, { kind: 'stage', at: 1, stage })
        if (!next.ok) throw new Error(`illegal ${stage.kind}`)
        stages.push(stage)
        state = next.value
        return Promise.resolve(success(state))
      },
      show: (moment) => void moments.push(moment),
      now: () => (clock += 100),
    },
    controller.signal,
  )
  return { problem, stages, loads, requests, moments, state }
}

const told = (stages: readonly Stage[]) =>
  stages.map(({ kind, round, modelName }) => `${kind} ${round} ${modelName}`)

test('two models take turns until the check is passed, and the reasoner writes the account', async () => {
  const { problem, stages, loads } = await run(
    { models: { reasoner: ONE, reviewer: OTHER } },
    { probabilities: [0.2, 0.9] },
  )
  expect(problem).toBeNull()
  expect(told(stages)).toEqual([
    'reasoning 1 One',
    'reflection 1 Other',
    'sufficiency 1 Other',
    'reasoning 2 One',
    'reflection 2 Other',
    'sufficiency 2 Other',
    'narrative 2 One',
  ])
  expect(loads).toEqual(['One', 'Other', 'Other', 'One', 'Other', 'Other', 'One'])
  expect(stages.map(({ engine }) => engine.fingerprint).slice(0, 2)).toEqual(['one', 'other'])
})

test('each reply is asked with a seed of its own and no more tokens than are left', async () => {
  const limits = { rounds: 1, stageTokens: 6, totalTokens: 7 }
  const { requests } = await run({ limits })
  expect(requests.map(({ maxTokens }) => maxTokens)).toEqual([6, 3, 6])
  expect(new Set(requests.map(({ seed }) => seed)).size).toBe(3)
})

test('what was written when the user stopped is kept, and asked for again', async () => {
  const stopped = await run({}, { replies: ['thought', 'half a review'], stopAt: 1 })
  expect(stopped.problem).toBeNull()
  expect(stopped.stages).toMatchObject([{ reply: 'thought' }, { reply: 'half a review', finish: 'abort' }])
  const { stages } = await run({}, {}, stopped.state)
  expect(told(stages)[0]).toBe('reflection 1 Model')
  expect(stages.at(-1)?.kind).toBe('narrative')
})

test('a lost model is loaded again once; then the loop stands still', async () => {
  const lost: EngineFailure = { kind: 'device-lost', detail: '' }
  const once = await run({}, { replies: ['thought', lost, 'review'] })
  expect(once.problem).toBeNull()
  expect(once.stages.at(-1)?.kind).toBe('narrative')
  const twice = await run({}, { replies: ['thought', lost, lost] })
  expect(twice.problem).toEqual({ kind: 'engine', role: 'reviewer', failure: lost })
  expect(told(twice.stages)).toEqual(['reasoning 1 Model'])
})

test('a context that is too short, and a full disk, are told', async () => {
  const long: EngineFailure = { kind: 'context-exceeded', promptTokens: 9, contextTokens: 8 }
  expect((await run({}, { replies: [long] })).problem).toMatchObject({ kind: 'engine', failure: long })
  expect((await run({}, { store: 'storage-full' })).problem).toEqual({
    kind: 'storage',
    failure: { kind: 'storage-full' },
  })
})

test('a vocabulary without letters leaves the check open, and the rounds end at their limit', async () => {
  const none: EngineFailure = { kind: 'letters-not-tokens' }
  const { stages } = await run({}, { probabilities: [none, none] })
  expect(stages.filter(({ kind }) => kind === 'sufficiency')).toMatchObject([
    { probability: null },
    { probability: null },
  ])
  expect(stages.at(-1)).toMatchObject({ kind: 'narrative', round: 2 })
})

test('the screen hears what is loaded, read and written', async () => {
  const { moments } = await run({}, { replies: ['thought'] })
  expect(moments.slice(0, 4).map(({ phase, text }) => `${phase} ${text}`)).toEqual([
    'loading ',
    'reading ',
    'writing thought',
    'loading ',
  ])
})

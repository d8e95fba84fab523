import { expect, test } from 'vitest'
import { FILTER_TURNS } from '#app/filter-turns'
import { workByTurns, type TurnPorts } from '#app/turn-loop'
import type { EngineFailure, EngineResult } from '#core/engine'
import { perAspect } from '#core/cross-filter/score'
import { FilterFold, type FilterState } from '#core/cross-filter/state'
import type { FilterEvent, Role } from '#core/cross-filter/types'
import { failure, success } from '#core/result'
import { created, engine as described } from '../cross-filter/fixture'

interface Script {
  /** Instead of a load's success, in their order. */
  loads?: (EngineFailure | null)[]
  /** Before the request of this number, from 1, another model is loaded beside the study. */
  otherAt?: number
  /** What the other model says. */
  other?: EngineResult<{ probabilities: number[]; promptTokens: number; elapsedMs: number }>
}

/** Lets one judge score two answers; its own scores are grade 3. */
async function work({ loads = [], otherAt, other = says(9) }: Script) {
  const fold = new FilterFold()
  fold.add(created(['Yes.', 'No.'], { generator: null, order: { count: 0, seed: 0 } }))
  const events: FilterEvent[] = []
  let loaded = ''
  let requests = 0
  const ports: TurnPorts<Role> = {
    engine: {
      generate: () => Promise.reject(new Error('nothing is to be written')),
      scoreLetters: () => {
        requests += 1
        if (requests === otherAt) loaded = 'other'
        return Promise.resolve(loaded === 'judge' ? says(3) : other)
      },
    },
    load: () => {
      const refused = loads.shift()
      loaded = refused ? '' : 'judge'
      return Promise.resolve(refused ? failure(refused) : success(described('judge')))
    },
    loaded: () => (loaded === '' ? null : described(loaded)),
    now: () => 1,
    show: () => undefined,
  }
  const session = {
    get state() {
      return fold.state as FilterState
    },
    append(event: FilterEvent) {
      expect(fold.add(event)).toBeNull()
      events.push(event)
      return Promise.resolve(success(undefined))
    },
  }
  const problem = await workByTurns(FILTER_TURNS, session, ports, new AbortController().signal)
  return { problem, events, state: session.state }
}

function says(grade: number) {
  const probabilities = Array.from({ length: 11 }, (_, index) => (index === grade ? 1 : 0))
  return success({ probabilities, promptTokens: 5, elapsedMs: 1 })
}

test('what a model says that was loaded beside the study does not count; the judge is loaded again', async () => {
  // In the middle of the second answer's five aspects.
  const { problem, events, state } = await work({ otherAt: 8 })
  expect(problem).toBeNull()
  expect(events.map(({ kind }) => kind)).toEqual(['started', 'scored', 'paused', 'started', 'scored'])
  expect(events[2]).toMatchObject({ reason: 'device-lost', failure: { kind: 'not-loaded' } })
  for (const scores of state.judges[0]?.scores.straight ?? [])
    expect(scores).toEqual(perAspect(() => ({ score: 3, expected: 3 })))
})

test('a pair that does not fit such a model is not passed over', async () => {
  const tooLong = failure({ kind: 'context-exceeded', promptTokens: 9, contextTokens: 5 } as const)
  const { state } = await work({ otherAt: 2, other: tooLong })
  expect(state.judges[0]?.passedOver.size).toBe(0)
  expect(state.judges[0]?.done).toBe(2)
})

test('why a model could not be loaded is stored', async () => {
  const full: EngineFailure = { kind: 'out-of-memory', detail: '' }
  const { problem, state } = await work({ loads: [full] })
  expect(problem).toMatchObject({ kind: 'engine', failure: full })
  expect(state.pause).toMatchObject({ reason: 'out-of-memory', failure: full })
})

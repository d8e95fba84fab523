import { beforeEach, describe, expect, it } from 'vitest'
import { EngineUse } from '#app/engine-use.svelte'

let engine: { busy: boolean }
let use: EngineUse

beforeEach(() => {
  engine = { busy: false }
  use = new EngineUse(engine)
})

function enter(measures: boolean): { busy: boolean } {
  const user = { busy: false }
  use.enter(user, { measures })
  return user
}

describe('the engine of a tab', () => {
  it('is taken from everyone but who works, between two requests as well', () => {
    const [run, comparison, experts] = [enter(true), enter(false), enter(false)]
    for (const worker of [run, comparison, experts]) {
      worker.busy = true
      for (const other of [run, comparison, experts]) {
        expect(use.isTakenFrom(other)).toBe(other !== worker)
      }
      expect(use.busy).toBe(true)
      expect(use.isMeasuring).toBe(worker === run)
      worker.busy = false
    }
    expect(use.busy || use.isTakenFrom(run)).toBe(false)
  })

  it('is taken by a request of nobody in particular, and its own request takes it from no user', () => {
    const user = enter(false)
    engine.busy = true
    expect(use.isTakenFrom(user)).toBe(true)
    user.busy = true
    expect(use.isTakenFrom(user)).toBe(false)
  })

  it('tells who works whether others are measured, not whether it is itself', () => {
    const [run, experts] = [enter(true), enter(false)]
    experts.busy = true
    expect(use.isMeasuredBeside(experts)).toBe(false)
    run.busy = true
    expect(use.isMeasuredBeside(experts)).toBe(true)
    expect(use.isMeasuredBeside(run)).toBe(false)
  })
})

/** The loop of a run that draws several replies to each question. */
import { answerRun } from '#app/run-loop'
import { failure, success, type Result } from '#core/result'
import { outcomeOf, plannedSeed, type RunStrategy } from '#core/run/sampling'
import { sampleSeed } from '#core/strategy/seeds'
import { VERIFIER_VERSION } from '#core/strategy/verifier'
import type { Sample } from '#core/strategy/types'
import type { EngineResult, Generation, GenerationRequest } from '#core/engine'
import type { RunPlan } from '#core/run/types'
import { beforeEach, describe, expect, it } from 'vitest'
import { ENGINE, makePlan } from './fixtures'
import { LOST, ScriptedLoop, scores, TOO_LONG } from './scripted-loop'

const MAJORITY: RunStrategy = { kind: 'self-consistency', samples: 4, stopsEarly: false }
const VOTE_SUM: RunStrategy = { kind: 'vote-sum', aggregate: 'min', samples: 4, stopsEarly: false }

const decoding = { temperature: 1, topP: 0.95, maxTokens: 64, seed: 5 }
const planWith = (strategy: RunStrategy, count = 2): RunPlan => ({ ...makePlan(count), decoding, strategy })

/** What a model with these seeds replies: a run that draws a reply again gets the same one. */
function replyTo({ seed }: GenerationRequest): EngineResult<Generation> {
  return reply('ABCD'[seed % 4] ?? 'A')
}

function reply(text: string, completionTokens = 3): EngineResult<Generation> {
  const times = { timeToFirstTokenMs: 10, decodeMs: 20 }
  return success({ text, finish: 'stop', promptTokens: 9, completionTokens, ...times })
}

let loop: ScriptedLoop

/** A loop whose engine replies by the seed; `before` may fail instead of the reply of this number, from 0. */
function seededLoop(before: (call: number) => EngineResult<Generation> | null = () => null): ScriptedLoop {
  const made = new ScriptedLoop()
  made.ports.engine.generate = (request) => {
    made.generated.push(request)
    return Promise.resolve(before(made.generated.length - 1) ?? replyTo(request))
  }
  return made
}

const samplesOf = ({ log }: ScriptedLoop, position: number): Sample[] =>
  log.events.flatMap((event) =>
    event.kind === 'sampled' && event.position === position ? [event.sample] : [],
  )

beforeEach(() => {
  loop = seededLoop()
})

describe('a run with a strategy', () => {
  it('stores each reply before it draws the next, and the answer after the last', async () => {
    const stored: number[] = []
    loop = seededLoop(() => {
      stored.push(loop.log.kinds.filter((kind) => kind === 'sampled').length)
      return null
    })
    await loop.answer(planWith(MAJORITY))
    expect(stored).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const question = ['sampled', 'sampled', 'sampled', 'sampled', 'answered']
    expect(loop.log.kinds).toEqual(['created', 'started', ...question, ...question, 'finished'])
  })

  it('decodes as the plan says, each reply with a seed of its own', async () => {
    const plan = planWith(MAJORITY)
    await loop.answer(plan)
    const { temperature, topP, maxTokens } = decoding
    for (const request of loop.generated) expect(request).toMatchObject({ temperature, topP, maxTokens })
    const seeds = loop.generated.map(({ seed }) => seed)
    expect(seeds).toEqual([0, 1].flatMap((item) => [0, 1, 2, 3].map((index) => sampleSeed(5, item, index))))
    expect(new Set(seeds).size).toBe(8)
    expect(samplesOf(loop, 1).map(({ seed }) => seed)).toEqual(seeds.slice(4))
  })

  it('draws in a part or a rerun what the whole run draws', () => {
    const whole = makePlan(6)
    const part = { ...whole, itemIndexes: [1, 3, 5] }
    expect(plannedSeed(part, 1, 2)).toBe(plannedSeed(whole, 3, 2))
  })

  it('answers with the choice, its reply, and the tokens and times of all replies', async () => {
    const plan = planWith(MAJORITY, 1)
    loop = seededLoop((call) => reply(['A', 'C', 'C', 'B'][call] ?? '', call + 1))
    const run = await loop.answer(plan)
    const [answer] = loop.answers()
    expect(answer).toMatchObject({ reply: 'C', officialLetter: 'C', strictLetter: 'C', strictReason: null })
    expect(answer).toMatchObject({ promptTokens: 36, completionTokens: 10 })
    expect(answer).toMatchObject({ timeToFirstTokenMs: 40, decodeMs: 80, forward: null, failure: null })
    expect(answer?.sampling).toEqual(outcomeOf(MAJORITY, samplesOf(loop, 0)))
    expect(answer?.sampling).toMatchObject({
      planned: 4,
      taken: 4,
      strict: { letter: 'C', representative: 1 },
    })
    expect(run).toMatchObject({ answeringMs: 120, completionTokens: 10, decodedTokens: 6 })
  })

  it('reads letters both ways, and lets each way choose by itself', async () => {
    loop.ports.read = (text) =>
      Promise.resolve({
        officialLetter: 'D',
        strictLetter: text === 'A' ? null : 'B',
        strictReason: text === 'A' ? 'empty' : null,
      })
    await loop.answer(planWith(MAJORITY, 1))
    const [answer] = loop.answers()
    expect([answer?.officialLetter, answer?.strictLetter]).toEqual(['D', 'B'])
    loop = seededLoop()
    loop.ports.read = () =>
      Promise.resolve({ officialLetter: null, strictLetter: null, strictReason: 'contradiction' })
    await loop.answer(planWith(MAJORITY, 1))
    const [mute] = loop.answers()
    expect(mute).toMatchObject({ officialLetter: null, strictLetter: null, strictReason: 'contradiction' })
    expect(mute?.reply).toBe(samplesOf(loop, 0)[0]?.reply)
    expect(mute?.sampling?.strict).toEqual({ letter: null, representative: null, tally: [] })
  })

  it('takes a prompt that is too long for an answer, as a run of one reply does', async () => {
    loop = seededLoop((call) => (call === 0 ? failure(TOO_LONG) : null))
    await loop.answer(planWith(MAJORITY))
    const [first, second] = loop.answers()
    expect(first).toMatchObject({ reply: '', finish: 'length', strictReason: 'empty', failure: TOO_LONG })
    expect(first?.sampling).toBeUndefined()
    expect(second?.sampling?.taken).toBe(4)
  })
})

describe('stopping early', () => {
  it.each([MAJORITY, VOTE_SUM, { ...VOTE_SUM, kind: 'best-of-n' } as const])(
    'chooses as without it, with fewer replies: $kind',
    async (strategy) => {
      const count = 40
      const score = (run: ScriptedLoop) => {
        run.ports.engine.scoreLetters = ({ messages }) => {
          // The last character of what is judged is the letter: A is worth most.
          const letter = /\n([A-D])\n=/.exec(messages[0]?.content ?? '')?.[1] ?? 'D'
          const worth = { A: 1, B: 0.6, C: 0.3, D: 0.1 }[letter] ?? 0
          return Promise.resolve(scores(worth, 1 - worth))
        }
        return run
      }
      const [all, early] = [score(seededLoop()), score(seededLoop())]
      await all.answer(planWith(strategy, count))
      await early.answer(planWith({ ...strategy, stopsEarly: true }, count))
      const letters = (run: ScriptedLoop) =>
        run.answers().map(({ officialLetter, strictLetter }) => [officialLetter, strictLetter])
      expect(letters(early)).toEqual(letters(all))
      expect(early.generated.length).toBeLessThan(all.generated.length)
      for (const { position, sampling } of early.answers()) {
        expect(samplesOf(early, position)).toHaveLength(sampling?.taken ?? 0)
        expect(samplesOf(all, position).slice(0, sampling?.taken)).toEqual(samplesOf(early, position))
      }
    },
  )

  it('goes on until both ways to read letters are settled', async () => {
    loop.ports.read = (_, item) =>
      Promise.resolve({
        officialLetter: 'A',
        strictLetter: item.id === 'item-00000' ? 'A' : null,
        strictReason: null,
      })
    await loop.answer(planWith({ ...MAJORITY, stopsEarly: true }))
    expect(loop.answers().map(({ sampling }) => sampling?.taken)).toEqual([2, 4])
  })
})

describe('the page in the background', () => {
  it('marks the replies drawn meanwhile, and the answer even where it was before an interruption', async () => {
    const plan = planWith(MAJORITY)
    let isHidden = false
    loop = seededLoop((call) => {
      isHidden = call === 1
      if (call === 2) throw new Error('killed')
      return null
    })
    loop.ports.hidden = () => isHidden
    await expect(loop.answer(plan)).rejects.toThrow('killed')
    await loop.answer(plan)
    expect(samplesOf(loop, 0).map(({ hidden }) => hidden)).toEqual([false, true, false, false])
    expect(loop.answers().map(({ hidden }) => hidden)).toEqual([true, false])
  })
})

describe('the self-verifier', () => {
  it('scores the steps of each reply, and its cost counts', async () => {
    loop = seededLoop(() => reply('First.\n\nSecond.\n\nB'))
    let call = 0
    loop.ports.engine.scoreLetters = (request) => {
      loop.scored.push(request)
      const worth = [0.9, 0.4, 0.8][call++ % 3] ?? 0
      return Promise.resolve(scores(worth, 1 - worth))
    }
    loop.ports.read = () => Promise.resolve({ officialLetter: 'B', strictLetter: 'B', strictReason: null })
    await loop.answer(planWith(VOTE_SUM, 1))
    const [first] = samplesOf(loop, 0)
    expect(first?.scores).toEqual({
      scorer: {
        kind: 'self-verifier',
        modelName: 'Model',
        quantization: 'F32',
        fingerprint: ENGINE.fingerprint,
        verifierVersion: VERIFIER_VERSION,
      },
      steps: [0.9, 0.4, 0.8],
      promptTokens: 21,
      elapsedMs: 15,
    })
    expect(loop.scored).toHaveLength(12)
    expect(loop.scored[1]?.letters).toEqual(['A', 'B'])
    const asked = loop.scored[1]?.messages[0]?.content ?? ''
    expect(asked).toContain('Question 0?')
    expect(asked).toContain('First.\n\nSecond.\n')
    expect(asked).not.toContain('Second.\n\nB')
    const [answer] = loop.answers()
    expect(answer).toMatchObject({ promptTokens: 4 * (9 + 21), timeToFirstTokenMs: 4 * (10 + 15) })
    expect(answer?.sampling?.strict.tally).toEqual([{ letter: 'B', score: 1.6 }])
  })

  it('is not asked where the strategy chooses by letters alone', async () => {
    loop.ports.engine.scoreLetters = () => Promise.reject(new Error('not needed'))
    await loop.answer(planWith(MAJORITY, 1))
    expect(samplesOf(loop, 0).every((sample) => sample.scores === null)).toBe(true)
  })

  it('gives a step nothing that no longer fits the context', async () => {
    loop = seededLoop(() => reply('First.\n\nSecond.\n\nB'))
    loop.letterScores = [() => scores(0.7, 0.3), () => failure(TOO_LONG)]
    await loop.answer(planWith({ ...VOTE_SUM, samples: 2 }, 1))
    expect(samplesOf(loop, 0)[0]?.scores?.steps).toEqual([0.7, 0, 0])
  })

  it('pauses the run where the engine cannot score, and drops that reply', async () => {
    loop.letterScores = [() => failure({ kind: 'letters-not-tokens' })]
    const run = await loop.answer(planWith(VOTE_SUM))
    expect(run.state).toEqual({
      kind: 'paused',
      reason: 'engine-failure',
      failure: { kind: 'letters-not-tokens' },
    })
    expect(loop.log.kinds).not.toContain('sampled')
  })
})

describe('an interruption inside a question', () => {
  /** Events without times and sessions: what was drawn, scored and answered. */
  const essence = ({ log }: ScriptedLoop): unknown[] =>
    log.events.flatMap((event): unknown[] =>
      event.kind === 'sampled' ? [event.sample] : event.kind === 'answered' ? [event.answer] : [],
    )

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'loses and doubles nothing: killed while drawing reply %i',
    async (at) => {
      const plan = planWith(VOTE_SUM)
      const whole = seededLoop()
      await whole.answer(plan)
      loop = seededLoop((call) => {
        if (call === at) throw new Error('killed')
        return null
      })
      await expect(loop.answer(plan)).rejects.toThrow('killed')
      const run = await loop.answer(plan)
      expect(run.state).toEqual({ kind: 'finished' })
      expect(essence(loop)).toEqual(essence(whole))
      // Nothing that was stored was drawn again.
      expect(loop.generated).toHaveLength(9)
    },
  )

  it.each(['pause', 'stop'] as const)('%s leaves the replies that are stored', async (wish) => {
    const control = new AbortController()
    loop = seededLoop((call) => {
      if (call !== 2) return null
      control.abort(wish)
      const aborted = reply('B')
      return aborted.ok ? success({ ...aborted.value, finish: 'abort' }) : aborted
    })
    const run = await loop.answer(planWith(MAJORITY), control.signal)
    expect(run.state.kind).toBe(wish === 'pause' ? 'paused' : 'stopped')
    expect(run).toMatchObject({ answered: 0, sampled: 2 })
  })

  it('makes the answer of replies that were all stored when the tab was killed', async () => {
    const plan = planWith(MAJORITY, 1)
    loop.log.refuseNext('answered', { kind: 'storage-failed', detail: 'killed' })
    await expect(loop.answer(plan)).rejects.toThrow('storage-failed')
    await loop.answer(plan)
    expect(loop.generated).toHaveLength(4)
    expect(loop.answers()).toHaveLength(1)
  })

  it('pauses when the disk is full in the middle of a question, and goes on there', async () => {
    const plan = planWith(MAJORITY, 1)
    let drawn = 0
    loop = seededLoop(() => {
      drawn += 1
      if (drawn === 3) loop.log.refuseNext('sampled', { kind: 'storage-full' })
      return null
    })
    await expect(loop.answer(plan)).rejects.toThrow('storage-full')
    expect(loop.log.summary?.state).toEqual({ kind: 'paused', reason: 'storage-full', failure: null })
    expect(loop.log.summary?.sampled).toBe(2)
    await loop.answer(plan)
    expect(samplesOf(loop, 0).map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(loop.generated).toHaveLength(5)
  })

  it('recovers from a lost device at each reply, but not from two at one', async () => {
    loop = seededLoop((call) => ([0, 2, 4].includes(call) ? failure(LOST) : null))
    expect((await loop.answer(planWith(MAJORITY, 1))).state).toEqual({ kind: 'finished' })
    expect(samplesOf(loop, 0)).toHaveLength(4)
    loop = seededLoop((call) => (call === 1 || call === 2 ? failure(LOST) : null))
    const run = await loop.answer(planWith(MAJORITY, 1))
    expect(run.state).toMatchObject({ kind: 'paused', reason: 'device-lost' })
  })

  it('stores no reply of another model that was loaded meanwhile', async () => {
    loop.ports.loaded = () => ({ ...ENGINE, fingerprint: 'e'.repeat(64) })
    const run = await loop.answer(planWith(MAJORITY, 1))
    expect(run.state).toMatchObject({ kind: 'paused', failure: { kind: 'not-loaded' } })
    expect(loop.log.kinds).not.toContain('sampled')
  })

  it('doubles no reply when two loops draw for one run', async () => {
    const plan = planWith(MAJORITY)
    await loop.log.append(plan.id, { kind: 'created', at: 1, plan })
    const run = () => answerRun(plan, ENGINE, loop.ports, new AbortController().signal)
    const both: Result<unknown, unknown>[] = await Promise.all([run(), run()])
    expect(both.some((one) => !one.ok)).toBe(true)
    const indexes = samplesOf(loop, 0).map(({ index }) => index)
    expect(indexes).toEqual([...new Set(indexes)])
  })
})

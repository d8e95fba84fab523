import { describe, expect, test } from 'vitest'
import { drawReplies } from '#app/draw-replies'
import type { ReplySampling } from '#core/chat/sampling'
import type { AssistantMessage } from '#core/chat/types'
import type { EngineResult, Generation, GenerationRequest, LetterScores } from '#core/engine'
import { failure, success } from '#core/result'
import { sampleSeed } from '#core/strategy/seeds'
import { VERIFIER_VERSION } from '#core/strategy/verifier'
import { reply } from './files/conversations'

const REQUEST: GenerationRequest = {
  messages: [{ role: 'user', content: 'Which organ?' }],
  ...{ maxTokens: 10, temperature: 1, topP: 1, seed: 42 },
}
const MAJORITY = { kind: 'self-consistency', samples: 3, stopsEarly: false } as const
const VOTE_SUM = { kind: 'vote-sum', samples: 2, stopsEarly: false, aggregate: 'min' } as const
const BEST = { kind: 'best-of-n', samples: 2, stopsEarly: false, aggregate: 'min' } as const

type Sampled = AssistantMessage & { sampling: ReplySampling }

/** An engine that says these replies in turn; `at` is called before each, and may stop or lose it. */
function desk(
  replies: readonly string[],
  at: (index: number) => 'stop' | 'lost' | undefined = () => undefined,
) {
  const stop = new AbortController()
  const stored: Sampled[] = []
  const seeds: number[] = []
  const judged: string[] = []
  let next = 0
  const ports = {
    engine: {
      generate: (request: GenerationRequest): Promise<EngineResult<Generation>> => {
        seeds.push(request.seed)
        const what = at(next)
        const text = replies[next++] ?? ''
        if (what === 'lost') return Promise.resolve(failure({ kind: 'device-lost', detail: '' }))
        if (what === 'stop') stop.abort()
        const finish = what === 'stop' ? 'abort' : 'stop'
        const measured = { promptTokens: 5, completionTokens: 3, timeToFirstTokenMs: 10, decodeMs: 20 }
        return Promise.resolve(success({ text, finish, ...measured }))
      },
      scoreLetters: ({ messages }: { messages: GenerationRequest['messages'] }) => {
        const content = messages.at(-1)?.content ?? ''
        judged.push(content)
        const right = content.includes('liver') ? 0.9 : 0.25
        const scores: LetterScores = { probabilities: [right, 1 - right], promptTokens: 7, elapsedMs: 4 }
        return Promise.resolve(success(scores))
      },
    },
    now: () => 0,
    store: (message: AssistantMessage) => {
      stored.push(structuredClone(message) as Sampled)
      return Promise.resolve(success(undefined))
    },
    show: () => undefined,
  }
  return { ports, stop, stored, seeds, judged }
}

const START = reply(1, 0, '', { finish: 'interrupted' })
const answers = ({ sampling }: Sampled) => sampling.samples.map(({ answer }) => answer)

describe('several replies', () => {
  test('are drawn with seeds of their own, each stored before the next, and the majority is shown', async () => {
    const { ports, stored, seeds, stop } = desk(['kidney', 'liver', 'Liver.'])
    const how = { strategy: MAJORITY, options: null }
    expect(await drawReplies(START, REQUEST, how, ports, stop.signal)).toBeNull()
    expect(stored.map(answers)).toEqual([
      ['kidney'],
      ['kidney', 'liver'],
      ['kidney', 'liver', 'Liver'],
      ['kidney', 'liver', 'Liver'],
    ])
    expect(stored.map(({ finish }) => finish)).toEqual(['interrupted', 'interrupted', 'stop', 'stop'])
    expect(seeds).toEqual([0, 1, 2].map((index) => sampleSeed(42, 0, index)))
    expect(stored.at(-1)).toMatchObject({
      text: 'liver',
      settings: { seed: seeds[1] },
      sampling: { shown: 1 },
    })
  })

  test('that a lost engine left are gone on with where they ended', async () => {
    const whole = desk(['kidney', 'liver', 'liver'])
    const how = { strategy: MAJORITY, options: null }
    await drawReplies(START, REQUEST, how, whole.ports, whole.stop.signal)
    const first = desk(['kidney', 'liver'], (index) => (index === 1 ? 'lost' : undefined))
    expect(await drawReplies(START, REQUEST, how, first.ports, first.stop.signal)).toEqual({
      kind: 'engine',
      failure: { kind: 'device-lost', detail: '' },
    })
    const left = first.stored.at(-1)!
    expect(left).toMatchObject({ finish: 'interrupted', text: 'kidney' })
    const second = desk(['liver', 'liver'])
    const rest = { ...REQUEST, seed: left.sampling.seed }
    await drawReplies(left, rest, how, second.ports, second.stop.signal)
    expect(second.stored.at(-1)).toEqual(whole.stored.at(-1))
  })

  test('that are stopped keep what there is, and the stopped one is drawn anew with its seed', async () => {
    const { ports, stop, stored, seeds } = desk(['liver', 'the kid'], (index) =>
      index === 1 ? 'stop' : undefined,
    )
    const how = { strategy: MAJORITY, options: null }
    expect(await drawReplies(START, REQUEST, how, ports, stop.signal)).toBeNull()
    const left = stored.at(-1)!
    expect(left).toMatchObject({ finish: 'abort', text: 'liver' })
    expect(left.sampling.samples.map(({ finish }) => finish)).toEqual(['stop', 'abort'])
    const rest = desk(['kidney', 'kidney'])
    await drawReplies(left, REQUEST, how, rest.ports, rest.stop.signal)
    expect(rest.seeds[0]).toBe(seeds[1])
    expect(rest.stored.at(-1)).toMatchObject({ finish: 'stop', text: 'kidney' })
  })

  test('stopped before the first word leave nothing', async () => {
    const { ports, stop, stored } = desk([''], () => 'stop')
    const how = { strategy: MAJORITY, options: null }
    expect(await drawReplies(START, REQUEST, how, ports, stop.signal)).toBeNull()
    expect(stored).toEqual([])
  })

  test('are stored again with their scores, which choose', async () => {
    const { ports, stop, stored, judged } = desk(['The kidney.', 'One thing.\n\nThe liver.'])
    await drawReplies(START, REQUEST, { strategy: BEST, options: null }, ports, stop.signal)
    const scores = ({ sampling }: Sampled) => sampling.samples.map((sample) => sample.scores?.steps ?? null)
    expect(stored.map(scores)).toEqual([
      [null],
      [[0.25]],
      [[0.25], null],
      [[0.25], [0.25, 0.9]],
      [[0.25], [0.25, 0.9]],
    ])
    expect(judged).toHaveLength(3)
    // The lowest step of each is 0.25: a tie, which the first wins.
    expect(stored.at(-1)).toMatchObject({ text: 'The kidney.', sampling: { shown: 0 } })
    expect(stored.at(-1)?.sampling.samples[0]?.scores?.scorer).toMatchObject({
      kind: 'self-verifier',
      verifierVersion: VERIFIER_VERSION,
    })
  })

  test('that nobody could compare can be chosen by their scores, without drawing anew', async () => {
    const texts = ['It depends.\nOn much.', 'It depends.\nOn the liver.']
    const first = desk(texts)
    await drawReplies(
      START,
      REQUEST,
      { strategy: { ...MAJORITY, samples: 2 }, options: null },
      first.ports,
      first.stop.signal,
    )
    const left = first.stored.at(-1)!
    expect(left).toMatchObject({ text: texts[0], finish: 'stop' })
    const second = desk([])
    await drawReplies(left, REQUEST, { strategy: BEST, options: null }, second.ports, second.stop.signal)
    expect(second.seeds).toEqual([])
    expect(second.stored.at(-1)).toMatchObject({ text: texts[1], sampling: { strategy: BEST, shown: 1 } })
  })

  test('to a benchmark item vote by the letters of its options', async () => {
    const options = Array.from({ length: 21 }, (_, index) => `option ${index}`)
    const { ports, stop, stored } = desk(['The answer is U.', 'option 20'])
    await drawReplies(START, REQUEST, { strategy: VOTE_SUM, options }, ports, stop.signal)
    expect(answers(stored.at(-1)!)).toEqual(['U', 'U'])
    expect(stored.at(-1)?.sampling.compared).toBe('letters')
  })
})

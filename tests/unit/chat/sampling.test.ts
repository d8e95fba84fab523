import { describe, expect, test } from 'vitest'
import { optionsOf, resumedReply, sampleOf, withSamples } from '#core/chat/drawn-reply'
import { chooseReply, isDrawn, type ReplySample, type ReplySampling } from '#core/chat/sampling'
import { reply, user } from './files/conversations'

const SCORER = { kind: 'self-verifier', modelName: 'M', quantization: 'q', fingerprint: 'f' } as const

function sample(answer: string | null, changes: Partial<ReplySample> = {}, steps?: number[]): ReplySample {
  const measured = {
    promptTokens: 5,
    completionTokens: 4,
    timeToFirstTokenMs: 3,
    decodeMs: 2,
    reasoningMs: null,
  }
  const scores = steps ? { scorer: SCORER, steps, promptTokens: 9, elapsedMs: 8 } : null
  return { seed: 1, text: `says ${answer}`, finish: 'stop', ...measured, answer, scores, ...changes }
}

function sampling(samples: ReplySample[], changes: Partial<ReplySampling> = {}): ReplySampling {
  const strategy = { kind: 'self-consistency', samples: 3, stopsEarly: false } as const
  return { strategy, seed: 7, compared: 'texts', samples, shown: null, ...changes }
}

const voteSum = { kind: 'vote-sum', samples: 3, stopsEarly: false, aggregate: 'min' } as const
const best = { kind: 'best-of-n', samples: 3, stopsEarly: false, aggregate: 'min' } as const

describe('the reply that is shown', () => {
  test('is the first with the answer of the majority', () => {
    expect(chooseReply(sampling([sample('kidney'), sample('The liver'), sample('liver.')]))).toEqual({
      kind: 'voted',
      shown: 1,
      agreed: true,
      tally: [
        { answer: 'kidney', score: 1, replies: [0] },
        { answer: 'The liver', score: 2, replies: [1, 2] },
      ],
    })
  })

  test('is the first where all answers differ, which is said', () => {
    expect(chooseReply(sampling([sample('a'), sample('b'), sample(null)]))).toMatchObject({
      ...{ kind: 'voted', shown: 0, agreed: false },
    })
  })

  test.each(['self-consistency', 'vote-sum'] as const)('%s does not pretend to have voted', (kind) => {
    const strategy = kind === 'vote-sum' ? voteSum : sampling([]).strategy
    const samples = [sample(null, {}, [0.1]), sample('b', {}, [0.9]), sample(null, {}, [0.2])]
    expect(chooseReply(sampling(samples, { strategy }))).toEqual({ kind: 'not-comparable', shown: 0 })
  })

  test('is worth most among those of the answer with the highest sum', () => {
    const samples = [sample('x', {}, [0.9]), sample('y', {}, [0.5, 0.6]), sample('y', {}, [0.8, 0.55])]
    const choice = chooseReply(sampling(samples, { strategy: voteSum }))
    expect(choice).toMatchObject({ kind: 'voted', shown: 2 })
    expect(choice.kind === 'voted' && choice.tally.map(({ score }) => score)).toEqual([0.9, 1.05])
  })

  test('is the best of N whatever the replies say, and those without steps are worth 0', () => {
    const samples = [sample(null, {}, []), sample(null, {}, [0.2]), sample('z', {}, [0.1])]
    expect(chooseReply(sampling(samples, { strategy: best }))).toEqual({
      ...{ kind: 'best', shown: 1, worths: [0, 0.2, 0.1] },
    })
  })

  test('is none that was stopped, unless there is no other', () => {
    const stopped = sample('a', { finish: 'abort' })
    expect(chooseReply(sampling([stopped]))).toEqual({ kind: 'none', shown: 0 })
    expect(chooseReply(sampling([sample('b'), stopped]))).toEqual({ kind: 'only', shown: 0 })
    expect(chooseReply(sampling([sample('b'), sample('c'), stopped]))).toMatchObject({ shown: 0 })
    expect(chooseReply(sampling([]))).toEqual({ kind: 'none', shown: null })
  })

  test('compares letters of options as they are', () => {
    const letters = sampling([sample('U'), sample('J'), sample('U')], { compared: 'letters' })
    expect(chooseReply(letters)).toMatchObject({ kind: 'voted', shown: 0, agreed: true })
  })
})

describe('the drawing is over', () => {
  const early = { ...sampling([]).strategy, stopsEarly: true }

  test('when all replies are there, and not before', () => {
    expect(isDrawn(sampling([sample('a'), sample('a')]))).toBe(false)
    expect(isDrawn(sampling([sample('a'), sample('a'), sample('b')]))).toBe(true)
  })

  test('as soon as nothing can change the answer, where that was chosen', () => {
    expect(isDrawn(sampling([sample('a')], { strategy: early }))).toBe(false)
    expect(isDrawn(sampling([sample('a'), sample('A')], { strategy: early }))).toBe(true)
    expect(isDrawn(sampling([sample('a'), sample('b')], { strategy: early }))).toBe(false)
    expect(isDrawn(sampling([], { strategy: early }))).toBe(false)
  })

  test('not while one is stopped or unscored', () => {
    expect(isDrawn(sampling([sample('a'), sample('a'), sample('a', { finish: 'abort' })]))).toBe(false)
    const unscored = [sample('a', {}, [1]), sample('a', {}, [1]), sample('a')]
    expect(isDrawn(sampling(unscored, { strategy: voteSum }))).toBe(false)
  })
})

describe('a reply that is drawn', () => {
  const begun = { ...reply(1, 0, ''), sampling: sampling([]) }

  test('has text, numbers and seed of the chosen sample, and is interrupted until all are there', () => {
    const two = withSamples(begun, [sample('a'), sample('b', { seed: 9, text: 'says b' })], 'interrupted')
    expect(two).toMatchObject({ text: 'says a', finish: 'interrupted', completionTokens: 4 })
    const all = withSamples(two, [...two.sampling.samples, sample('b', { finish: 'length' })], 'interrupted')
    expect(all).toMatchObject({ text: 'says b', finish: 'stop', settings: { seed: 9 } })
    expect(all.sampling).toMatchObject({ shown: 1, seed: 7 })
  })

  test('draws a sample anew that was stopped', () => {
    const stopped = withSamples(begun, [sample('a'), sample('b', { finish: 'abort' })], 'abort')
    expect(stopped.finish).toBe('abort')
    expect(resumedReply(stopped).sampling.samples.map(({ answer }) => answer)).toEqual(['a'])
  })

  test('answers by letter where its question is the item’s, else by what it says', () => {
    const generation = {
      finish: 'stop',
      promptTokens: 1,
      completionTokens: 1,
      timeToFirstTokenMs: 1,
      decodeMs: 1,
    }
    const said = { ...generation, finish: 'stop', text: 'The answer is U.' } as const
    expect(sampleOf(said, 3, null, Array(21).fill('x')).answer).toBe('U')
    expect(sampleOf(said, 3, null, ['x', 'y']).answer).toBeNull()
    expect(sampleOf(said, 3, null, null).answer).toBe('U')
  })
})

test('a question has options while it is the item with all of them', () => {
  const origin = {
    kind: 'run',
    runId: 'r',
    position: 0,
    examples: [],
    reply: null,
    options: ['Ether', 'Halothane'],
  }
  const asked = (text: string, parent: number | null = null) =>
    optionsOf(user(0, parent, text), origin as unknown as Parameters<typeof optionsOf>[1])
  expect(asked('Which?\nA. Ether\nB. Halothane')).toEqual(['Ether', 'Halothane'])
  expect(asked('Which?\nA. Ether')).toBeNull()
  expect(asked('Ether or Halothane, sure?', 1)).toBeNull()
  expect(optionsOf(user(0, null, 'Ether Halothane'), null)).toBeNull()
})

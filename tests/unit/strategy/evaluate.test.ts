import { describe, expect, it } from 'vitest'
import { finish } from '#core/steps'
import { compareSelectors } from '#core/strategy/evaluate'
import { sampledItem, scorersOf, type SampledItem } from '#core/strategy/sampled-item'
import type { Sample, StepScorer } from '#core/strategy/types'

const VERIFIER: StepScorer = {
  kind: 'self-verifier',
  modelName: 'Small',
  quantization: 'Q8_0',
  fingerprint: 'aa',
}
const REWARD: StepScorer = { ...VERIFIER, kind: 'reward-model', modelName: 'PRM', fingerprint: 'bb' }

/** "A.5" is a reply with the letter A and one step of score 0.5; "A" one that nobody scored; "-" one without a letter. */
function item(target: string, replies: string): SampledItem {
  return {
    target,
    samples: replies.split(' ').map((reply) => ({
      ...{ promptTokens: 100, completionTokens: 10, timeToFirstTokenMs: 50, decodeMs: 200 },
      letter: reply[0] === '-' ? null : reply[0]!,
      scores: reply.length > 1 ? { steps: [Number(reply.slice(1))], promptTokens: 7, elapsedMs: 3 } : null,
    })),
  }
}

function compared(items: SampledItem[], planned = 4) {
  const { oneSample, selectors } = finish(compareSelectors(items, planned))
  const named = (kind: string, aggregate?: string) =>
    selectors.find(
      ({ strategy }) =>
        strategy.kind === kind &&
        (aggregate === undefined || ('aggregate' in strategy && strategy.aggregate === aggregate)),
    )!
  return { oneSample, selectors, named }
}

describe('compareSelectors', () => {
  it('lets each strategy choose from the same samples', () => {
    const { named, selectors, oneSample } = compared([
      item('A', 'B.1 A.9 A.2 A.1'),
      item('A', 'A.3 B.2 B.2 B.2'),
      item('C', '-.9 -.9 C.1 D.1'),
    ])
    expect(selectors).toHaveLength(10)
    expect(named('single')).toMatchObject({ n: 3, correct: 1, unparsed: 1, against: null })
    expect(named('self-consistency')).toMatchObject({ n: 3, correct: 2, unparsed: 0 })
    expect(named('best-of-n', 'min')).toMatchObject({ n: 3, correct: 3 })
    expect(named('vote-sum', 'last')).toMatchObject({
      ...{ n: 3, correct: 2 },
      against: { bothRight: 0, onlySelector: 2, onlySingle: 1, bothWrong: 0, difference: 1 / 3 },
    })
    expect(oneSample.accuracy).toBeCloseTo((3 / 4 + 1 / 4 + 1 / 4) / 3)
    expect(oneSample.samples).toBe(12)
  })

  it('adjusts the tests after Holm', () => {
    const { selectors } = compared(Array.from({ length: 8 }, () => item('A', 'B.1 A.9 A.9 A.9')))
    const p = 2 * 0.5 ** 8
    for (const { against } of selectors.slice(1)) {
      expect(against?.test.exact).toBeCloseTo(p)
      expect(against?.adjusted).toBeCloseTo(9 * p)
    }
  })

  it('counts only what had to be drawn and scored', () => {
    const { named } = compared([item('A', 'A.9 A.9 B.1 A.9')])
    expect(named('single').cost).toMatchObject({ drawn: 4, used: 1, completionTokens: 10, milliseconds: 250 })
    expect(named('self-consistency').cost).toEqual({
      ...{ drawn: 4, used: 2, promptTokens: 200, completionTokens: 20, milliseconds: 500 },
      ...{ scoringTokens: 0, scoringMs: 0 },
    })
    expect(named('vote-sum', 'min').cost).toMatchObject({ used: 3, scoringTokens: 21, scoringMs: 9 })
  })

  it('leaves items out where a strategy lacks a score', () => {
    const { named } = compared([item('A', 'A.9 A.9 B.1 A.9'), item('A', 'A.9 A B A')])
    expect(named('self-consistency').n).toBe(2)
    expect(named('vote-sum', 'min').n).toBe(1)
    expect(named('vote-sum', 'min').against?.adjusted).toBe(1)
    expect(compared([item('A', 'A B')]).named('best-of-n', 'mean')).toMatchObject({ n: 0, against: null })
  })

  it('says where a run drew too few samples for a strategy', () => {
    // The majority of four was settled after two.
    const { named } = compared([item('A', 'A.1 A.1')])
    expect(named('self-consistency').undecided).toBe(0)
    expect(named('vote-sum', 'min').undecided).toBe(1)
  })

  it('counts a question that could not be put as wrong', () => {
    const { named, oneSample } = compared([{ target: 'A', samples: [] }, item('A', 'A.1 A.1 A.1 A.1')])
    expect(named('self-consistency')).toMatchObject({ n: 2, correct: 1, unparsed: 1, undecided: 0 })
    expect(oneSample.accuracy).toBe(0.5)
  })

  it('tells nothing of scores where nobody scored, and tests then only the majority', () => {
    const { named } = compared([{ target: 'A', samples: [] }, item('A', 'B A A A'), item('A', 'B A A A')])
    expect(named('best-of-n', 'min')).toMatchObject({ n: 0, against: null })
    expect(named('self-consistency')).toMatchObject({ n: 3, against: { adjusted: 0.5 } })
  })

  it('bears no items', () => {
    expect(compared([])).toMatchObject({ oneSample: { accuracy: null, interval: null, samples: 0 } })
  })
})

describe('sampledItem', () => {
  const scores = (scorer: StepScorer, step: number) => ({
    ...{ scorer, steps: [step], promptTokens: 1, elapsedMs: 1 },
  })
  const drawn = (index: number, own: number | null): Sample & { at: number } => ({
    ...{ index, at: 1, seed: index, reply: 'B', finish: 'stop', promptTokens: 1, completionTokens: 1 },
    ...{
      timeToFirstTokenMs: 1,
      decodeMs: 1,
      officialLetter: 'B',
      strictLetter: null,
      strictReason: 'no-letter',
    },
    scores: own === null ? null : scores(VERIFIER, own),
  })
  const question = {
    samples: [drawn(0, 0.25), drawn(1, null)],
    later: [
      { at: 2, sample: 1, scores: scores(REWARD, 0.5) },
      { at: 3, sample: 1, scores: scores({ ...REWARD, modelName: 'Renamed' }, 0.75) },
    ],
  }

  it('reads letters one way and takes the latest scores of one scorer', () => {
    const steps = (scorer: StepScorer | null) =>
      sampledItem('B', question, 'official', scorer).samples.map((sample) => sample.scores?.steps ?? null)
    expect(steps(VERIFIER)).toEqual([[0.25], null])
    expect(steps(REWARD)).toEqual([null, [0.75]])
    expect(steps(null)).toEqual([null, null])
    expect(sampledItem('B', question, 'strict', null).samples.map(({ letter }) => letter)).toEqual([
      null,
      null,
    ])
  })

  it('names each scorer once', () => {
    expect(scorersOf([question, question])).toEqual([VERIFIER, REWARD])
  })
})

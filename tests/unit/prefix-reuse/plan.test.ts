import { describe, expect, it } from 'vitest'
import { MAX_DEPTH, needsColdPass, planReading, RECHECK_EVERY } from '#core/prefix-reuse/plan'
import {
  agree,
  commonLength,
  isWithinConfirmed,
  MAX_SENTINELS,
  MIN_REUSED_TOKENS,
  remember,
  type Sentinel,
} from '#core/prefix-reuse/sentinel'

const range = (length: number, from = 0) => Array.from({ length }, (_, at) => from + at)
const sentinel = (length: number, more: Partial<Sentinel> = {}): Sentinel => ({
  tokens: range(length),
  logits: Float32Array.of(1, 2),
  isConfirmed: false,
  depth: 0,
  ...more,
})

describe('planning how a prompt is read', () => {
  it.each([
    { what: 'nothing held', held: [], sentinels: [], plan: { kind: 'cold', isRepeated: false } },
    {
      what: 'too little in common',
      held: range(MIN_REUSED_TOKENS - 1),
      sentinels: [],
      plan: { kind: 'cold' },
    },
    {
      what: 'a beginning in common for the first time',
      held: [...range(20), 99],
      sentinels: [],
      plan: { kind: 'cold', splitAt: 20 },
    },
    {
      what: 'a sentinel in the common part',
      held: [...range(20), 99],
      sentinels: [sentinel(18)],
      plan: { kind: 'reuse', sentinel: { tokens: { length: 18 } } },
    },
    {
      what: 'the longest of several',
      held: range(30),
      sentinels: [sentinel(18), sentinel(24), sentinel(20)],
      plan: { kind: 'reuse', sentinel: { tokens: { length: 24 } } },
    },
    {
      what: 'a sentinel beyond what the cache still holds',
      held: range(20),
      sentinels: [sentinel(24)],
      plan: { kind: 'cold', splitAt: 20 },
    },
    {
      what: 'a sentinel of other tokens',
      held: range(30),
      sentinels: [sentinel(20, { tokens: range(20, 5) })],
      plan: { kind: 'cold', splitAt: 30 },
    },
    {
      what: 'the same prompt, without a sentinel at its end',
      held: range(50),
      sentinels: [],
      plan: { kind: 'cold', isRepeated: true },
    },
    {
      what: 'the same prompt, with one',
      held: range(50),
      sentinels: [sentinel(40)],
      plan: { kind: 'reuse', sentinel: { tokens: { length: 40 } } },
    },
  ])('with $what', ({ held, sentinels, plan }) => {
    const planned = planReading(range(40), held, sentinels)
    expect(planned).toMatchObject(plan)
    if (planned.kind === 'cold') expect(planned.splitAt).toBe((plan as { splitAt?: number }).splitAt)
  })

  it.each([
    { what: 'a first reading on', of: sentinel(20), reuses: 0, needs: true },
    { what: 'a confirmed beginning', of: sentinel(20, { isConfirmed: true }), reuses: 0, needs: false },
    { what: 'the 63rd', of: sentinel(20, { isConfirmed: true }), reuses: RECHECK_EVERY - 2, needs: false },
    { what: 'the 64th', of: sentinel(20, { isConfirmed: true }), reuses: RECHECK_EVERY - 1, needs: true },
    { what: 'many turns', of: sentinel(20, { isConfirmed: true, depth: MAX_DEPTH }), reuses: 0, needs: true },
    { what: 'the end of a cold pass', of: sentinel(40), reuses: RECHECK_EVERY, needs: false },
    {
      what: 'the end of a reading on',
      of: sentinel(40, { depth: 1, isConfirmed: true }),
      reuses: 5,
      needs: false,
    },
    {
      what: 'that, the 64th',
      of: sentinel(40, { depth: 1, isConfirmed: true }),
      reuses: RECHECK_EVERY - 1,
      needs: true,
    },
    { what: 'the end of a prompt read in two parts', of: sentinel(40, { depth: 1 }), reuses: 0, needs: true },
  ])('compares $what with a cold pass: $needs', ({ of, reuses, needs }) => {
    expect(needsColdPass(of, 40, reuses)).toBe(needs)
  })
})

describe('sentinels', () => {
  it('are few, the longest unused goes first', () => {
    const many = range(MAX_SENTINELS + 1).map((at) => sentinel(20 + at))
    const kept = many.reduce<Sentinel[]>((others, one) => remember(others, one), [])
    expect(kept.map(({ tokens }) => tokens.length)).toEqual(range(MAX_SENTINELS, 21))
    const touched = remember(kept, kept[0]!)
    expect(touched.at(-1)).toBe(kept[0])
    expect(touched).toHaveLength(MAX_SENTINELS)
  })

  it('are confirmed with everything that they begin with', () => {
    const confirmed = [sentinel(30, { isConfirmed: true })]
    expect(isWithinConfirmed(confirmed, range(20))).toBe(true)
    expect(isWithinConfirmed(confirmed, range(31))).toBe(false)
    expect(isWithinConfirmed([sentinel(30)], range(20))).toBe(false)
    expect(isWithinConfirmed(confirmed, range(20, 1))).toBe(false)
  })

  it.each([
    [[1, 2], [1, 2.0009], true],
    [[1, 2], [1, 2.002], false],
    [[1, 2], [1, Number.NaN], false],
    [[Number.NaN, 2], [Number.NaN, 2], false],
    [[1, Infinity], [1, Infinity], false],
    [[1, 2], [1], false],
  ])('%j and %j agree: %j', (one, other, expected) => {
    expect(agree(Float32Array.from(one), Float32Array.from(other), 1e-3)).toBe(expected)
  })

  it.each([
    [[], [1], 0],
    [[1, 2, 3], [1, 2, 4], 2],
    [[1, 2], [1, 2, 4], 2],
  ])('%j and %j have %i tokens in common', (one, other, length) => {
    expect(commonLength(one, other)).toBe(length)
  })
})

import { describe, expect, it } from 'vitest'
import { discordanceSteps, latestPair } from '#core/compare/discordance'
import type { Answer, RunPlan } from '#core/run/types'
import { answer } from '../score/answers'
import { answered, created, fold, makePlan, started } from '../run/fixtures'

function run(id: string, model: string, answers: number, updatedAt: number, change: Partial<RunPlan> = {}) {
  const plan: RunPlan = { ...makePlan(100, id), ...change }
  plan.model = { ...plan.model, recordId: model }
  const positions = Array.from({ length: answers }, (_, position) => answered(position))
  return { ...fold([created(plan), started(), ...positions]), updatedAt }
}

const discordance = (first: Answer[], second: Answer[]) => {
  const steps = discordanceSteps(first, second, 'official')
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

describe('latestPair', () => {
  it('takes the two latest runs of different models', () => {
    const runs = [run('old', 'b', 40, 1), run('again', 'a', 40, 2), run('new', 'a', 40, 3)]
    expect(latestPair(runs, 'b')?.map(({ id }) => id)).toEqual(['new', 'old'])
  })

  it.each([
    ['of one model', [run('1', 'a', 40, 1), run('2', 'a', 40, 2)]],
    ['with too few answers', [run('1', 'a', 29, 1), run('2', 'b', 40, 2)]],
    ['read in other ways', [run('1', 'a', 40, 1, { protocol: 'letters' }), run('2', 'b', 40, 2)]],
  ])('takes none of runs %s', (_, runs) => {
    expect(latestPair(runs, 'b')).toBeNull()
  })

  it('takes none of other items', () => {
    expect(latestPair([run('1', 'a', 40, 1), run('2', 'b', 40, 2)], 'other')).toBeNull()
  })
})

describe('discordanceSteps', () => {
  const answers = (count: number, right: (position: number) => boolean) =>
    Array.from({ length: count }, (_, position) =>
      answer({ position, official: right(position) ? 'A' : 'B' }),
    )

  it('is the share of common items that one run alone got right', () => {
    const first = answers(50, (position) => position < 30)
    const second = answers(40, (position) => position >= 10 && position < 35)
    // 0 to 9 only the first, 30 to 34 only the second.
    expect(discordance(first, second)).toBe(15 / 40)
    expect(discordance(first, first)).toBe(0)
  })

  it('says nothing of too few common items', () => {
    const all = answers(50, () => true)
    expect(discordance(all, all.slice(0, 29))).toBeNull()
  })
})

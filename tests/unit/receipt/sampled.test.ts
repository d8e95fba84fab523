/** Runs of several replies a question: exported, read, verified, merged and asked again. */
import { describe, expect, it } from 'vitest'
import { runExport, type RunExport } from '#core/export/run-export'
import { checkFile, isDoubtful } from '#core/receipt/file-checks'
import type { CheckResult } from '#core/receipt/check-result'
import { mergeParts, type PartRun } from '#core/receipt/merge'
import { partRequest, planFileText, readPlanFile } from '#core/receipt/plan-file'
import { rerunRequest } from '#core/receipt/rerun'
import { foldRun } from '#core/receipt/run-events'
import { verifyRun } from '#core/receipt/verify'
import type { Dataset } from '#core/dataset/item'
import type { ExportableRun } from '#core/export/exportable-run'
import { inOrderAsked } from '#core/export/exportable-run'
import { reduce } from '#core/run/summary'
import type { RunId, RunPlan } from '#core/run/types'
import { exported, run, sha256 } from '../export/runs'
import { sampledPlan, sampledRun, VOTE_SUM } from '../export/sampled-runs'
import { checkHashing, fileText, problemWith, readGood, stored } from './files'

const end = <Value>(steps: Generator<unknown, Value>): Value => {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

describe('a file of several replies', () => {
  it('is of version 3 and loses nothing', () => {
    const file = exported(sampledRun())
    expect(file).toMatchObject({ version: 3, $schema: 'schemas/somnus-run-3.schema.json' })
    expect(file.receipt.strategy).toEqual(VOTE_SUM)
    const again = stored(readGood(fileText(sampledRun())))
    const { samples, answers, plan } = sampledRun()
    expect(again.samples).toEqual(samples)
    expect([...again.answers, ...again.rotated]).toEqual(answers)
    expect(again.plan).toEqual({ ...plan, dataset: { ...plan.dataset, id: again.plan.dataset.id } })
  })

  it('names the words that a self-verifier was asked with', () => {
    const of = sampledRun()
    const [first] = structuredClone(of.samples!.get(0)!.samples)
    first!.scores!.scorer.verifierVersion = 'somnus-verifier-2'
    of.samples!.get(0)!.samples[0] = first!
    const text = fileText(of)
    expect(isDoubtful(end(checkFile(readGood(text), checkHashing)))).toBe(false)
    const again = stored(readGood(text)).samples!.get(0)!.samples
    expect(again.map(({ scores }) => scores?.scorer.verifierVersion)).toEqual([
      'somnus-verifier-2',
      undefined,
      undefined,
    ])
  })

  it('leaves a file of one reply as it was', () => {
    const file = exported(run())
    expect(file.version).toBe(2)
    expect(JSON.stringify(file)).not.toMatch(/strategy|[sS]ampl(es|ing)"/)
  })

  it('cannot be written without the samples', () => {
    const bare = sampledRun()
    delete bare.samples
    expect(() => exported(bare)).toThrow('missing')
  })

  it('has the same results whoever scores its steps later, and others with another reply', () => {
    const results = (change: (of: ExportableRun) => void) => {
      const of = sampledRun()
      change(of)
      return exported(of).receipt.resultsSha256
    }
    const plain = results(() => undefined)
    expect(results((of) => (of.samples!.get(0)!.later = []))).toBe(plain)
    expect(results((of) => (of.samples!.get(0)!.samples[1]!.reply = 'Changed'))).not.toBe(plain)
  })

  it('passes every check that it makes of itself, and a changed step score does not', () => {
    const checks = (change: (file: RunExport) => void) => {
      const file = JSON.parse(fileText(sampledRun())) as RunExport
      change(file)
      return end(checkFile(readGood(JSON.stringify(file)), checkHashing))
    }
    expect(isDoubtful(checks(() => undefined))).toBe(false)
    const changed = checks((file) => (file.answers[0]!.samples![0]!.scores!.steps[0] = 0.5))
    expect(changed.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual([
      'file-hash',
      'results-hash',
    ])
  })

  it('stops where it was open, with the replies to the open question kept', () => {
    const file = readGood(fileText(sampledRun()))
    const folded = end(foldRun({ ...file, at: 5 }))
    if (!folded.ok) throw new Error(folded.failure.reason)
    const kinds = folded.value.events.map(({ kind }) => kind)
    expect(kinds.slice(-4)).toEqual(['sampled', 'paused', 'scored', 'stopped'])
    expect(folded.value.summary).toMatchObject({
      answered: 3,
      sampled: 1,
      state: { reason: 'open-at-export' },
    })
  })

  it.each<[string, (file: RunExport) => void, string]>([
    ['no strategy', (file) => delete file.plan.strategy, 'plan.strategy'],
    ['a strategy of one reply', (file) => (file.plan.strategy!.samples = 1), 'plan.strategy.samples'],
    ['a sample left out', (file) => drop(file.answers[0]!.samples), 'answers[0].samples[0].index'],
    [
      'fewer samples than it took',
      (file) => (file.answers[0]!.samples as unknown[]).pop(),
      'answers[0].sampling.taken',
    ],
    ['no outcome', (file) => delete file.answers[1]!.sampling, 'answers[1].sampling'],
    [
      'a choice of a sample that is not there',
      (file) => (file.answers[1]!.sampling!.strict.representative = 2),
      'answers[1].sampling.strict.representative',
    ],
    [
      'scores of a sample that is not there',
      (file) => ((file.answers[0]!.laterScores![0] as { sample: number }).sample = 3),
      'answers[0].laterScores[0].sample',
    ],
    [
      'a score above 1',
      (file) => (file.answers[0]!.samples![0]!.scores!.steps[0] = 1.5),
      'answers[0].samples[0].scores.steps[0]',
    ],
    [
      'more open samples than are drawn',
      (file) => {
        const [open] = file.openSamples!
        Object.assign(file, { openSamples: [0, 1, 2, 3].map((index) => ({ ...open, index })) })
      },
      'openSamples',
    ],
  ])('is refused with %s', (_, change, place) => {
    const problem = problemWith(change, sampledRun())
    expect(problem).toMatchObject({ kind: 'misfit', place })
  })
})

function drop(samples: readonly unknown[] | undefined): void {
  ;(samples as unknown[]).shift()
}

describe('verifying', () => {
  async function verified(of: ExportableRun): Promise<CheckResult[]> {
    const { plan, starts, samples } = of
    const file = readGood(fileText(sampledRun()))
    const folded = end(foldRun({ ...file, at: 5 }))
    if (!folded.ok) throw new Error(folded.failure.reason)
    const { summary } = folded.value
    const whole = { plan, summary, starts, answers: inOrderAsked(of), ...(samples && { samples }) }
    const steps = verifyRun(whole, null, checkHashing)
    for (;;) {
      const step = await steps.next()
      if (step.done) return step.value
    }
  }
  const failed = async (change: (of: ExportableRun) => void) => {
    const of = sampledRun()
    change(of)
    return (await verified(of)).filter(({ outcome }) => outcome === 'failed')
  }

  it('finds a true run true: every reply read again, every choice made again', async () => {
    const results = await verified(sampledRun())
    // The fixture's prompts have a hash that is not theirs.
    expect(results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual(['prompts'])
    const count = (id: string) => results.find((result) => result.id === id)?.checked
    // Five replies of two answers, and one answer whose prompt was too long.
    expect([count('official'), count('strict'), count('choices')]).toEqual([6, 6, 3])
  })

  it.each<[string, (of: ExportableRun) => void, string[]]>([
    [
      'another reply',
      (of) => (of.samples!.get(0)!.samples[1]!.reply = 'The answer is C.'),
      ['official', 'strict', 'choices'],
    ],
    ['another letter', (of) => (of.samples!.get(0)!.samples[1]!.strictLetter = 'C'), ['strict', 'choices']],
    ['another score', (of) => (of.samples!.get(0)!.samples[0]!.scores!.steps[1] = 0.85), ['choices']],
    ['another seed', (of) => (of.samples!.get(1)!.samples[0]!.seed = 3), ['choices']],
    ['a sample too few', (of) => void of.samples!.get(1)!.samples.pop(), ['choices']],
    [
      'a sample too many',
      (of) => {
        const question = of.samples!.get(1)!
        question.samples.push({ ...question.samples[1]!, index: 2 })
      },
      ['choices'],
    ],
    ['another choice', (of) => (of.answers[0]!.officialLetter = 'C'), ['choices', 'counts']],
    ['tokens left out', (of) => (of.answers[0]!.completionTokens = 12), ['choices']],
    ['no samples', (of) => (of.samples as Map<number, unknown>).clear(), ['choices']],
  ])('finds %s', async (_, change, ids) => {
    expect((await failed(change)).map(({ id }) => id)).toEqual(['prompts', ...ids])
  })
})

describe('parts and reruns', () => {
  const part = (number: number, itemIndexes: number[], change: Partial<RunPlan> = {}): PartRun => {
    const of = sampledRun({ id: `part-${number}` as RunId, itemIndexes, ...change })
    const { plan, starts, answers, samples } = of
    const strata = [{ language: 'en', level: 1, population: 8, sampled: 8 } as const]
    return {
      plan: { ...plan, strata, split: { part: number, of: 2 } },
      starts,
      answers,
      flags: {},
      ...(samples && { samples }),
    }
  }

  it('keeps the samples of every answer at its new place', () => {
    const parts = [part(1, [2, 0, 1, 3]), part(2, [4, 5, 6, 7])]
    const merged = mergeParts(parts, { id: 'whole' as RunId, at: 5, sha256 })
    if (!merged.ok) throw new Error(JSON.stringify(merged.failure))
    const { samples, answers } = merged.value
    expect(answers.map(({ sampling }) => sampling?.taken)).toEqual([3, 3, 2, 2, undefined, undefined])
    expect([...samples!.entries()].map(([position, { samples: drawn }]) => [position, drawn.length])).toEqual(
      [
        [0, 3],
        [1, 3],
        [2, 2],
        [3, 2],
      ],
    )
    expect(samples!.get(1)).toMatchObject({ position: 1, later: [{ sample: 1 }] })
    const folded = end(foldRun(merged.value))
    expect(folded.ok && folded.value.summary).toMatchObject({ answered: 6, sampled: 0 })
  })

  it('refuses parts of other strategies, and says which', () => {
    const other = part(2, [4, 5, 6, 7], { strategy: { ...VOTE_SUM, samples: 16 } })
    const plain = part(2, [4, 5, 6, 7])
    delete plain.plan.strategy
    for (const [different, value] of [
      [other, 'vote-sum min N ≤ 16'],
      [plain, '–'],
    ] as const) {
      const merged = mergeParts([part(1, [2, 0, 1, 3]), different], { id: 'x' as RunId, at: 5, sha256 })
      expect(merged).toMatchObject({
        ok: false,
        failure: [{ kind: 'field', field: 'strategy', values: ['vote-sum min N ≤ 3', value] }],
      })
    }
  })

  it('asks again as it asked', () => {
    const here = { model: sampledPlan.model, dataset: {} as Dataset }
    expect(rerunRequest(sampledPlan, [0], 3, here).strategy).toEqual(VOTE_SUM)
    expect(rerunRequest(run().plan, [0], 2, here)).not.toHaveProperty('strategy')
  })

  it('travels in the plan of its parts, in a version of its own', () => {
    const split = { ...sampledPlan, split: { part: 1, of: 2 } }
    const text = planFileText(split, null, 5)
    expect(JSON.parse(text)).toMatchObject({ version: 2, strategy: VOTE_SUM })
    const file = readPlanFile(JSON.parse(text))
    if (!file.ok) throw new Error(file.failure.place)
    const here = { model: sampledPlan.model, dataset: {} as Dataset }
    expect(partRequest(file.value, 2, here).strategy).toEqual(VOTE_SUM)
    const plain = planFileText({ ...run().plan, split: { part: 1, of: 2 } }, null, 5)
    expect(JSON.parse(plain)).toMatchObject({ version: 1 })
    expect(plain).not.toContain('strategy')
  })
})

it('takes later scores after the end, and none of a question without an answer', () => {
  const folded = end(foldRun({ ...readGood(fileText(sampledRun())), at: 5 }))
  if (!folded.ok) throw new Error(folded.failure.reason)
  const { summary } = folded.value
  const scores = sampledRun().samples!.get(0)!.later[0]!.scores
  const scored = (position: number) => reduce(summary, { kind: 'scored', at: 9, position, sample: 0, scores })
  expect(scored(2)).toMatchObject({ ok: true, value: { answered: 3, sampled: 1, state: summary.state } })
  expect(scored(3)).toMatchObject({ ok: false })
})

it('is exported in steps, so that samples do not hold up the page', () => {
  const steps = runExport(sampledRun(), { includeQuestions: true }, 1, {
    sha256,
    encode: checkHashing.encode,
    file: checkHashing.newHash(),
  })
  let count = 0
  while (!steps.next().done) count += 1
  expect(count).toBeGreaterThan(3)
})

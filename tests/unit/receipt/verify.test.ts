import { describe, expect, it } from 'vitest'
import { officialExtraction } from '#core/answer/official'
import { strictExtraction } from '#core/answer/strict'
import { datasetId, itemsFingerprint } from '#core/dataset/fingerprint'
import type { Dataset, Item } from '#core/dataset/item'
import { promptSource } from '#core/prompt/prompt-set'
import { itemLine } from '#core/dataset/fingerprint'
import type { CheckResult, RunCheckId } from '#core/receipt/check-result'
import { foldRun } from '#core/receipt/run-events'
import { verifyRun, type VerifiedRun, type VerifyingDataset } from '#core/receipt/verify'
import { drawQuestions } from '#core/run/draw'
import { forwardScores } from '#core/run/forward'
import { makeRunPlan, PLAIN_REQUEST, promptKinds, type RunRequest } from '#core/run/plan'
import { rotateItem } from '#core/run/rotate'
import { countItems, LANGUAGE_ORDER, LEVEL_ORDER } from '#core/run/sample'
import type { ItemSource } from '#core/run/shots'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { endOf, run as exportRun, sha256 } from '../export/runs'
import { answer, randomAnswers } from '../score/answers'
import { checkHashing } from './files'

const items: Item[] = randomAnswers(40, 9).map(({ item }) => item)
const encode = (text: string) => new TextEncoder().encode(text)
const itemsSha256 = itemsFingerprint(items, encode, checkHashing.newHash())
const dataset: Dataset = {
  id: datasetId(itemsSha256),
  name: 'Data',
  source: { kind: 'built-in' },
  sha256: 'ab'.repeat(32),
  itemsSha256,
  counts: countItems(items),
  optionCounts: {},
  problemCount: 0,
  importedAt: 0,
}
const source: ItemSource = {
  metas: items,
  items: (indexes) => Promise.resolve(indexes.flatMap((index) => items[index] ?? [])),
}
const here: VerifyingDataset = { dataset, source }

const request: RunRequest = {
  ...PLAIN_REQUEST,
  model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
  dataset,
  selection: {
    design: 'proportional',
    languages: LANGUAGE_ORDER,
    levels: LEVEL_ORDER,
    sampleSize: 20,
    seed: 5,
  },
  protocol: 'both',
  rotationShare: 0.25,
}

const START = 1_800_000_000_000

/** An honest run: letters read from its replies, one answer every two seconds. */
async function honestRun(change: Partial<RunRequest> = {}): Promise<VerifiedRun> {
  const asked = { ...request, ...change }
  const drawn = await drawQuestions(asked, source, null)
  if (!drawn.ok) throw new Error(drawn.failure.kind)
  const plan = makeRunPlan(asked, drawn.value, {
    id: 'run-1' as RunId,
    at: START,
    appVersion: '1',
    promptSha256: sha256(promptSource(asked.prompts, promptKinds(asked.protocol))),
    askedSha256: sha256(drawn.value.askedList),
  })
  const answers = plan.itemIndexes.map((index, position) => answerTo(plan, items[index]!, position))
  return foldedRun(plan, answers)
}

function answerTo(plan: RunPlan, plain: Item, position: number): Answer {
  const rotation = plan.rotations[position] ?? 0
  const item = rotateItem(plain, rotation)
  const reply = position % 3 === 0 ? 'No idea.' : 'It is obvious. Answer: B'
  const official = officialExtraction(reply, item.options)
  const strict = strictExtraction(reply, item.options, 'stop')
  const probabilities = item.options.map((_, option) =>
    option === 0 ? 0.5 : 0.5 / (item.options.length - 1),
  )
  return {
    ...answer({ position }),
    item,
    rotation,
    reply,
    answeredAt: START + 1000 + (position + 1) * 2000,
    forward: forwardScores({ probabilities, promptTokens: 9, elapsedMs: 40 }),
    officialLetter: official.kind === 'letter' ? official.letter : null,
    strictLetter: strict.kind === 'letter' ? strict.letter : null,
    strictReason: strict.kind === 'none' ? strict.reason : null,
  }
}

function foldedRun(plan: RunPlan, answers: readonly Answer[]): VerifiedRun {
  const starts = exportRun().starts.map((start) => ({ ...start, at: START + 1000 }))
  const ended = { at: START + 1e6, reason: 'finished' } as const
  const whole = { plan, starts, answers, interruptions: [], ended, flags: [], at: START }
  const folded = endOf(foldRun(whole))
  if (!folded.ok) throw new Error(folded.failure.reason)
  return { plan, summary: folded.value.summary, starts, answers }
}

async function verified(run: VerifiedRun, with_: VerifyingDataset | null = here) {
  const steps = verifyRun(run, with_, checkHashing)
  for (;;) {
    const step = await steps.next()
    if (step.done) return new Map(step.value.map((result) => [result.id, result]))
  }
}

const outcomes = (results: Map<RunCheckId, CheckResult>, outcome: CheckResult['outcome']) =>
  [...results.values()].filter((result) => result.outcome === outcome).map(({ id }) => id)

describe('an honest run', () => {
  it.each([
    ['of both protocols with rotations', {}],
    ['of replies alone', { protocol: 'generate', rotationShare: 0 }],
    ['of forward passes alone', { protocol: 'letters' }],
    ['of one part', { split: { part: 2, of: 3 } }],
    ['of equal numbers', { selection: { ...request.selection, design: 'equal' } }],
    ['of a simple sample', { selection: { ...request.selection, design: 'simple' } }],
    ['of given questions', { questions: { itemIndexes: [], rotations: [] } }],
  ] as [string, Partial<RunRequest>][])('passes every check that it has: %s', async (name, change) => {
    const first = await honestRun()
    const given: Partial<RunRequest> = {
      questions: { itemIndexes: first.plan.itemIndexes.slice(3, 5), rotations: [0, 0] },
      origin: { kind: 'rerun', runId: 'run-0' as RunId, share: 0.1 },
      rotationShare: 0,
    }
    let run = await honestRun(name === 'of given questions' ? given : change)
    if (run.plan.protocol === 'letters') {
      run = {
        ...run,
        answers: run.answers.map((one) => ({
          ...one,
          reply: '',
          completionTokens: 0,
          officialLetter: null,
          strictLetter: null,
        })),
      }
    }
    if (run.plan.protocol === 'letters') run = foldedRun(run.plan, run.answers)
    const results = await verified(run)
    expect(outcomes(results, 'failed')).toEqual([])
    expect(outcomes(results, 'unchecked')).toEqual([])
    expect(results.size).toBeGreaterThanOrEqual(7)
  })

  it('can be checked in part without its dataset, and says why', async () => {
    const results = await verified(await honestRun(), null)
    expect(outcomes(results, 'unchecked')).toEqual(['dataset', 'sample', 'items'])
    expect(results.get('items')).toMatchObject({ reason: 'no-dataset', unchecked: 25 })
    expect(outcomes(results, 'failed')).toEqual([])
  })

  it('has its letters read again without its texts only where the dataset is', async () => {
    const run = await honestRun()
    const answers = run.answers.map((one, position) => ({
      ...one,
      item: {
        ...one.item,
        stem: '',
        options: one.item.options.map(() => ''),
        withheld: sha256(itemLine(items[run.plan.itemIndexes[position] ?? 0]!)),
      },
    }))
    const bare = foldedRun(run.plan, answers)
    expect(outcomes(await verified(bare), 'failed')).toEqual([])
    expect((await verified(bare)).get('official')?.checked).toBe(25)
    expect((await verified(bare, null)).get('official')).toMatchObject({
      outcome: 'unchecked',
      reason: 'no-text',
    })
  })
})

describe('a run with one thing changed', () => {
  const cases: [string, RunCheckId, (run: VerifiedRun) => VerifiedRun, number | null][] = [
    ['words', 'prompts', (run) => ({ ...run, plan: { ...run.plan, promptSha256: '00'.repeat(32) } }), null],
    [
      'the list of items',
      'dataset',
      (run) => ({
        ...run,
        plan: { ...run.plan, dataset: { ...run.plan.dataset, itemsSha256: '00'.repeat(32) } },
      }),
      null,
    ],
    [
      'the seed',
      'sample',
      (run) => ({ ...run, plan: { ...run.plan, selection: { ...run.plan.selection, seed: 6 } } }),
      0,
    ],
    [
      'the order of questions',
      'asked-list',
      (run) => ({ ...run, answers: [...run.answers.slice(1), ...run.answers.slice(0, 1)] }),
      null,
    ],
    [
      'a key',
      'items',
      (run) =>
        changeAnswer(run, 4, ({ item }) => ({
          item: { ...item, targetIndex: 1 - Math.min(1, item.targetIndex) },
        })),
      4,
    ],
    ['an official letter', 'official', (run) => changeAnswer(run, 4, () => ({ officialLetter: 'C' })), 4],
    [
      'a strict letter',
      'strict',
      (run) => changeAnswer(run, 3, () => ({ strictLetter: 'A', strictReason: null })),
      3,
    ],
    ['a reply', 'strict', (run) => changeAnswer(run, 4, () => ({ reply: 'It is obvious. Answer: A' })), 4],
    [
      'a forward letter',
      'forward',
      (run) => changeAnswer(run, 2, ({ forward }) => ({ forward: forward && { ...forward, letter: 'B' } })),
      2,
    ],
    [
      'a probability',
      'forward',
      (run) =>
        changeAnswer(run, 2, ({ forward }) => ({
          forward: forward && { ...forward, probabilities: forward.probabilities.map(() => 0.9) },
        })),
      2,
    ],
    [
      'the counts',
      'counts',
      (run) => ({
        ...run,
        summary: {
          ...run.summary,
          tallies: run.summary.tallies.map((tally) => ({ ...tally, answered: tally.answered + 1 })),
        },
      }),
      null,
    ],
    [
      'more tokens than allowed',
      'times',
      (run) => changeAnswer(run, 1, () => ({ completionTokens: 5000 })),
      1,
    ],
    ['a reply of no tokens', 'times', (run) => changeAnswer(run, 1, () => ({ completionTokens: 0 })), 1],
    ['a reply in no time', 'times', (run) => changeAnswer(run, 1, () => ({ decodeMs: 0 })), 1],
    [
      'a reply that took longer than the clock',
      'times',
      (run) => changeAnswer(run, 1, () => ({ decodeMs: 60_000 })),
      1,
    ],
    [
      'an answer before its session',
      'times',
      (run) => changeAnswer(run, 0, () => ({ answeredAt: START - 9e6 })),
      0,
    ],
  ]

  it.each(cases)(
    'fails the check that is about it, and names the answer: %s',
    async (_, id, change, position) => {
      const results = await verified(change(await honestRun()))
      const result = results.get(id)
      expect(result?.outcome).toBe('failed')
      expect(result?.findings[0]?.position ?? null).toBe(position)
      expect(result?.findings[0]?.expected).not.toBe(result?.findings[0]?.found)
    },
  )

  it('fails as the run of another dataset whose items are the same in number', async () => {
    const run = await honestRun()
    const others = items.map((item) => ({ ...item, stem: `${item.stem}?` }))
    const other = {
      metas: others,
      items: (indexes: readonly number[]) => Promise.resolve(indexes.flatMap((index) => others[index] ?? [])),
    }
    const results = await verified(run, { dataset, source: other })
    expect(outcomes(results, 'failed')).toEqual(['dataset', 'items'])
    expect(results.get('items')?.failed).toBe(25)
  })
})

function changeAnswer(
  run: VerifiedRun,
  position: number,
  change: (answer: Answer) => Partial<Answer>,
): VerifiedRun {
  const answers = run.answers.map((one, index) => (index === position ? { ...one, ...change(one) } : one))
  return { ...run, answers }
}

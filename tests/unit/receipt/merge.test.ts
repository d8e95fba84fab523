import { describe, expect, it } from 'vitest'
import { mergeParts, type PartRun } from '#core/receipt/merge'
import { foldRun } from '#core/receipt/run-events'
import { askedList } from '#core/run/asked-list'
import { HistoryBuilder } from '#core/run/history'
import { dealPart, questionsOf, type PlannedItem } from '#core/run/split'
import type { Answer, RunId, RunPlan } from '#core/run/types'
import { accuracyTable } from '#core/score/accuracy-table'
import { replySummary } from '#core/score/replies'
import { endOf, plan as planned, run, sha256 } from '../export/runs'
import { randomAnswers, seededRandom, shuffled } from '../score/answers'

/** A run of `size` items, every third asked rotated as well. */
function wholeRun(size: number, seed: number): PartRun {
  const base = randomAnswers(size, seed)
  const items: PlannedItem[] = base.map((_, index) => ({
    itemIndex: index,
    rotation: index % 3 === 0 ? 1 : 0,
  }))
  return partOf(base, items, null)
}

function partOf(base: readonly Answer[], items: readonly PlannedItem[], split: RunPlan['split']): PartRun {
  const questions = questionsOf(items)
  const answers = questions.itemIndexes.map((index, position): Answer => {
    const answer = base[index]
    if (!answer) throw new Error('no such item')
    return { ...answer, position, rotation: questions.rotations[position] ?? 0 }
  })
  const plan: RunPlan = {
    ...planned,
    id: `run-${split?.part ?? 'whole'}` as RunId,
    ...questions,
    rotationShare: 1 / 3,
    split,
    askedSha256: sha256(
      askedList(answers.map(({ item, rotation }) => ({ id: item.id, language: item.language, rotation }))),
    ),
    strata: [{ language: 'en', level: 1, population: base.length, sampled: base.length }],
  }
  return { plan, starts: run().starts, answers, flags: {} }
}

function split(size: number, seed: number, of: number): PartRun[] {
  const base = randomAnswers(size, seed)
  const items: PlannedItem[] = base.map((_, index) => ({
    itemIndex: index,
    rotation: index % 3 === 0 ? 1 : 0,
  }))
  return Array.from({ length: of }, (_, index) => {
    const division = { part: index + 1, of }
    return partOf(base, dealPart(items, division), division)
  })
}

const made = { id: 'merged' as RunId, at: 9e12, sha256 }

function merged(parts: readonly PartRun[]) {
  const result = mergeParts(parts, made)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

const plain = (answers: readonly Answer[]) => answers.filter(({ rotation }) => rotation === 0)
const refusals = (parts: readonly PartRun[]) => {
  const result = mergeParts(parts, made)
  return result.ok ? [] : result.failure
}

describe('parts put together', () => {
  it.each([
    [1, 2],
    [2, 2],
    [7, 3],
    [40, 4],
    [61, 7],
  ])('are the unsplit run: %i items in %i parts', (size, of) => {
    const parts = split(size, size, of).filter(({ answers }) => answers.length > 0)
    if (parts.length < of) return
    const whole = wholeRun(size, size)
    const again = merged(shuffled(parts, seededRandom(of)))
    expect(again.answers).toEqual(whole.answers)
    expect(again.plan.itemIndexes).toEqual(whole.plan.itemIndexes)
    expect(again.plan.rotations).toEqual(whole.plan.rotations)
    expect(again.plan.askedSha256).toBe(whole.plan.askedSha256)
    expect(again.plan.split).toBeNull()
    expect(accuracyTable(plain(again.answers))).toEqual(accuracyTable(plain(whole.answers)))
    expect(replySummary(plain(again.answers))).toEqual(replySummary(plain(whole.answers)))
    expect(again.ended?.reason).toBe('finished')
  })

  it('can be stored, with every session and no interruption', () => {
    const parts = split(12, 1, 3).map((part, index) => ({
      ...part,
      starts: part.starts.map((start) => ({ ...start, at: start.at + index })),
      flags: index === 1 ? { 0: 'two keys' } : {},
    }))
    const folded = endOf(foldRun(merged(parts)))
    if (!folded.ok) throw new Error(folded.failure.reason)
    const { summary, events } = folded.value
    expect(summary).toMatchObject({
      state: { kind: 'finished' },
      answered: 16,
      total: 16,
      flags: { 2: 'two keys' },
    })
    const history = new HistoryBuilder()
    for (const event of events) history.add(event)
    expect(history.history.starts.map(({ position }) => position)).toEqual([0, 2, 3])
    expect(history.history.interruptions).toEqual([])
  })

  it('may reuse prompts only if all of them may, and are not refused where they differ', () => {
    const reusing = split(6, 1, 2).map((part) => ({
      ...part,
      plan: { ...part.plan, reusePrompt: true as const },
    }))
    const [anew] = split(6, 1, 2)
    expect(merged(reusing).plan.reusePrompt).toBe(true)
    for (const mixed of [
      [anew!, reusing[1]!],
      [reusing[1]!, anew!],
    ])
      expect(merged(mixed).plan).not.toHaveProperty('reusePrompt')
  })

  it('put what is answered first and end as incomplete where answers or parts are not there', () => {
    const [first, second, third] = split(12, 1, 3) as [PartRun, PartRun, PartRun]
    const short = { ...second, answers: second.answers.slice(0, 2) }
    const again = merged([first, short])
    expect(again.answers.map(({ position }) => position)).toEqual(again.answers.map((_, index) => index))
    expect(again.answers).toHaveLength(first.answers.length + 2)
    expect(again.plan.itemIndexes).toHaveLength(
      first.plan.itemIndexes.length + second.plan.itemIndexes.length,
    )
    expect(new Set(again.plan.itemIndexes)).toEqual(
      new Set([...first.plan.itemIndexes, ...second.plan.itemIndexes]),
    )
    expect(again.plan).toMatchObject({ askedSha256: null, origin: { kind: 'merged', parts: [1, 2], of: 3 } })
    expect(again.ended?.reason).toBe('parts-missing')
    expect(endOf(foldRun(again)).ok).toBe(true)
    expect(merged([first, { ...second, answers: second.answers.slice(0, 2) }, third]).ended?.reason).toBe(
      'parts-missing',
    )
  })
})

describe('runs that do not belong together', () => {
  const [first, second] = split(10, 2, 2) as [PartRun, PartRun]
  const changed = (change: Partial<RunPlan>): PartRun => ({ ...second, plan: { ...second.plan, ...change } })
  const engine = (change: object): PartRun => ({
    ...second,
    starts: second.starts.map((start) => ({ ...start, engine: { ...start.engine, ...change } })),
  })
  const { dataset, selection, decoding, budget, model } = planned

  it.each([
    [
      'items',
      changed({ dataset: { ...dataset, itemsSha256: 'ee'.repeat(32) } }),
      'cd'.repeat(32),
      'ee'.repeat(32),
    ],
    ['weights', engine({ fingerprint: 'aa' }), 'ff'.repeat(32), 'aa'],
    ['library', engine({ librarySha256: '2b' }), '1b'.repeat(32), '2b'],
    ['quantization', changed({ model: { ...model, quantization: 'F32' } }), 'q4f16_1', 'F32'],
    ['protocol', changed({ protocol: 'both' }), 'generate', 'both'],
    ['prompts', changed({ promptSha256: 'aa' }), 'c3'.repeat(32), 'aa'],
    [
      'examples',
      changed({ shots: { pool: dataset, count: 1, items: [] } }),
      '0',
      `[1,"${'cd'.repeat(32)}",[]]`,
    ],
    ['design', changed({ selection: { ...selection, design: 'simple' } }), 'proportional', 'simple'],
    ['languages', changed({ selection: { ...selection, languages: ['zh'] } }), 'en, zh', 'zh'],
    ['sampleSize', changed({ selection: { ...selection, sampleSize: 4 } }), 'null', '4'],
    ['seed', changed({ selection: { ...selection, seed: 8 } }), '7', '8'],
    ['rotationShare', changed({ rotationShare: 0 }), String(1 / 3), '0'],
    ['temperature', changed({ decoding: { ...decoding, temperature: 1 } }), '0', '1'],
    ['maxTokens', changed({ decoding: { ...decoding, maxTokens: 9 } }), '2048', '9'],
    ['decodingSeed', changed({ decoding: { ...decoding, seed: 3 } }), '0', '3'],
    ['minutes', changed({ budget: { ...budget, minutes: 5 } }), 'null', '5'],
    ['of', changed({ split: { part: 2, of: 3 } }), '2', '3'],
    ['app', changed({ appVersion: '9' }), '0.1.0+abc1234', '9'],
  ])('are refused with the field and both values: %s', (field, other, here, there) => {
    expect(refusals([first, other])).toEqual([
      { kind: 'field', field, runs: ['run-1', 'run-2'], values: [here, there] },
    ])
  })

  it('are taken where only a name differs, or a hash is not known', () => {
    const renamed = changed({
      name: 'x',
      createdAt: 1,
      model: { ...model, recordId: 'own', name: 'other' },
      dataset: { ...dataset, name: 'x', sha256: '00'.repeat(32) },
    })
    expect(refusals([first, renamed])).toEqual([])
    expect(refusals([first, engine({ librarySha256: null })])).toEqual([])
  })

  it('are refused when one is no part, is alone, has no answers or is there twice', () => {
    expect(refusals([first])).toEqual([{ kind: 'too-few' }])
    expect(refusals([first, wholeRun(10, 2)])).toEqual([{ kind: 'no-part', run: 'run-whole' }])
    expect(refusals([first, { ...second, answers: [] }])).toEqual([{ kind: 'no-answers', run: 'run-2' }])
    const twin = { ...first, plan: { ...first.plan, id: 'twin' as RunId } }
    expect(refusals([first, twin])).toEqual([{ kind: 'same-part', part: 1, runs: ['run-1', 'twin'] }])
  })

  it('are refused when parts that should be different share items, or are not as large as they are dealt', () => {
    const { itemIndexes } = first.plan
    expect(refusals([first, changed({ itemIndexes })])).toEqual([
      { kind: 'overlap', items: 5, runs: ['run-1', 'run-2'] },
    ])
    const { itemIndexes: indexes, rotations } = second.plan
    const shorter = changed({ itemIndexes: indexes.slice(0, -2), rotations: rotations.slice(0, -2) })
    expect(refusals([first, shorter])).toMatchObject([{ kind: 'wrong-size', run: 'run-2', expected: 5 }])
  })
})

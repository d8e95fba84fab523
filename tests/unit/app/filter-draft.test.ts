import { describe, expect, test } from 'vitest'
import { askFilter } from '#app/ask-filter'
import { FilterDraft } from '#app/filter-draft.svelte'
import { MAX_ANSWER_TOKENS, MAX_GENERATED_TEXT, MAX_ORDER_SAMPLE } from '#core/cross-filter/limits'
import { JUDGE_PROMPTS } from '#core/cross-filter/prompts'
import type { SourcePair } from '#core/cross-filter/types'
import { failure, success } from '#core/result'
import { created, folded, model, started } from '../cross-filter/fixture'

const pair = (answer: string | null): SourcePair => ({
  ...{ id: null, question: 'Why?', answer, language: 'en' as const, file: 'a.csv', row: 2 },
})

const found = (name: string, pairs: SourcePair[]) =>
  success({ files: [{ name, sha256: '' }], failures: [], pairs, problems: { listed: [], total: 0 } })

async function draftOf(...pairs: SourcePair[]): Promise<FilterDraft> {
  const draft = new FilterDraft(() => 7)
  await draft.read([], { readFiles: () => Promise.resolve(found('a.csv', pairs)) })
  return draft
}

describe('a new filter', () => {
  test('names what is missing, one after another', async () => {
    const draft = await draftOf(pair(null), pair('Because.'))
    expect(new FilterDraft(() => 0).obstacle).toBe('no-pairs')
    expect(draft.obstacle).toBe('no-generator')
    draft.generator = model('Writer')
    expect(draft.obstacle).toBe('no-judge')
    draft.judge = model('Writer')
    expect(draft.obstacle).toBe('judges-itself')
    draft.judge = model('First')
    draft.secondJudge = model('First')
    expect(draft.obstacle).toBe('same-judge')
    draft.secondJudge = model('Writer')
    expect(draft.obstacle).toBe('judges-itself')
    draft.secondJudge = null
    draft.prompts = { ...JUDGE_PROMPTS, user: { en: '', zh: '' } }
    expect(draft.obstacle).toBe('prompts')
    draft.prompts = JUDGE_PROMPTS
    expect(draft.obstacle).toBeNull()
    expect(draft.filter).toMatchObject({ name: 'a.csv', order: { seed: 7 }, generator: { name: 'Writer' } })
  })

  test('is about the files that were chosen last, and named after them unless somebody named it', async () => {
    const draft = new FilterDraft(() => 7)
    let endSlow: () => void = () => undefined
    const slow = new Promise<void>((resolve) => (endSlow = resolve))
    const first = draft.read([], { readFiles: () => slow.then(() => found('first.csv', [])) })
    await draft.read([], { readFiles: () => Promise.resolve(found('second.csv', [pair('Because.')])) })
    endSlow()
    await first
    expect([draft.isReading, draft.found?.pairs.length, draft.name]).toEqual([false, 1, 'second.csv'])
    await draft.read([], { readFiles: () => Promise.resolve(found('third.csv', [])) })
    expect(draft.name).toBe('third.csv')
    draft.name = 'Mine'
    await draft.read([], { readFiles: () => Promise.resolve(found('fourth.csv', [])) })
    expect(draft.name).toBe('Mine')
  })

  test('needs no writer where every question has its answer', async () => {
    const draft = await draftOf(pair('Because.'))
    draft.generator = model('First')
    draft.judge = model('First')
    expect(draft.filter?.generator).toBeNull()
    expect(draft.passes).toBe(10)
  })

  test('numbers up to their limits are taken', async () => {
    const draft = await draftOf(pair('Because.'))
    draft.judge = model('First')
    draft.maxTokens = MAX_ANSWER_TOKENS
    draft.orderCount = MAX_ORDER_SAMPLE
    expect(draft.obstacle).toBeNull()
    draft.orderCount = MAX_ORDER_SAMPLE + 1
    expect(draft.obstacle).toBe('numbers')
    draft.orderCount = 0
    draft.maxTokens = MAX_ANSWER_TOKENS + 1
    expect(draft.obstacle).toBe('numbers')
  })

  test('what could not be read is told, and nothing of it is kept', async () => {
    const draft = await draftOf(pair('Because.'))
    await draft.read([], {
      readFiles: () => Promise.resolve(failure([{ kind: 'empty-file', file: 'e.csv' }])),
    })
    expect(draft.found).toBeNull()
    expect(draft.failures).toEqual([{ kind: 'empty-file', file: 'e.csv' }])
  })
})

describe('a written answer', () => {
  const state = folded(created([null]), started('generator', 'w'))
  const times = {
    finish: 'stop' as const,
    promptTokens: 1,
    completionTokens: 1,
    timeToFirstTokenMs: 1,
    decodeMs: 1,
  }
  const write = async (text: string) => {
    const engine = {
      generate: () => Promise.resolve(success({ text, ...times })),
      scoreLetters: () => Promise.resolve(failure({ kind: 'not-loaded' as const })),
    }
    const task = { role: 'generator', pair: 0 } as const
    const asked = await askFilter(state, task, engine, () => 0, new AbortController().signal)
    return asked.ok && asked.value.kind === 'answered' ? asked.value.answer : null
  }

  test('is judged without its reasoning, or whole where the thought never ended', async () => {
    expect(await write('<think>Hm.</think> Yes.')).toMatchObject({ text: 'Yes.', reasoning: 'Hm.' })
    expect(await write('Yes.')).toMatchObject({ text: 'Yes.', reasoning: null })
    expect(await write('<think>Hm.')).toMatchObject({ text: '<think>Hm.', reasoning: null })
  })

  test('is cut at the limit of what archives hold', async () => {
    expect((await write('x'.repeat(MAX_GENERATED_TEXT + 1)))?.text).toHaveLength(MAX_GENERATED_TEXT)
  })
})

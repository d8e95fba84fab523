import { describe, expect, it } from 'vitest'
import { itemLine } from '#core/dataset/fingerprint'
import { receiptSha256, type RunExport } from '#core/export/run-export'
import { randomAnswers } from '../score/answers'
import { endOf, exported, exportOf, fullRun, hashing, lettersRun, plan, run, sha256 } from './runs'

const QUESTIONS = { includeQuestions: true }

describe('runExport', () => {
  it.each([
    ['a plain run', run()],
    ['a run with everything', fullRun()],
    ['a run of forward passes', lettersRun()],
    ['a run without answers', run({ answers: [], flags: {} })],
  ])('survives JSON with nothing lost: %s', (_, of) => {
    const { answers, ...head } = exportOf(of, QUESTIONS)
    const { answers: read, ...readHead } = exported(of, QUESTIONS)
    expect(readHead).toEqual(head)
    expect(read).toEqual(answers)
  })

  it('names its format and carries plan, sessions, end, tables, flags and judged answers', () => {
    const file = exported()
    expect(file).toMatchObject({
      $schema: 'schemas/somnus-run-2.schema.json',
      format: 'somnus-run',
      version: 2,
      exportedAt: 1,
      plan,
      state: { kind: 'finished' },
      ended: { reason: 'finished' },
      flags: [{ position: 1, itemId: 'item-1', note: 'two right answers' }],
      tables: { accuracy: { total: { n: 2 } }, replies: { truncated: 0 } },
    })
    expect(file.sessions).toEqual(run().starts)
    expect(file.answers[0]).toMatchObject({
      reply: '=cmd|calc\nso B',
      correct: { official: true, strict: false },
      item: { key: 'B', level: 1, optionCount: 4, stem: 'Stem 0' },
    })
    expect(file.answers[1]?.item.level).toBe('unlabelled')
  })

  it('leaves every stem and option out when asked to, those of the examples too', () => {
    for (const of of [run(), fullRun()]) {
      const text = JSON.stringify(exported(of, { includeQuestions: false }))
      for (const words of ['Stem 0', '问题', 'option 0', 'Example stem']) expect(text).not.toContain(words)
      expect(text).toContain('"optionCount":4')
    }
  })

  it('has the scorings of the protocol and no others', () => {
    const scoringsIn = ({ tables, answers }: RunExport) => [
      ['official', 'strict', 'forward'].filter((scoring) => scoring in tables.accuracy.total),
      Object.keys(answers[0]?.correct ?? {}),
    ]
    const [generate, both, letters] = [run(), fullRun(), lettersRun()].map((of) => scoringsIn(exported(of)))
    expect(generate).toEqual([
      ['official', 'strict'],
      ['official', 'strict'],
    ])
    expect(both?.[1]).toEqual(['official', 'strict', 'forward'])
    expect(letters).toEqual([['forward'], ['forward']])
  })

  it('lists rotated answers where they were asked, and keeps them out of the tables', () => {
    const { answers, tables } = exported(fullRun())
    expect(answers.map(({ position, rotation }) => [position, rotation])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
    ])
    expect(tables.accuracy.total.n).toBe(2)
  })
})

describe('the hash of an exported item', () => {
  it("is that of its line in the dataset's fingerprint, with and without questions", () => {
    const { item } = run().answers[0]!
    for (const includeQuestions of [true, false])
      expect(exported(run(), { includeQuestions }).answers[0]?.item.sha256).toBe(sha256(itemLine(item)))
  })

  it('stays what it was for an item that came without its text', () => {
    const [first, ...others] = run().answers
    const came = (withheld: string) => ({ ...first!.item, stem: '', options: ['', ''], withheld })
    const file = exported(run({ answers: [{ ...first!, item: came('ab') }, ...others] }))
    expect(file.answers[0]?.item).toMatchObject({ sha256: 'ab', optionCount: 2 })
    expect(file.answers[0]?.item).not.toHaveProperty('stem')
    expect(file.questionsIncluded).toBe(false)
    const unnamed = exported(run({ answers: [{ ...first!, item: came('') }, ...others] }))
    expect(unnamed.answers[0]?.item).not.toHaveProperty('sha256')
  })

  it('is the same for a rotated question as for the plain one', () => {
    const [plain, rotated] = exported(fullRun()).answers
    expect(rotated?.item.key).toBe('C')
    expect(rotated?.item.sha256).toBe(plain?.item.sha256)
  })
})

describe('the receipt', () => {
  it('names what a run was measured with, each different value once', () => {
    expect(exported(fullRun()).receipt).toEqual({
      app: '0.1.0+abc1234',
      weightsSha256: 'ff'.repeat(32),
      librarySha256: ['1b'.repeat(32), null],
      tokenizerSha256: [null],
      datasetSha256: 'ab'.repeat(32),
      itemsSha256: 'cd'.repeat(32),
      askedSha256: plan.askedSha256,
      promptSha256: plan.promptSha256,
      prompts: { name: 'AnesBench', version: plan.prompts.version },
      protocol: 'both',
      engines: ['wllama 3.8.1, CPU (WASM SIMD, 1 thread)', 'wllama 3.8.1, CPU (WASM SIMD, 2 threads)'],
      browsers: ['Browser/1', 'Browser/2'],
      decoding: { temperature: 0, topP: 1, maxTokens: 2048 },
      seeds: { selection: 7, decoding: 0 },
      asked: 3,
      planned: 4,
      interruptions: 2,
      startedAt: plan.createdAt + 1000,
      endedAt: plan.createdAt + 100_000,
      resultsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })

  it('has one hash of the results, whenever and however they are exported', () => {
    const hashes = [
      exported(fullRun()),
      exported(fullRun(), { includeQuestions: false }),
      exported({ ...fullRun(), flags: {} }, QUESTIONS, 99),
    ].map(({ receipt }) => receipt.resultsSha256)
    expect(new Set(hashes).size).toBe(1)
    const [first, ...others] = fullRun().answers
    const changed = { ...fullRun(), answers: [{ ...first!, officialLetter: 'A' }, ...others] }
    expect(exported(changed).receipt.resultsSha256).not.toBe(hashes[0])
  })
})

describe('receiptSha256', () => {
  const again = (file: RunExport) => endOf(receiptSha256(file, hashing()))

  it('is found again by whoever reads the file, whatever the order of members', () => {
    for (const of of [run(), fullRun(), lettersRun(), run({ answers: randomAnswers(50, 3) })]) {
      const file = exported(of)
      expect(again(file)).toBe(file.receiptSha256)
      expect(again(reversed(file) as RunExport)).toBe(file.receiptSha256)
    }
  })

  it('shows a change anywhere', () => {
    const file = exported(fullRun())
    const changes: ((copy: RunExport) => void)[] = [
      (copy) => (copy.exportedAt += 1),
      (copy) => (copy.plan.decoding.seed = 1),
      (copy) => (copy.answers[0]!.reply += ' '),
      (copy) => (copy.answers[0]!.correct.official = false),
      (copy) => (copy.receipt.app = 'other'),
      (copy) => copy.answers.pop(),
      (copy) => Object.assign(copy, { added: 1 }),
    ]
    for (const change of changes) {
      const copy = structuredClone(file)
      change(copy)
      expect(again(copy)).not.toBe(file.receiptSha256)
    }
  })
})

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

import { describe, expect, it } from 'vitest'
import type { RunExport } from '#core/export/run-export'
import { MAX_REPLY_LENGTH } from '#core/receipt/limits'
import { exportOf, fullRun, lettersRun } from '../export/runs'
import { fileText, finishedRun, problemWith, read, readGood, stored } from './files'

const QUESTIONS = { includeQuestions: true }

describe('a run from its file', () => {
  it.each([
    ['a plain run', finishedRun()],
    ['a run with everything', fullRun()],
  ])('is the run that was written: %s', (_, of) => {
    const again = exportOf(stored(readGood(fileText(of))), QUESTIONS)
    const expected = { ...exportOf(of, QUESTIONS), receiptSha256: expect.any(String) as string }
    const { dataset, shots } = again.plan
    // When a tab was lost follows from the answer before, which the fixture does not care about; nor for these ids.
    const interruptions = expected.interruptions.map((one) =>
      one.reason === 'tab-lost' ? { ...one, at: expect.any(Number) as number } : one,
    )
    expect(again).toMatchObject({
      ...expected,
      interruptions,
      exportedAt: 1,
      plan: { ...expected.plan, dataset, shots },
    })
    expect(again.receipt.resultsSha256).toBe(expected.receipt.resultsSha256)
  })

  it('comes to its end when the file was written while it could still go on', () => {
    const again = stored(readGood(fileText(lettersRun())))
    expect(again.state).toEqual({ kind: 'stopped', reason: 'open-at-export' })
    expect(again.ended).toEqual({ at: 5, reason: 'open-at-export' })
    expect(again.interruptions).toHaveLength(1)
  })

  it('keeps number of options, key and hash of an item without its text, and no more', () => {
    const [whole, bare] = [readGood(fileText(fullRun())), readGood(fileText(fullRun(), false))]
    const [item, without] = [whole.answers[1]?.item, bare.answers[1]?.item]
    expect(without).toEqual({ ...item, stem: '', options: ['', '', '', ''], withheld: whole.itemSha256[1] })
    expect(exportOf(stored(bare), QUESTIONS).answers[1]?.item).toEqual(
      exportOf(fullRun(), { includeQuestions: false }).answers[1]?.item,
    )
  })

  it('keeps of how a prompt was read only what files say of it', () => {
    const { answers, ...file } = JSON.parse(fileText(fullRun())) as RunExport
    const [first, ...others] = answers
    const reading = { ...first!.reading!, note: 'x' }
    const forward = { ...first!.forward!, reading: { ...first!.forward!.reading!, note: 'x' } }
    const noted = { ...file, answers: [{ ...first!, reading, forward }, ...others] }
    const { answers: kept } = readGood(JSON.stringify(noted))
    expect([kept[0]?.reading, kept[0]?.forward?.reading]).toEqual([first!.reading, first!.forward!.reading])
  })

  it('gives the same scores with and without the questions', () => {
    const [whole, bare] = [true, false].map((questions) => stored(readGood(fileText(fullRun(), questions))))
    expect(bare?.tables).toEqual(whole?.tables)
  })
})

describe('a run from a file of the first version', () => {
  const { plan, answers, sessions, tables } = exportOf(finishedRun(), QUESTIONS)
  const { selection, dataset, ...kept } = plan
  const text = (change: object = {}) =>
    JSON.stringify({
      format: 'somnus-run',
      version: 1,
      exportedAt: 5,
      questionsIncluded: true,
      plan: {
        ...Object.fromEntries(
          [
            'id',
            'name',
            'createdAt',
            'appVersion',
            'model',
            'strata',
            'itemIndexes',
            'promptSha256',
            'decoding',
          ].map((name) => [name, kept[name as keyof typeof kept]]),
        ),
        dataset,
        selection: { ...selection, design: undefined },
        promptKind: 'chain-of-thought',
        promptVersion: 'somnus-anesbench-1',
      },
      state: { kind: 'stopped' },
      sessions: sessions.map((session) => ({
        ...session,
        engine: { ...session.engine, librarySha256: undefined, tokenizerSha256: undefined },
      })),
      tables,
      flags: [{ position: 1, itemId: 'item-1', note: 'two right answers' }],
      answers: answers.map((answer) => ({
        ...answer,
        item: { ...answer.item, sha256: undefined },
        rotation: undefined,
        forward: undefined,
        correct: undefined,
      })),
      ...change,
    })

  it('has what the first version did not know in its plain form', () => {
    const file = readGood(text())
    expect(file.plan).toMatchObject({
      protocol: 'generate',
      rotations: [0, 0],
      askedSha256: null,
      selection: { design: 'proportional' },
      origin: { kind: 'own' },
    })
    expect(file.starts[0]?.engine.librarySha256).toBeNull()
    expect(file.ended).toEqual({ at: 5, reason: 'user' })
    const again = stored(file)
    expect(again.answers).toEqual(finishedRun().answers)
    expect(again.tables).toEqual(finishedRun().tables)
  })

  it('is refused with other words than the first version had', () => {
    const file = JSON.parse(text()) as { plan: { promptVersion: string } }
    file.plan.promptVersion = 'my-own'
    const result = read(JSON.stringify(file))
    expect(result.ok ? null : result.failure).toMatchObject({ place: 'plan.promptVersion' })
  })
})

describe('a file that is no run', () => {
  it.each([
    ['nothing', '', { kind: 'not-json', element: null }],
    ['other text', 'position,item_id\n0,a', { kind: 'not-json', element: null }],
    ['a list', '[]', { kind: 'not-json', element: null }],
    ['another object', '{"format":"elsewhere","answers":[]}', { kind: 'other-format' }],
    ['a member given twice', '{"format":"somnus-run","format":"x"}', { kind: 'not-json', element: null }],
    ['text after the end', '{"answers":[]} {}', { kind: 'not-json', element: null }],
    [
      'deep nesting',
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      { kind: 'not-json', element: null },
    ],
    [
      'deep nesting in an answer',
      `{"answers":[${'['.repeat(50)}${']'.repeat(50)}]}`,
      { kind: 'not-json', element: 0 },
    ],
    ['a trailing comma', '{"answers":[1,]}', { kind: 'not-json', element: 0 }],
    ['NaN', '{"answers":[1,NaN]}', { kind: 'not-json', element: 1 }],
  ])('is refused: %s', (_, text, problem) => {
    const result = read(text)
    expect(result.ok ? null : result.failure).toEqual(problem)
  })

  it('names the answer at which it was cut off', () => {
    const text = fileText(fullRun())
    const cut = text.slice(0, text.lastIndexOf('"position":2') + 5)
    const result = read(cut)
    expect(result.ok ? null : result.failure).toEqual({ kind: 'not-json', element: 2 })
  })

  it('is refused when a newer app wrote it', () => {
    expect(problemWith((file) => Object.assign(file, { version: 4 }))).toEqual({
      kind: 'other-version',
      version: 4,
    })
  })
})

describe('a file that is not as a run has it', () => {
  const answer = (file: RunExport, index: number) => file.answers[index] as unknown as Record<string, unknown>
  const plan = (file: RunExport) => file.plan as unknown as Record<string, unknown>
  const cases: [string, (file: RunExport) => void, number | null, string, object][] = [
    ['no plan', (f) => Object.assign(f, { plan: undefined }), null, 'plan', { kind: 'present' }],
    [
      'half a position',
      (f) => (f.plan.itemIndexes[0] = 0.5),
      null,
      'plan.itemIndexes',
      { kind: 'positions' },
    ],
    ['plan of text', (f) => Object.assign(f, { plan: 'x' }), null, 'plan', { kind: 'object' }],
    ['no answers', (f) => Object.assign(f, { answers: 3 }), null, 'answers', { kind: 'list' }],
    ['a short hash', (f) => (plan(f)['promptSha256'] = 'ab'), null, 'plan.promptSha256', { kind: 'sha256' }],
    [
      'another protocol',
      (f) => (plan(f)['protocol'] = 'guess'),
      null,
      'plan.protocol',
      { kind: 'one-of', values: '("generate" | "letters" | "both")' },
    ],
    [
      'rotations missing',
      (f) => f.plan.rotations.pop(),
      null,
      'plan.rotations',
      { kind: 'as-planned', value: '2' },
    ],
    [
      'too many answers',
      (f) => {
        f.plan.itemIndexes.pop()
        f.plan.rotations.pop()
      },
      null,
      'answers',
      { kind: 'as-planned', value: '1' },
    ],
    [
      'an answer lost',
      (f) => f.answers.splice(0, 1),
      1,
      'answers[0].position',
      { kind: 'as-planned', value: '0' },
    ],
    [
      'an answer twice',
      (f) => f.answers.splice(1, 0, f.answers[0]!),
      2,
      'answers[1].position',
      { kind: 'as-planned', value: '1' },
    ],
    [
      'another rotation',
      (f) => (answer(f, 1)['rotation'] = 2),
      2,
      'answers[1].rotation',
      { kind: 'as-planned', value: '0' },
    ],
    ['a reply of numbers', (f) => (answer(f, 1)['reply'] = 5), 2, 'answers[1].reply', { kind: 'text' }],
    [
      'a long reply',
      (f) => (answer(f, 0)['reply'] = 'x'.repeat(MAX_REPLY_LENGTH + 1)),
      1,
      'answers[0].reply',
      { kind: 'at-most-long', limit: MAX_REPLY_LENGTH },
    ],
    [
      'a fraction of a token',
      (f) => (answer(f, 0)['promptTokens'] = 1.5),
      1,
      'answers[0].promptTokens',
      { kind: 'whole-number' },
    ],
    [
      'negative time',
      (f) => (answer(f, 0)['decodeMs'] = -1),
      1,
      'answers[0].decodeMs',
      { kind: 'from', limit: 0 },
    ],
    [
      'a word for a letter',
      (f) => (answer(f, 1)['officialLetter'] = 'Ab'),
      2,
      'answers[1].officialLetter',
      { kind: 'letter' },
    ],
    [
      'an unknown failure',
      (f) => (answer(f, 1)['failure'] = { kind: 'bored' }),
      2,
      'answers[1].failure.kind',
      { kind: 'one-of' },
    ],
    [
      'a key outside the options',
      (f) => (f.answers[1]!.item.key = 'Z'),
      2,
      'answers[1].item.key',
      { kind: 'one-of', values: 'A, B, C, D' },
    ],
    [
      'an option lost',
      (f) => {
        f.answers[1]!.item.options = ['a', 'b']
      },
      2,
      'answers[1].item.options',
      { kind: 'as-planned', value: '4' },
    ],
    [
      'a doubt about nothing',
      (f) => f.flags.push({ position: 9, itemId: '', note: '' }),
      null,
      'flags[1].position',
      { kind: 'up-to', limit: 1 },
    ],
    [
      'a session after the end',
      (f) => (f.sessions[0]!.position = 3),
      null,
      'sessions[0].position',
      { kind: 'up-to', limit: 2 },
    ],
  ]

  it.each(cases)('is refused with its place: %s', (_, change, number, place, expected) => {
    expect(problemWith(change)).toMatchObject({ kind: 'misfit', answer: number, place, expected })
  })

  it('is refused when a number is too large to be one', () => {
    const text = fileText(finishedRun()).replace('"decodeMs":1000', '"decodeMs":1e999')
    const result = read(text)
    expect(result.ok ? null : result.failure).toMatchObject({
      place: 'answers[0].decodeMs',
      expected: { kind: 'number' },
    })
  })
})

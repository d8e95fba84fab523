import { expect, test } from 'vitest'
import { expertsJson, expertsMarkdown, type ExpertsFileTexts } from '#core/experts/file'
import { expertsCost, expertsOutcome } from '#core/experts/outcome'
import { foldExperts, type ExpertsState } from '#core/experts/state'
import type { ExpertsEvent } from '#core/experts/types'
import { studyMisfit } from '#core/study/check'
import { checked, created, written } from './fixture'

const ITEM = { datasetName: 'D', id: '7', options: ['first', 'second'], targetIndex: 1 }
const TEXTS: ExpertsFileTexts = {
  question: 'Question',
  answer: 'Answer',
  adaptation: 'adapted',
  unfinished: 'not yet',
  cut: 'cut',
  stage: (kind, round) => `${kind} ${round}`,
  rating: (rating) => `rated ${rating}`,
  sufficiency: (probability) => `sufficient ${probability}`,
  facts: ({ modelName, engine }) => `${modelName} ${engine.fingerprint.slice(0, 4)}`,
}

function study(account: string, plan = {}): { state: ExpertsState; events: ExpertsEvent[] } {
  const events = [
    created(plan),
    written('reasoning', 1, '# A heading\n```\ncode\n```'),
    written('reflection', 1, '<Feedback>more</Feedback><Rating>1</Rating>'),
    checked(1, 0.75),
    written('narrative', 1, account),
  ]
  const state = foldExperts(events)
  if (!state) throw new Error('illegal')
  return { state, events }
}

test('the last answer counts, and is compared with the key of a benchmark’s question', () => {
  const account = '<think>so</think><answer>A</answer> no: <answer>B</answer>'
  const outcome = expertsOutcome(study(account, { item: ITEM }).state)
  expect(outcome).toMatchObject({ answer: 'B', letter: { read: { kind: 'letter', letter: 'B' }, key: 'B' } })
  expect(outcome?.account).toContain('so')
  expect(expertsOutcome(study('<answer>none</answer>', { item: ITEM }).state)?.letter?.read.kind).toBe('none')
  expect(expertsOutcome(study('just words').state)).toMatchObject({
    account: '',
    answer: 'just words',
    letter: null,
  })
  expect(expertsOutcome(study('<think>never ends').state)?.answer).toBe('<think>never ends')
})

test('every reply and the check are paid for', () => {
  expect(expertsCost(study('so').state)).toEqual({ tokens: 60, elapsedMs: 3 * 955 + 40 })
})

test('files say that models wrote them, and keep what they wrote apart from their own headings', () => {
  const { state } = study('<answer>B</answer>')
  const head = { name: 'A\nname', createdAt: 1, exportedAt: 2, appVersion: '1', notice: 'by models' }
  const markdown = expertsMarkdown(state, head, TEXTS)
  expect(markdown).toMatch(/^# A name\n\n> by models\n\n> adapted\n/)
  expect(markdown).toContain('````text\n# A heading\n```\ncode\n```\n````')
  expect(markdown).toContain('*Model ffff*')
  expect(markdown).toContain('rated 1')
  expect(markdown).toMatch(/## Answer\n\nB\n$/)
  const file = JSON.parse(expertsJson(state, head)) as Record<string, unknown>
  expect(file).toMatchObject({
    format: 'somnus-experts',
    notice: 'by models',
    endReason: 'sufficient',
    outcome: { answer: 'B' },
    stages: [{ tokensPerSecond: 20 }, { read: { feedback: 'more', rating: 1 } }, { probability: 0.75 }, {}],
  })
})

test('the events of an archive are checked one by one, and that they follow each other', () => {
  const { events } = study('so')
  expect(studyMisfit('experts', events, 's')).toBeNull()
  expect(studyMisfit('experts', [...events, events[1]], 's')).toMatchObject({ place: 's[5].kind' })
  const wrong = structuredClone(events[1]) as { stage: { engine: object } }
  wrong.stage.engine = {}
  expect(studyMisfit('experts', [events[0], wrong], 's')).toMatchObject({ place: 's[1].stage.engine.engine' })
  expect(studyMisfit('experts', [{ kind: 'other', at: 1 }], 's')).toMatchObject({ place: 's[0].kind' })
})

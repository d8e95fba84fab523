import { describe, expect, it } from 'vitest'
import { MIRROR_SETTING } from '#core/model/mirror'
import { previewOf } from '#core/workspace/preview'
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import { copiedEvent, copiedRecord, copyId, withReferences } from '#core/workspace/copy'
import type { WorkspaceManifest } from '#core/workspace/manifest'
import { portableEvent, withoutRemoved } from '#core/workspace/portable'
import { fateOf, filledRelation, listRelation, setRelation } from '#core/workspace/relation'
import type { RunEvent, RunId } from '#core/run/types'
import { created, makePlan } from '../run/fixtures'

const reader = (texts: readonly string[]) => {
  const left = [...texts]
  return () => Promise.resolve(left.shift() ?? null)
}

describe('how two records relate', () => {
  it.each([
    ['ab', 'ab', 'same'],
    ['', '', 'same'],
    ['a', 'ab', 'longer'],
    ['', 'a', 'longer'],
    ['ab', 'a', 'shorter'],
    ['ab', 'ac', 'different'],
    ['a', 'bc', 'different'],
  ])('events %j here and %j there: %s', async (here, there, relation) => {
    expect(await listRelation(reader([...here]), reader([...there]))).toBe(relation)
  })

  it.each<[[number, string][], [number, string][], string]>([
    [[[0, 'a']], [[0, 'a']], 'same'],
    [
      [[0, 'a']],
      [
        [0, 'a'],
        [5, 'b'],
      ],
      'longer',
    ],
    [
      [
        [0, 'a'],
        [5, 'b'],
      ],
      [[5, 'b']],
      'shorter',
    ],
    [[[0, 'a']], [[1, 'a']], 'different'],
    [
      [
        [0, 'a'],
        [1, 'b'],
      ],
      [
        [0, 'a'],
        [2, 'b'],
      ],
      'different',
    ],
  ])('messages %j here and %j there: %s', (here, there, relation) => {
    expect(setRelation(new Map(here), new Map(there))).toBe(relation)
  })

  it.each([
    [{ a: 1, p: null }, { a: 1, p: 'x' }, 'longer'],
    [{ a: 1, p: 'x' }, { a: 1, p: null }, 'shorter'],
    [{ a: 1, p: 'x', q: null }, { a: 1, p: null, q: 'y' }, 'different'],
    [{ a: 1, p: 'x' }, { a: 1, p: 'y' }, 'different'],
    [{ a: 1, p: null }, { a: 2, p: null }, 'different'],
    [{ a: 1 }, { a: 1, p: null }, 'same'],
  ])('comparisons %j here and %j there: %s', (here, there, relation) => {
    expect(filledRelation(here, there, ['p', 'q'], (value) => JSON.stringify(value))).toBe(relation)
  })
})

describe('what becomes of a record', () => {
  it.each([
    ['runs', 'new', 'add'],
    ['runs', 'same', 'leave'],
    ['runs', 'shorter', 'leave'],
    ['runs', 'longer', 'extend'],
    ['runs', 'different', 'copy'],
    ['conversations', 'different', 'copy'],
    ['prompts', 'different', 'copy'],
    ['comparisons', 'different', 'copy'],
    ['preferences', 'different', 'leave'],
    ['drafts', 'different', 'leave'],
    ['datasets', 'different', 'leave'],
  ] as const)('%s, %s: %s', (store, relation, fate) => {
    expect(fateOf(store, relation)).toBe(fate)
  })
})

describe('a copy beside the one that is here', () => {
  const ids = {
    runs: new Map([['r', 'copy-1']]),
    conversations: new Map<string, string>(),
    comparisons: new Map([['c', 'copy-3']]),
  }

  it('has an id that follows from its content', () => {
    expect(copyId('0123456789abcdef'.repeat(4))).toBe('copy-0123456789abcdef0123456789abcdef')
  })

  it('is named so that both can be told apart', () => {
    expect(copiedRecord('conversations', { id: 'a', title: 'T' }, 'b', ' 2')).toEqual({
      id: 'b',
      title: 'T 2',
    })
    expect(copiedRecord('prompts', { id: 'a', prompts: { id: 'a', name: 'P' } }, 'b', ' 2')).toEqual({
      id: 'b',
      prompts: { id: 'b', name: 'P 2' },
    })
    expect(copiedEvent(created(makePlan(1, 'r')), 'copy-1', ids, ' 2')).toMatchObject({
      plan: { id: 'copy-1', name: 'Test run 2' },
    })
  })

  it('is what other incoming records refer to', () => {
    const rerun = { kind: 'rerun', runId: 'r' as RunId, share: 1 } as const
    expect(copiedEvent(created({ ...makePlan(1, 'x'), origin: rerun }), 'x', ids, ' 2')).toMatchObject({
      plan: { id: 'x', name: 'Test run', origin: { runId: 'copy-1' } },
    })
    const talk = { origin: { kind: 'run', runId: 'r', position: 2 } }
    expect(withReferences('conversations', talk, ids)).toEqual({
      origin: { kind: 'run', runId: 'copy-1', position: 2 },
    })
    expect(withReferences('comparisons', { series: 'c' }, ids)).toEqual({ series: 'copy-3' })
    expect(withReferences('presets', { series: 'c' }, ids)).toEqual({ series: 'c' })
  })
})

describe('what travels', () => {
  const message = (id: number, parent: number | null, removedAt: number | null = null) =>
    ({ role: 'user', id, parent, text: '', at: 1, removedAt }) as MessageRecord
  const talk = (leaf: number | null) => ({ leaf, nextMessage: 9 }) as ConversationRecord

  it.each<[string, MessageRecord[], number | null, number[], number | null]>([
    ['nothing deleted', [message(0, null), message(1, 0)], 1, [0, 1], 1],
    ['a deleted branch', [message(0, null), message(1, 0, 5), message(2, 1)], 2, [0], 0],
    ['all deleted', [message(0, null, 5), message(1, 0)], 1, [], null],
    ['a leaf that is not there', [message(0, null)], 7, [0], null],
    ['a circle', [message(0, 1), message(1, 0)], 1, [], null],
  ])('%s', (_what, messages, leaf, kept, newLeaf) => {
    const made = withoutRemoved(talk(leaf), messages)
    expect(made.messages.map(({ id }) => id)).toEqual(kept)
    expect(made.conversation).toEqual(talk(newLeaf))
  })

  it('tells failures of this browser’s store in words', () => {
    const failure = { kind: 'model-unavailable', failure: { kind: 'unknown-model' } } as const
    const event: RunEvent = { kind: 'paused', at: 1, reason: 'engine-failure', failure }
    expect(portableEvent(event)).toEqual({
      ...event,
      failure: { kind: 'engine-error', detail: 'model-unavailable: unknown-model' },
    })
  })
})

describe('a preview', () => {
  const versions = { appVersion: 'test', exportedAt: 1, databaseVersion: 4 }
  const manifest: WorkspaceManifest = {
    ...versions,
    entries: [],
    format: 'somnus-workspace',
    version: 1,
  }

  it('offers a section of which only drafts are there too, so that they come in', () => {
    const draft = { store: 'drafts', section: 'conversations', id: '', name: '', relation: 'new' } as const
    const { sections } = previewOf(manifest, [draft], null, null)
    expect(sections).toMatchObject([{ section: 'conversations', records: 0, named: [] }])
  })

  it.each([
    ['new', 'https://mirror.example'],
    ['different', null],
  ] as const)('names a mirror apart from the settings, where it would be taken (%s)', (relation, mirror) => {
    const setting = { store: 'preferences', section: 'settings', id: MIRROR_SETTING, name: '' } as const
    const made = previewOf(manifest, [{ ...setting, relation }], null, 'https://mirror.example')
    expect(made).toMatchObject({ sections: [], mirror })
  })
})

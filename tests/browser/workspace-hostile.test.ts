/** Archives that are damaged, made up or old, and imports that are cut off: what is stored stays as it was. */
import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memorySink } from '#data/workspace/byte-sink'
import { openArchive } from '#data/workspace/open-archive'
import { readWorkspace } from '#data/workspace/read-workspace'
import { stagingName } from '#data/workspace/staging-name'
import { DATABASE_VERSION, type SomnusDatabase } from '#data/db/schema'
import { createSha256Source } from '#data/sha256'
import { ArchiveWriter } from '#data/workspace/archive-writer'
import { manifestText, readManifest, WORKSPACE_MANIFEST } from '#core/workspace/manifest'
import { rowLine } from '#core/workspace/row'
import type { RowKey } from '#core/workspace/row'
import type { WorkspaceEntry } from '#core/workspace/manifest'
import type { WorkspaceStore } from '#core/workspace/tables'
import { PROMPT_SHA256_OF_V1 } from '#core/run/upgrade'
import { makeAnswer, makePlan } from '../unit/run/fixtures'
import {
  contentOf,
  conversation,
  deleteOpened,
  exported,
  fill,
  fresh,
  imported,
  putRun,
  question,
  runEvents,
} from './workspace-fixture'

let there: SomnusDatabase
let here: SomnusDatabase
beforeEach(async () => {
  there = await fresh()
  here = await fresh()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await deleteOpened()
})

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

type Stores = Partial<Record<WorkspaceStore, readonly (readonly [RowKey, unknown] | string)[]>>

/** An archive of these records, whatever they are; a text is a line as it is. */
async function archive(databaseVersion: number, stores: Stores): Promise<File> {
  const writer = new ArchiveWriter(memorySink(), await createSha256Source())
  const entries: WorkspaceEntry[] = []
  for (const [store, records] of Object.entries(stores) as [WorkspaceStore, Stores[WorkspaceStore]][]) {
    writer.begin(`${store}.jsonl`)
    for (const record of records ?? [])
      writer.text(
        `${typeof record === 'string' ? record : rowLine(store, ...(record as [RowKey, unknown]))}\n`,
      )
    entries.push({ kind: 'records', store, rows: records?.length ?? 0, ...writer.end() })
  }
  writer.begin(WORKSPACE_MANIFEST)
  writer.text(manifestText({ databaseVersion, appVersion: 'test', exportedAt: 1, entries }))
  writer.end()
  return new File([await writer.finish()], 'somnus-workspace-2026-11-22.tar')
}

async function refusal(file: File): Promise<unknown> {
  const before = await contentOf(here)
  const read = await readWorkspace(here, file, () => undefined)
  expect(await contentOf(here)).toEqual(before)
  const databases = await indexedDB.databases()
  if (!read.ok) expect(databases.map(({ name }) => name)).not.toContain(stagingName(here.name))
  return read.ok ? 'taken' : read.failure
}

describe('a damaged archive', () => {
  it('is refused by its hash, with the entry named, and by its end', async () => {
    await fill(there)
    const file = await exported(there)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const text = new TextDecoder('latin1').decode(bytes)
    const changed = bytes.slice()
    changed[text.indexOf('The answer is B.') + 1] = 0x58
    expect(await refusal(new File([changed], file.name))).toEqual({
      kind: 'hash-mismatch',
      entry: 'runEvents.jsonl',
    })
    expect(await refusal(new File([bytes.slice(0, -5000)], file.name))).toMatchObject({
      kind: 'not-an-archive',
    })
    expect(await refusal(new File(['no archive'], 'a.tar'))).toEqual({ kind: 'not-an-archive' })
  })

  it('is refused when a newer app wrote it', async () => {
    expect(await refusal(await archive(DATABASE_VERSION + 1, {}))).toEqual({
      kind: 'newer',
      what: 'database',
      found: DATABASE_VERSION + 1,
      supported: DATABASE_VERSION,
    })
    const newer = manifestText({ databaseVersion: 1, appVersion: '', exportedAt: 0, entries: [] })
    expect(readManifest(newer.replace('"version": 1', '"version": 2'), 4)).toMatchObject({
      failure: { kind: 'newer', what: 'format', found: 2, supported: 1 },
    })
  })
})

describe('an archive with records that cannot be', () => {
  const run = (id: string, answers = 1) => runEvents(id, answers).map((event, n) => [[id, n], event] as const)
  const head = (id: string) => [id, { id, summary: {}, removedAt: null }] as const
  const study = (kind: string) =>
    ['s', { id: 's', kind, name: 'S', createdAt: 1, updatedAt: 1, events: 9, removedAt: null }] as const
  const talk = (leaf: number) => ({ ...conversation('t', 2), leaf })

  it.each<[string, Stores, object]>([
    ['a line that is no JSON', { prompts: ['{'] }, { kind: 'not-json', entry: 'prompts.jsonl', row: 1 }],
    [
      'depth that would exhaust the stack',
      { preferences: [`["a",${'['.repeat(100_000)}${']'.repeat(100_000)}]`] },
      { kind: 'not-json', entry: 'preferences.jsonl', row: 1 },
    ],
    [
      'a wrong type',
      { runs: [head('r')], runEvents: [[['r', 0], { kind: 'created', at: 'now' }]] },
      { kind: 'misfit', entry: 'runEvents.jsonl', row: 1, place: 'at', expected: { kind: 'number' } },
    ],
    [
      'events out of order',
      { runs: [head('r')], runEvents: [run('r')[0]!, [['r', 1], { kind: 'finished', at: 1 }]] },
      { kind: 'misfit', entry: 'runEvents.jsonl', place: 'r[1].kind' },
    ],
    ['events without their run', { runEvents: run('r') }, { entry: 'runEvents.jsonl', row: 1, place: 'key' }],
    ['a run without events', { runs: [head('r')] }, { entry: 'runs.jsonl', row: 1, place: 'r' }],
    [
      'a study of no kind',
      { studies: [study('own')] },
      { kind: 'misfit', entry: 'studies.jsonl', row: 1, place: 'kind' },
    ],
    [
      'a study whose events are not of its kind',
      { studies: [study('experts')], studyEvents: [[['s', 0], { kind: 'created', at: 1, plan: {} }]] },
      { kind: 'misfit', entry: 'studyEvents.jsonl', place: 's[0].plan.question' },
    ],
    [
      'a study whose events do not follow each other',
      { studies: [study('experts')], studyEvents: [[['s', 0], { kind: 'closed', at: 1 }]] },
      { kind: 'misfit', entry: 'studyEvents.jsonl', place: 's[0].kind' },
    ],
    [
      'a study that lacks its beginning',
      { studies: [study('experts')], studyEvents: [[['s', 1], { kind: 'closed', at: 1 }]] },
      { kind: 'misfit', entry: 'studyEvents.jsonl', place: 'key' },
    ],
    ['a study without events', { studies: [study('experts')] }, { entry: 'studyEvents.jsonl', place: 's' }],
    [
      'a key that is there twice',
      {
        drafts: [
          ['a', { text: '', edits: [], at: 1 }],
          ['a', { text: '', edits: [], at: 1 }],
        ],
      },
      { kind: 'misfit', entry: 'drafts.jsonl', row: 2, place: 'key' },
    ],
    [
      'a key that is not the record’s',
      { conversations: [['other', conversation('t', 0)]] },
      { kind: 'misfit', entry: 'conversations.jsonl', row: 1, place: 'id' },
    ],
    [
      'a branch that ends nowhere',
      { conversations: [['t', talk(7)]], messages: [[['t', 0], question(0, 'a')]] },
      { kind: 'misfit', entry: 'conversations.jsonl', place: 't.leaf' },
    ],
    [
      'messages in a circle',
      { conversations: [['t', talk(0)]], messages: [[['t', 0], question(0, 'a', 0)]] },
      { kind: 'misfit', entry: 'conversations.jsonl', place: 't.messages[0].parent' },
    ],
    [
      'a stored access token',
      { preferences: [['hubTokens', { 'https://example.org': 'stolen' }]] },
      { kind: 'misfit', entry: 'preferences.jsonl', row: 1, place: 'hubTokens' },
    ],
    [
      'settings of replies that would break every new conversation',
      { preferences: [['newChatSettings', { temperature: 'hot' }]] },
      { kind: 'misfit', entry: 'preferences.jsonl', row: 1, place: 'newChatSettings.preset' },
    ],
  ])('is refused: %s', async (_what, stores, failure) => {
    await fill(here)
    expect(await refusal(await archive(DATABASE_VERSION, stores))).toMatchObject(failure)
  })

  it('is refused when a dataset’s items are not those that it is named by', async () => {
    await fill(there)
    const made = await exported(there)
    const opened = await openArchive(made, () => undefined)
    if (!opened.ok) throw new Error('not opened')
    const lines = async (store: WorkspaceStore) => {
      const entry = opened.value.manifest.entries.find((each) => each.path === `${store}.jsonl`)
      const text = entry ? await opened.value.content(entry).text() : ''
      return text.split('\n').slice(0, -1)
    }
    const stores = {
      datasets: await lines('datasets'),
      itemBlocks: (await lines('itemBlocks')).map((line) =>
        line.replace('"targetIndex":1', '"targetIndex":2'),
      ),
    }
    expect(await refusal(await archive(DATABASE_VERSION, stores))).toMatchObject({
      kind: 'misfit',
      entry: 'datasets.jsonl',
      place: 'dataset.itemsSha256',
    })
    expect(
      await refusal(await archive(DATABASE_VERSION, { ...stores, itemBlocks: await lines('itemBlocks') })),
    ).toBe('taken')
    await deleteDB(stagingName(here.name))
    // Under the id of other items it would keep those out.
    const id = (JSON.parse(stores.datasets[0] ?? '') as [string])[0]
    const renamed = async (store: WorkspaceStore) =>
      (await lines(store)).map((line) => line.replaceAll(`"${id}"`, '"0123456789abcdef"'))
    const taken = { datasets: await renamed('datasets'), itemBlocks: await renamed('itemBlocks') }
    expect(await refusal(await archive(DATABASE_VERSION, taken))).toMatchObject({
      kind: 'misfit',
      entry: 'datasets.jsonl',
      place: 'id',
    })
  })

  it('makes summaries anew, whatever the archive claims', async () => {
    await putRun(there, runEvents('r', 3))
    const events = run('r', 3)
    const claim = { id: 'r', summary: { answered: 999, state: { kind: 'finished' } }, removedAt: null }
    await imported(here, await archive(DATABASE_VERSION, { runs: [['r', claim]], runEvents: events }))
    expect(await here.getAll('runs')).toEqual(await there.getAll('runs'))
  })
})

describe('an archive of an earlier version', () => {
  const LATER = [
    'rotations',
    'rotationShare',
    'askedSha256',
    'prompts',
    'shots',
    'budget',
    'split',
    'origin',
    'protocol',
  ]
  const planV1 = {
    ...without(makePlan(2, 'old'), LATER),
    selection: { languages: ['en'], levels: [1], sampleSize: null, seed: 0 },
    promptKind: 'chain-of-thought',
    promptVersion: 'somnus-anesbench-1',
    promptSha256: 'of-another-text',
  }
  const engineV1 = { engine: 'wllama', engineVersion: '3', device: 'CPU', fingerprint: 'f', contextTokens: 9 }
  const answerV1 = without(makeAnswer(0), ['rotation', 'forward'])
  const run: Stores = {
    runs: [['old', { id: 'old', summary: { state: { kind: 'running' } }, removedAt: null }]],
    runEvents: [
      [['old', 0], { kind: 'created', at: 1, plan: planV1 }],
      [['old', 1], { kind: 'started', at: 2, engine: engineV1, userAgent: 'x' }],
      [['old', 2], { kind: 'answered', at: 3, answer: answerV1 }],
    ],
  }
  const talk: Stores = {
    conversations: [['t', { id: 't', title: 'Old', createdAt: 1, updatedAt: 2, removedAt: null }]],
    messages: [[['t', 0], { role: 'user', text: 'a', at: 1 }]],
  }

  it.each([1, 2])('of version %i passes the same steps as a database of it', async (version) => {
    expect(await imported(here, await archive(version, { ...run, ...talk }))).toMatchObject({
      ok: true,
      value: { fates: { add: 2 } },
    })
    const [stored] = await here.getAll('runs')
    expect(stored?.summary).toMatchObject({ answered: 1, plan: { promptSha256: PROMPT_SHA256_OF_V1 } })
    expect(await here.getAll('messages')).toMatchObject([{ id: 0, parent: null, removedAt: null }])
    expect(await here.getAll('conversations')).toMatchObject([{ leaf: 0, nextMessage: 1, pinned: false }])
  })

  it('of version 3 has conversations that are lists', async () => {
    const own = { id: 'own', prompts: { ...makePlan(1).prompts, id: 'own' }, savedAt: 1 }
    await imported(here, await archive(3, { ...talk, prompts: [['own', own]] }))
    expect(await here.getAll('messages')).toMatchObject([{ id: 0, parent: null }])
    expect(await here.count('prompts')).toBe(1)
  })

  it('is refused where a record of it cannot be brought up, or has a shape that nothing has', async () => {
    expect(await refusal(await archive(1, { prompts: [] }))).toEqual({
      kind: 'entry-unexpected',
      entry: 'prompts.jsonl',
    })
    const wrong: Stores = { ...talk, messages: [[['t', 0], { role: 'user', text: 7, at: 1 }]] }
    expect(await refusal(await archive(3, wrong))).toMatchObject({
      kind: 'misfit',
      entry: 'messages.jsonl',
      row: 1,
      place: 'text',
    })
  })
})

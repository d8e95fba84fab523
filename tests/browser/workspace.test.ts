/** Everything of a workspace goes into one archive and comes back as it was. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConversationId } from '#core/chat/types'
import type { ExpertsEvent } from '#core/experts/types'
import { MIRROR_SETTING } from '#core/model/mirror'
import type { RunId } from '#core/run/types'
import type { StudyId } from '#core/study/types'
import { MAX_MESSAGE_LENGTH } from '#core/workspace/limits'
import type { SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { memorySink } from '#data/workspace/byte-sink'
import { exportWorkspace } from '#data/workspace/export-workspace'
import { written } from '../unit/experts/fixture'
import { answered } from '../unit/run/fixtures'
import {
  contentOf,
  conversation,
  comparison,
  deleteOpened,
  exported,
  fill,
  fresh,
  imported,
  NOTHING,
  prompts,
  putConversation,
  putRun,
  putStudy,
  question,
  read,
  reply,
  runEvents,
  STUDY_EVENTS,
} from './workspace-fixture'

let there: SomnusDatabase
let here: SomnusDatabase
beforeEach(async () => {
  there = await fresh()
  here = await fresh()
})
afterEach(deleteOpened)

const textOf = async (file: File) => new Uint8Array(await file.arrayBuffer())

describe('a round trip', () => {
  it('brings every record of every store back as it was', async () => {
    await fill(there)
    expect(await imported(here, await exported(there))).toMatchObject({
      ok: true,
      value: { fates: { leave: 0, extend: 0, copy: 0 }, copies: [] },
    })
    const before = await contentOf(there)
    expect(Object.values(before).every((records) => records.length > 0)).toBe(true)
    expect(await contentOf(here)).toEqual(before)
  })

  it('gives the same bytes again, but for the time of the export', async () => {
    await fill(there)
    const file = await exported(there)
    await imported(here, file)
    expect(await textOf(await exported(here))).toEqual(await textOf(file))
    const later = await exported(there, { at: 2000 })
    expect(await textOf(later)).not.toEqual(await textOf(file))
    expect(later.size).toBe(file.size)
  })

  it('leaves behind secrets and what was deleted, with all that hung on it', async () => {
    await there.put('preferences', { 'https://huggingface.co': 'hf_secret' }, 'hubTokens')
    await putRun(there, runEvents('gone', 2), 5)
    await putConversation(there, { ...conversation('gone', 1), removedAt: 5 }, [question(0, 'deleted talk')])
    await there.put('drafts', { text: 'gone too', edits: [], at: 1 }, 'gone' as ConversationId)
    await putConversation(there, conversation('kept', 4), [
      question(0, 'kept'),
      { ...reply(1, 'deleted reply'), removedAt: 7 },
      question(2, 'hidden with it'),
      question(3, 'another branch', null),
    ])
    await there.put('conversations', { ...conversation('kept', 4), leaf: 2 })
    const file = await exported(there)
    const text = await file.text()
    for (const word of ['hf_secret', 'deleted', 'gone', 'hidden with it']) expect(text).not.toContain(word)
    await imported(here, file)
    expect(await here.get('conversations', 'kept' as ConversationId)).toMatchObject({
      leaf: 0,
      nextMessage: 4,
    })
    expect((await here.getAll('messages')).map(({ id }) => id)).toEqual([0, 3])
  })

  it('carries packs of models and the chosen hosts', async () => {
    const pack = new Blob(['a pack'])
    const privacy = { locked: true, hosts: ['https://huggingface.co', 'https://example.org'] }
    const { preview, models, staging } = await read(
      here,
      await exported(there, { privacy, models: [{ name: 'qwen2-f32', pack }] }),
    )
    staging.close()
    expect(preview.privacy).toEqual({
      locked: true,
      hosts: ['https://example.org', 'https://huggingface.co'],
    })
    expect(preview.models).toEqual([{ name: 'qwen2-f32', bytes: 6 }])
    expect(await models[0]?.pack.text()).toBe('a pack')
  })
})

it('does without what no archive can hold, and names it', async () => {
  await fill(there)
  const long = 'x'.repeat(MAX_MESSAGE_LENGTH + 1)
  await putConversation(there, conversation('long', 2), [question(0, 'short'), question(1, long)])
  await there.put('drafts', { text: 'typed', edits: [], at: 1 }, 'long' as ConversationId)
  const made = await exportWorkspace(there, memorySink(), NOTHING, () => undefined)
  if (!made.ok) throw new Error(JSON.stringify(made.failure))
  const { archive, left } = made.value
  expect(left).toMatchObject([{ section: 'conversations', name: conversation('long', 2).title }])
  expect(left[0]?.bytes).toBeGreaterThan(MAX_MESSAGE_LENGTH)
  await imported(here, new File([archive], 'a.tar'))
  expect(await here.getAllKeys('conversations')).toEqual(['talk'])
  expect(await here.getAllKeys('drafts')).toEqual(['', 'talk'])
})

it('fetches models from no other host than before, unless the user says so', async () => {
  await there.put('preferences', 'https://mirror.example/hub', MIRROR_SETTING)
  const file = await exported(there)
  const { preview, staging } = await read(here, file)
  staging.close()
  expect(preview).toMatchObject({ mirror: 'https://mirror.example/hub', sections: [] })
  await imported(here, file)
  await imported(here, file, 'replace')
  expect(await here.getAllKeys('preferences')).toEqual([])
  await imported(here, file, 'merge', [], true)
  expect(await here.get('preferences', MIRROR_SETTING)).toBe('https://mirror.example/hub')

  await here.put('preferences', 'https://own.example', MIRROR_SETTING)
  for (const hosts of [false, true]) await imported(here, file, 'replace', ['settings'], hosts)
  expect(await here.get('preferences', MIRROR_SETTING)).toBe('https://own.example')
})

describe('merging', () => {
  it('changes nothing where everything is there', async () => {
    await fill(there)
    await fill(here)
    const before = await contentOf(here)
    const file = await exported(there)
    const { preview, staging } = await read(here, file)
    staging.close()
    expect(preview.sections.every(({ records, fates }) => fates.leave === records)).toBe(true)
    expect(await imported(here, file)).toMatchObject({ ok: true, value: { fates: { add: 0, copy: 0 } } })
    expect(await contentOf(here)).toEqual(before)
  })

  it('goes on with a run of which it has the beginning, and keeps the longer one', async () => {
    await putRun(there, runEvents('run', 7))
    await putRun(here, runEvents('run', 3))
    expect(await imported(here, await exported(there))).toMatchObject({ value: { fates: { extend: 1 } } })
    expect(await contentOf(here)).toEqual(await contentOf(there))
    await putRun(there, [...runEvents('more', 1)])
    await putRun(here, [...runEvents('more', 2)])
    const before = await contentOf(here)
    expect(await imported(here, await exported(there))).toMatchObject({ value: { fates: { leave: 2 } } })
    expect(await contentOf(here)).toEqual(before)
  })

  it('goes on with studies, and keeps both of two that went on differently, once', async () => {
    const [one, two, ...rest] = STUDY_EVENTS as [ExpertsEvent, ExpertsEvent, ...ExpertsEvent[]]
    const other = written('reflection', 1, 'another review')
    await putStudy(here, 'more', [one, two], 'Renamed here')
    await putStudy(there, 'more', [one, two, ...rest])
    await putStudy(here, 'less', STUDY_EVENTS)
    await putStudy(there, 'less', [one, two])
    await putStudy(here, 'forked', STUDY_EVENTS)
    await putStudy(there, 'forked', [one, two, other])
    const file = await exported(there)
    const fates = { extend: 1, leave: 1, copy: 1, add: 0 }
    expect(await imported(here, file)).toMatchObject({ value: { fates, copies: ['Two experts'] } })
    const log = new StudyLog<ExpertsEvent>(here, 'experts')
    const names = (await log.list()).map(({ name, events }) => `${name}: ${events}`)
    expect(names.sort()).toEqual([
      'Renamed here: 6',
      'Two experts (imported): 3',
      'Two experts: 6',
      'Two experts: 6',
    ])
    expect((await log.load('more' as StudyId))?.events).toEqual(STUDY_EVENTS)
    expect(await imported(here, file)).toMatchObject({ value: { fates: { leave: 3 } } })
    // What is here goes on from what came.
    expect(await log.append('more' as StudyId, 5, one)).toMatchObject({ failure: { kind: 'out-of-step' } })
  })

  it('keeps both of two runs that went on differently, once', async () => {
    await putRun(here, runEvents('run', 3))
    await putRun(there, [...runEvents('run', 2), answered(2, { reply: 'Another answer: A.' })])
    await putConversation(there, conversation('talk', 0), [])
    const before = await contentOf(here)
    const file = await exported(there)
    expect(await imported(here, file)).toMatchObject({
      value: { fates: { copy: 1, add: 1 }, copies: ['Test run'] },
    })
    // The same again makes no third one.
    await there.put('conversations', { ...conversation('talk', 0) })
    expect(await imported(here, file)).toMatchObject({ value: { fates: { copy: 0, leave: 2 } } })
    const runs = await here.getAll('runs')
    expect(runs).toHaveLength(2)
    const copy = runs.find(({ id }) => id !== 'run')
    expect(copy?.id).toMatch(/^copy-[0-9a-f]{32}$/)
    expect(copy?.summary).toMatchObject({ id: copy?.id, answered: 3, plan: { id: copy?.id } })
    expect(copy?.summary.plan.name).toBe('Test run (imported)')
    const first = await here.get('runEvents', [copy?.id as RunId, 0])
    expect(first).toMatchObject({ plan: { id: copy?.id, name: 'Test run (imported)' } })
    // What was here is as it was.
    const after = await contentOf(here)
    expect(after['runs']).toContainEqual(before['runs']?.[0])
    for (const event of before['runEvents'] ?? []) expect(after['runEvents']).toContainEqual(event)
  })

  it('adds messages to a conversation, and keeps two that branched off beside each other', async () => {
    await putConversation(here, { ...conversation('talk', 1), pinned: true }, [question(0, 'a')])
    await putConversation(there, conversation('talk', 2), [question(0, 'a'), reply(1, 'b')])
    await putConversation(here, conversation('other', 2, 'Other'), [question(0, 'a'), reply(1, 'mine')])
    await putConversation(there, conversation('other', 2, 'Other'), [question(0, 'a'), reply(1, 'yours')])
    await there.put('drafts', { text: 'to yours', edits: [], at: 1 }, 'other' as ConversationId)
    await here.put('drafts', { text: 'to mine', edits: [], at: 1 }, 'other' as ConversationId)
    expect(await imported(here, await exported(there))).toMatchObject({
      value: { fates: { extend: 1, copy: 1 }, copies: ['Other'] },
    })
    expect(await here.get('conversations', 'talk' as ConversationId)).toMatchObject({
      pinned: true,
      leaf: 1,
      nextMessage: 2,
    })
    const copy = (await here.getAll('conversations')).find(({ title }) => title === 'Other (imported)')
    const texts = await here.getAll('messages', IDBKeyRange.bound([copy?.id, 0], [copy?.id, 9]))
    expect(texts.map(({ text }) => text)).toEqual(['a', 'yours'])
    expect(await here.get('drafts', copy?.id as ConversationId)).toMatchObject({ text: 'to yours' })
    expect(await here.get('drafts', 'other' as ConversationId)).toMatchObject({ text: 'to mine' })
  })

  it('overwrites no setting, prompt, preset or judgement', async () => {
    await fill(here)
    await there.put('preferences', 'en', 'language')
    await there.put('preferences', 'dark', 'theme')
    await there.put('prompts', prompts('own', 'Yours'))
    await there.put('comparisons', { ...comparison('c'), preference: 'left', decidedAt: 9 })
    expect(await imported(here, await exported(there))).toMatchObject({
      value: { fates: { add: 1, leave: 1, extend: 1, copy: 1 } },
    })
    expect(await here.get('preferences', 'language')).toBe('zh')
    expect(await here.get('preferences', 'theme')).toBe('dark')
    expect((await here.getAll('prompts')).map((each) => each.prompts.name).sort()).toEqual([
      'Mine',
      'Yours (imported)',
    ])
    expect(await here.getAll('comparisons')).toMatchObject([{ preference: 'left', decidedAt: 9 }])
  })

  it('takes only the sections that were chosen', async () => {
    await fill(there)
    await imported(here, await exported(there), 'merge', ['prompts'])
    const stored = Object.entries(await contentOf(here)).filter(([, records]) => records.length > 0)
    expect(stored.map(([store]) => store)).toEqual(['prompts'])
  })
})

describe('replacing', () => {
  it('takes away what the chosen sections had, and secrets stay', async () => {
    await fill(there)
    await putRun(here, runEvents('mine', 2))
    await here.put('preferences', { 'https://huggingface.co': 'hf_secret' }, 'hubTokens')
    await here.put('preferences', 'light', 'theme')
    await putConversation(here, conversation('kept', 1), [question(0, 'kept')])
    await imported(here, await exported(there), 'replace', ['runs', 'settings'])
    expect((await here.getAll('runs')).map(({ id }) => id)).toEqual(['run-1', 'run-2'])
    expect(await here.getAllKeys('preferences')).toEqual(['hubTokens', 'language', 'planning'])
    expect(await here.getAllKeys('conversations')).toEqual(['kept'])
    expect(await here.count('runEvents')).toBe(await there.count('runEvents'))
  })
})

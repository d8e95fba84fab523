import { describe, expect, it } from 'vitest'
import { MAX_ENTRIES, MAX_KEY_LENGTH, MAX_MESSAGE_LENGTH, MAX_SETTING_LENGTH } from '#core/workspace/limits'
import { LeftRecords } from '#data/workspace/left-records'
import { manifestText, readManifest, workspaceFileName, type WorkspaceEntry } from '#core/workspace/manifest'
import { afterImport, readPrivacyEntry } from '#core/workspace/privacy'
import { recordMisfit } from '#core/workspace/check-record'
import { compareKeys, readRow, rowLine } from '#core/workspace/row'
import { SECTIONS, storesOf, TABLES, WORKSPACE_STORES } from '#core/workspace/tables'

const HASH = 'a'.repeat(64)
const entry = (path: string): WorkspaceEntry => ({ kind: 'model', name: path, path, bytes: 1, sha256: HASH })
const head = { databaseVersion: 4, appVersion: '1', exportedAt: 5 }

describe('the list of entries', () => {
  it('is read as it was written', () => {
    const entries: WorkspaceEntry[] = [
      { kind: 'records', store: 'runs', rows: 2, path: 'runs.jsonl', bytes: 9, sha256: HASH },
      { kind: 'privacy', path: 'privacy.json', bytes: 9, sha256: HASH },
      entry('models/a.tar'),
    ]
    expect(readManifest(manifestText({ ...head, entries }), 4)).toEqual({
      ok: true,
      value: { format: 'somnus-workspace', version: 1, ...head, entries },
    })
  })

  it.each([
    ['the same path twice', [entry('a'), entry('a')], { kind: 'entry-unexpected', entry: 'a' }],
    [
      'one store in two entries',
      ['a', 'b'].map((path) => ({ kind: 'records', store: 'runs', rows: 0, path, bytes: 0, sha256: HASH })),
      { kind: 'entry-unexpected', entry: 'b' },
    ],
    ['a path out of the archive', [entry('../a')], { kind: 'misfit', place: 'entries[0].path' }],
    [
      'a store of no workspace',
      [{ kind: 'records', store: 'models', rows: 0, path: 'a', bytes: 0, sha256: HASH }],
      { kind: 'misfit', place: 'entries[0].store' },
    ],
    [
      'more entries than any workspace has',
      Array.from({ length: MAX_ENTRIES + 1 }, (_, index) => entry(`models/${index}.tar`)),
      { kind: 'misfit', place: 'entries', expected: { kind: 'at-most-long', limit: MAX_ENTRIES } },
    ],
  ])('is refused with %s', (_what, entries, failure) => {
    const text = manifestText({ ...head, entries: entries as WorkspaceEntry[] })
    expect(readManifest(text, 4)).toMatchObject({ ok: false, failure })
  })

  it('names the file by a date that sorts', () => {
    expect(workspaceFileName({ year: 2026, month: 3, day: 9 })).toBe('somnus-workspace-2026-03-09.tar')
  })
})

describe('a record as a line', () => {
  it('is the same whatever the order of its members, and has no line break', () => {
    const line = rowLine('prompts', 'a', { b: 'x\ny\u2028', a: [1, { d: 1, c: undefined }] })
    expect(line).toBe(rowLine('prompts', 'a', { a: [1, { d: 1 }], b: 'x\ny\u2028' }))
    expect(line).not.toContain('\n')
    expect(readRow('prompts', line)).toEqual({
      ok: true,
      value: { key: 'a', value: { a: [1, { d: 1 }], b: 'x\ny\u2028' } },
    })
  })

  it('carries halves of characters, and the bytes of levels and languages', () => {
    const value = { meta: { ids: ['\ud800'], strata: Uint8Array.of(0, 7, 3) }, problems: [] }
    const line = rowLine('datasetDetails', 'd', value)
    expect(line).toContain('"strata":"073"')
    expect(readRow('datasetDetails', line)).toEqual({ ok: true, value: { key: 'd', value } })
  })

  it.each(['', '[]', '["a"]', '["a",1,2]', '[1,{}]', '[["a","b"],{}]', '["a",{}]x', '["a",{}', '{"a":1}'])(
    'is refused as %j',
    (line) => expect(readRow('runs', line)).toMatchObject({ ok: false }),
  )

  it('has keys in the database’s order', () => {
    const keys = [['a', 2], 'b', ['a', 10], 'a', ['B', 1]] as const
    expect(keys.toSorted(compareKeys)).toEqual([['B', 1], 'a', ['a', 2], ['a', 10], 'b'])
  })

  it('has an id of bounded length', () => {
    const draft = { text: '', edits: [], at: 1 }
    const key = (length: number) => recordMisfit('drafts', { key: 'x'.repeat(length), value: draft })
    expect(key(MAX_KEY_LENGTH)).toBeNull()
    expect(key(MAX_KEY_LENGTH + 1)).toMatchObject({ place: 'key' })
  })
})

describe('the tables', () => {
  it('name every store once, each in a section', () => {
    expect(new Set(WORKSPACE_STORES).size).toBe(WORKSPACE_STORES.length)
    expect(storesOf(SECTIONS).toSorted()).toEqual(WORKSPACE_STORES.toSorted())
    expect(storesOf(['runs'])).toEqual(['runs', 'runEvents'])
    expect(TABLES.every(({ section }) => SECTIONS.includes(section))).toBe(true)
  })
})

describe('records that no archive can hold', () => {
  const line = (text: string) => JSON.stringify(['talk', text])

  it('are found by what reading refuses, and named by the record that they are a part of', () => {
    const left = new LeftRecords()
    left.look('conversations', { key: 'talk', value: STORED_TALK }, line(''))
    const long = {
      id: 0,
      parent: null,
      role: 'user',
      at: 1,
      removedAt: null,
      text: 'x'.repeat(MAX_MESSAGE_LENGTH),
    }
    left.look('messages', { key: ['talk', 0], value: long }, line(long.text))
    expect(left.grew).toBe(false)
    const longer = { ...long, id: 1, text: `${long.text}é` }
    left.look('messages', { key: ['talk', 1], value: longer }, line(longer.text))
    left.look('messages', { key: ['talk', 2], value: longer }, line(longer.text))
    expect(left.grew).toBe(true)
    const bytes = MAX_MESSAGE_LENGTH + 13
    expect(left.list).toEqual([{ section: 'conversations', name: 'A long talk', bytes }])
    expect(left.has('conversations', 'talk')).toBe(true)
    left.again()
    expect(left.grew).toBe(false)
  })

  it('are settings beyond their own limit too', () => {
    const left = new LeftRecords()
    left.look('preferences', { key: 'theme', value: '' }, 'x'.repeat(MAX_SETTING_LENGTH))
    expect(left.grew).toBe(false)
    left.look('preferences', { key: 'theme', value: '' }, 'x'.repeat(MAX_SETTING_LENGTH + 1))
    expect(left.list).toMatchObject([{ section: 'settings', name: 'theme' }])
  })
})

const STORED_TALK = {
  ...{ id: 'talk', title: 'A long talk', renamed: true, pinned: false, createdAt: 1, updatedAt: 1 },
  ...{ removedAt: null, leaf: 1, nextMessage: 2, settings: null, origin: null, imported: null },
}

describe('the lock and the hosts', () => {
  it('are refused where a policy cannot name a host', () => {
    const read = (hosts: string[]) => readPrivacyEntry('p', JSON.stringify({ locked: false, hosts }))
    expect(read(['https://huggingface.co']).ok).toBe(true)
    expect(read(["https://a.example; script-src 'unsafe-inline'"]).ok).toBe(false)
    expect(read(['https://a.example/path']).ok).toBe(false)
  })

  it('are never unlocked by an import', () => {
    const here = { locked: true, hosts: ['https://a.example'] }
    expect(afterImport(here, { locked: false, hosts: ['https://b.example'] })).toEqual({
      locked: true,
      hosts: ['https://a.example', 'https://b.example'],
    })
  })
})

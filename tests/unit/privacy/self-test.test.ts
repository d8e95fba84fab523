import { describe, expect, test } from 'vitest'
import { CANARIES, canaryUrl, isCanary, RESERVED_TARGET, type Canary } from '#core/privacy/canary'
import type { LedgerEntry, Outcome } from '#core/privacy/ledger'
import type { Reach } from '#core/privacy/policy'
import {
  countVerdicts,
  judge,
  parseTarget,
  type Observation,
  type PolicyReport,
  type Trial,
} from '#core/privacy/self-test'

const LOCKED: Reach = { locked: true, hosts: ['https://chosen.example'] }
const OPEN: Reach = { locked: false, hosts: ['https://chosen.example'] }

function trial(
  observation: Observation,
  {
    canary = { realm: 'page', id: 'fetch' },
    reports = () => [],
    target = RESERVED_TARGET,
  }: { canary?: Canary; reports?: (url: string) => PolicyReport[]; target?: string } = {},
): Trial {
  const url = canaryUrl(target, 'r1', canary)
  return { canary, url, observation, reports: reports(url) }
}

function seen({ url }: Trial, outcome: Outcome): LedgerEntry {
  return {
    at: 0,
    from: 'page',
    url,
    redirectedBy: null,
    purpose: 'self-test',
    bytes: null,
    outcome,
    refusedBy: outcome === 'refused' ? 'service-worker' : null,
    witness: 'service-worker',
  }
}

const failed: Observation = { kind: 'failed', detail: 'TypeError: Failed to fetch' }
const connect = (blocked: string): PolicyReport[] => [{ directive: 'connect-src', blocked }]

describe('canaries', () => {
  test('each have an address of their own that says what it is', () => {
    const urls = CANARIES.map((canary) => canaryUrl(RESERVED_TARGET, 'r1', canary))
    expect(new Set(urls).size).toBe(CANARIES.length)
    expect(urls.every(isCanary)).toBe(true)
  })

  test('cover every way that the promise names, in the page and in both kinds of worker', () => {
    const ids = (realm: string) => CANARIES.filter((canary) => canary.realm === realm).map(({ id }) => id)
    expect(ids('page')).toEqual(
      expect.arrayContaining(
        'fetch xhr websocket webrtc eventsource beacon image font css-import prefetch form import'.split(' '),
      ),
    )
    expect(ids('engine-worker')).toEqual(ids('download-worker'))
    expect(ids('engine-worker')).toContain('fetch')
  })
})

describe('a canary', () => {
  test('that failed is not proven to be refused', () => {
    expect(judge(trial(failed), [], LOCKED)).toEqual({
      kind: 'unproven',
      detail: 'TypeError: Failed to fetch',
    })
    expect(judge(trial({ kind: 'silent' }), [], LOCKED)).toEqual({ kind: 'unproven', detail: null })
  })

  test('is refused where the policy reports its very address', () => {
    const verdict = judge(trial(failed, { reports: connect }), [], LOCKED)
    expect(verdict).toEqual({ kind: 'refused', evidence: [{ by: 'policy', directive: 'connect-src' }] })
  })

  test('is not refused by a report on another address, or by a word that may mean anything', () => {
    for (const blocked of ['https://canary.invalid/somnus-canary/r1/page/xhr', 'inline'])
      expect(judge(trial(failed, { reports: () => connect(blocked) }), [], LOCKED).kind).toBe('unproven')
  })

  test('of a socket is known by the address with the scheme of pages', () => {
    const canary: Canary = { realm: 'page', id: 'websocket' }
    const reports = (url: string) => connect(url.replace('https', 'wss'))
    expect(judge(trial(failed, { canary, reports }), [], LOCKED).kind).toBe('refused')
  })

  test('that needs an inline script is refused where inline scripts are', () => {
    const canary: Canary = { realm: 'page', id: 'inline-script' }
    const reports = () => [{ directive: 'script-src-elem', blocked: 'inline' }]
    expect(judge(trial({ kind: 'accepted' }, { canary, reports }), [], LOCKED).kind).toBe('refused')
  })

  test('is refused where the service worker says so', () => {
    const tried = trial(failed)
    expect(judge(tried, [seen(tried, 'refused')], LOCKED)).toEqual({
      kind: 'refused',
      evidence: [{ by: 'service-worker' }],
    })
  })

  test('is through where the service worker let it out, even to a name that nobody has', () => {
    const tried = trial(failed)
    const verdict = judge(tried, [seen(tried, 'allowed')], LOCKED)
    expect(verdict).toEqual({ kind: 'through', how: 'let-out', byDesign: false })
  })

  test.each<[Observation, string]>([
    [{ kind: 'absent' }, 'refused'],
    [{ kind: 'stopped' }, 'refused'],
    [{ kind: 'forbidden', detail: 'SecurityError' }, 'refused'],
    [{ kind: 'accepted' }, 'through'],
    [{ kind: 'reached' }, 'through'],
    [{ kind: 'untestable' }, 'untestable'],
  ])('%j is %s', (observation, kind) => {
    expect(judge(trial(observation), [], LOCKED).kind).toBe(kind)
  })

  test('that was answered is through, whatever was reported', () => {
    expect(judge(trial({ kind: 'reached' }, { reports: connect }), [], LOCKED).kind).toBe('through')
  })
})

describe('what is open by design', () => {
  const canary: Canary = { realm: 'download-worker', id: 'fetch' }
  const through = (target: string, reach: Reach, tried: Canary = canary) =>
    judge(trial({ kind: 'reached' }, { canary: tried, target }), [], reach)

  test('are the chosen hosts, to download workers, while the app is not locked', () => {
    expect(through('https://chosen.example', OPEN)).toMatchObject({ byDesign: true })
    expect(through('https://other.example', OPEN)).toMatchObject({ byDesign: false })
    expect(through('https://chosen.example', LOCKED)).toMatchObject({ byDesign: false })
    expect(through('https://other.example', 'any-host')).toMatchObject({ byDesign: true })
  })

  test('is never a page or an engine', () => {
    for (const realm of ['page', 'engine-worker'] as const)
      expect(through('https://chosen.example', 'any-host', { realm, id: 'fetch' })).toMatchObject({
        byDesign: false,
      })
  })

  test('are links that lead away', () => {
    const link: Canary = { realm: 'page', id: 'navigation' }
    expect(through('https://other.example', OPEN, link)).toMatchObject({ byDesign: true })
    expect(through('https://other.example', LOCKED, link)).toMatchObject({ byDesign: false })
  })
})

test('verdicts are counted, and what is open by design apart from what got through', () => {
  expect(
    countVerdicts([
      { kind: 'refused', evidence: [] },
      { kind: 'through', how: 'answered', byDesign: true },
      { kind: 'through', how: 'let-out', byDesign: false },
      { kind: 'unproven', detail: null },
      { kind: 'untestable' },
    ]),
  ).toEqual({ refused: 1, unproven: 1, through: 1, byDesign: 1, untestable: 1 })
})

test.each([
  ['https://logs.hospital.example/path', 'https://logs.hospital.example'],
  [' http://10.0.0.5:8080 ', 'http://10.0.0.5:8080'],
  ['https://somnus.example/', null],
  ['logs.hospital.example', null],
  ['javascript:alert(1)', null],
])('%s is aimed at %s', (typed, target) => {
  expect(parseTarget(typed, 'https://somnus.example')).toBe(target)
})

import { describe, expect, test } from 'vitest'
import { reportHtml } from '#app/proof-report'
import { EMPTY_LEDGER, type LedgerEntry } from '#core/privacy/ledger'
import { filterLedger, hostsOf, OUTSIDE } from '#core/privacy/ledger-filter'
import { privacyReport, reportFileName, type ReportSubject } from '#core/privacy/report'
import { Locale } from '#i18n/locale.svelte'

const OWN = 'somnus.example'
const ALL = { host: null, purpose: null, outcome: null }

function entry(changes: Partial<LedgerEntry>): LedgerEntry {
  return {
    at: 1000,
    from: 'page',
    url: `https://${OWN}/index.html`,
    redirectedBy: null,
    purpose: 'app',
    bytes: 5,
    outcome: 'from-cache',
    refusedBy: null,
    witness: 'service-worker',
    ...changes,
  }
}

const hostile = entry({
  url: 'https://evil.example/<script>alert(1)</script>',
  outcome: 'allowed',
  purpose: 'unknown',
})

function subject(changes: Partial<ReportSubject> = {}): ReportSubject {
  return {
    at: Date.UTC(2026, 10, 22, 8),
    address: `https://${OWN}/`,
    ownHost: OWN,
    appVersion: '0.1.0',
    buildHash: 'ab'.repeat(32),
    browser: 'Browser "<b>1</b>"',
    state: { locked: true, hosts: ['https://huggingface.co'] },
    inForce: true,
    selfTest: null,
    ledger: { ...EMPTY_LEDGER, since: 0, entries: [entry({}), hostile] },
    ...changes,
  }
}

describe('a ledger is filtered', () => {
  const entries = [entry({}), hostile, entry({ url: 'blob:' })]
  test.each([
    [ALL, [2, 1, 0]],
    [{ ...ALL, host: OUTSIDE }, [1]],
    [{ ...ALL, host: OWN }, [0]],
    [{ ...ALL, purpose: 'unknown' as const }, [1]],
    [{ ...ALL, outcome: 'from-cache' as const }, [2, 0]],
  ])('by %j, the newest first', (filter, numbers) => {
    expect(filterLedger(entries, filter, OWN).map(({ number }) => number)).toEqual(numbers)
  })

  test('and its hosts are listed once each', () => {
    expect(hostsOf([...entries, hostile])).toEqual(['blob:', 'evil.example', OWN])
  })
})

describe('a report', () => {
  test('names the lock, the build and what the two books hold', () => {
    const report = privacyReport(subject())
    expect(report).toMatchObject({
      format: 'somnus-privacy-report',
      version: 1,
      madeAt: '2026-11-22T08:00:00.000Z',
      lock: { locked: true, hosts: ['https://huggingface.co'], inForce: true },
      app: { buildHash: 'ab'.repeat(32) },
      selfTest: null,
    })
    expect(report.ledger.books).toEqual([
      { host: 'evil.example', app: 0, seen: 1, before: 0, verdict: 'seen-more' },
    ])
    expect(reportFileName(report, 'html')).toBe('somnus-privacy-2026-11-22.html')
  })

  test.each(['en', 'zh'] as const)('on paper (%s) runs nothing of what it quotes', (language) => {
    const locale = new Locale(language)
    const html = reportHtml(
      privacyReport(
        subject({
          selfTest: {
            target: 'https://canary.invalid',
            startedAt: 0,
            finished: true,
            reach: { locked: true, hosts: [] },
            tested: [
              {
                trial: {
                  canary: { realm: 'page', id: 'fetch' },
                  url: 'https://canary.invalid/',
                  observation: { kind: 'failed', detail: '' },
                  reports: [],
                },
                verdict: { kind: 'unproven', detail: '<img src=x onerror=alert(1)>' },
              },
            ],
          },
          ledger: { ...EMPTY_LEDGER, since: 0, entries: [entry({ url: 'https://<b>/' })] },
        }),
      ),
      locale,
    )
    expect(html).not.toMatch(/<script|<img|<b>/)
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    for (const item of locale.t.proof.limits.items) expect(html).toContain(item.slice(0, 12))
  })
})

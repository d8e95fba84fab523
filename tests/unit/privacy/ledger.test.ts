import { describe, expect, test } from 'vitest'
import type { LedgerEntry } from '#core/privacy/ledger'
import { hostOf, MOST_CHARACTERS, shownAddress } from '#core/privacy/ledger-address'
import { compareBooks } from '#core/privacy/ledger-books'
import { addToTotals, hostTotals, mergeTotals, MOST_TOTALS, OTHER_HOSTS } from '#core/privacy/ledger-totals'

function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    at: 1000,
    from: 'worker',
    url: 'https://huggingface.co/model/weights.gguf',
    redirectedBy: null,
    purpose: 'weights',
    bytes: 10,
    outcome: 'allowed',
    refusedBy: null,
    witness: 'app',
    ...changes,
  }
}

describe('an address', () => {
  test.each([
    ['https://user:secret@Host.org/a/b.bin?token=1#part', 'https://host.org/a/b.bin'],
    ['https://host.org', 'https://host.org/'],
    ['https://host.org?key=1', 'https://host.org/'],
    ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
    ['wss://host.org/socket?room=1', 'wss://host.org/socket'],
    ['blob:https://somnus.example/9f0c', 'blob:'],
    ['data:text/plain,patient', 'data:'],
    ['inline', 'inline'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownAddress(url)).toBe(shown)
  })

  test('is cut where a path could carry a text away unseen', () => {
    expect(shownAddress(`https://host.org/${'x'.repeat(5000)}`)).toHaveLength(MOST_CHARACTERS)
  })

  test('has a host, or at least a scheme', () => {
    expect(hostOf('https://me@host.org:8443/x')).toBe('host.org:8443')
    expect(hostOf('blob:https://host.org/1')).toBe('blob:')
    expect(hostOf('inline')).toBe('inline')
  })
})

describe('totals', () => {
  test('count alike entries together and keep others apart', () => {
    const totals = addToTotals([], [entry(), entry({ bytes: 5 }), entry({ outcome: 'failed', bytes: null })])
    expect(totals.map(({ requests, bytes, outcome }) => [outcome, requests, bytes])).toEqual([
      ['allowed', 2, 15],
      ['failed', 1, 0],
    ])
  })

  test('of parts are those of the whole', () => {
    const entries = [entry(), entry({ purpose: 'library' }), entry(), entry({ witness: 'service-worker' })]
    const parts = mergeTotals(addToTotals([], entries.slice(0, 2)), addToTotals([], entries.slice(2)))
    expect(parts).toEqual(addToTotals([], entries))
  })

  test('give one line for all hosts beyond the most that are told apart', () => {
    const many = Array.from({ length: MOST_TOTALS + 50 }, (_, index) =>
      entry({ url: `https://host-${index}.example/` }),
    )
    const totals = addToTotals([], many)
    expect(totals).toHaveLength(MOST_TOTALS + 1)
    expect(totals.at(-1)).toMatchObject({ host: OTHER_HOSTS, requests: 50, bytes: 500 })
  })

  test('per host name every outcome, the busiest host first, and count no request twice', () => {
    const totals = addToTotals(
      [],
      [
        entry({ url: 'https://a.example/' }),
        entry(),
        entry({ outcome: 'refused', refusedBy: 'policy', bytes: null }),
        entry({ witness: 'service-worker', bytes: null }),
      ],
    )
    const none = { fromCache: 0, allowed: 0, refused: 0, failed: 0 }
    const hub = { ...none, host: 'huggingface.co' }
    expect(hostTotals(totals)).toEqual([
      { ...hub, witness: 'service-worker', requests: 1, bytes: 0, allowed: 1 },
      { ...hub, witness: 'app', requests: 2, bytes: 10, allowed: 1, refused: 1 },
      { ...none, host: 'a.example', witness: 'app', requests: 1, bytes: 10, allowed: 1 },
    ])
  })
})

describe('two books', () => {
  const own = 'somnus.example'
  const seen = (changes: Partial<LedgerEntry> = {}) =>
    entry({ witness: 'service-worker', purpose: 'unknown', bytes: null, at: 500, ...changes })

  test('agree where each request is in both', () => {
    const rows = compareBooks([seen({ url: `https://${own}/` }), seen(), entry()], own)
    expect(rows).toEqual([{ host: 'huggingface.co', app: 1, seen: 1, before: 0, verdict: 'same' }])
  })

  test('tell of a request that the app does not own up to', () => {
    expect(compareBooks([seen(), seen(), entry()], own)[0]?.verdict).toBe('seen-more')
  })

  test('tell of a request that passed the service worker by', () => {
    expect(compareBooks([seen(), entry(), entry()], own)[0]?.verdict).toBe('app-more')
  })

  test('do not blame the service worker for the time before it', () => {
    const rows = compareBooks([entry({ at: 100 }), seen({ url: `https://${own}/` }), seen(), entry()], own)
    expect(rows[0]).toMatchObject({ app: 2, seen: 1, before: 1, verdict: 'same' })
  })

  test('leave out what was refused, and what a redirect made', () => {
    const rows = compareBooks(
      [
        seen({ outcome: 'refused', refusedBy: 'service-worker' }),
        entry({ redirectedBy: 'huggingface.co', url: 'https://cdn.hf.co/x' }),
        entry({ witness: 'browser', outcome: 'refused' }),
      ],
      own,
    )
    expect(rows).toEqual([])
  })

  test('do not take a request for a canary because its address says so', () => {
    const url = 'https://evil.example/somnus-canary/x'
    expect(compareBooks([seen({ purpose: 'self-test', url })], own)[0]?.verdict).toBe('seen-more')
  })
})

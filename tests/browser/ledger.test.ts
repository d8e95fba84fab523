/** The ledger's own database, and the fetch that writes into it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LedgerEntry } from '#core/privacy/ledger'
import { LedgerLog } from '#data/privacy/ledger-log'
import { recordedFetch } from '#data/privacy/recorded-fetch'

let name: string
beforeEach(() => {
  name = `ledger-${crypto.randomUUID()}`
})
afterEach(() => void indexedDB.deleteDatabase(name))

function entry(index: number): LedgerEntry {
  return {
    at: 1000 + index,
    from: 'page',
    url: `https://host.example/${index}`,
    redirectedBy: null,
    purpose: 'weights',
    bytes: 1,
    outcome: 'allowed',
    refusedBy: null,
    witness: 'app',
  }
}

test('several writers add to one ledger, and what is amended later is one line still', async () => {
  const [one, other] = [new LedgerLog({ name }), new LedgerLog({ name })]
  const line = one.record({ ...entry(0), bytes: null })
  other.record(entry(1))
  await Promise.all([one.flush(), other.flush()])
  line.amend({ bytes: 77 })
  await one.flush()
  const { entries, since, unwritten } = await other.read()
  expect(entries.map(({ url, bytes }) => [url, bytes]).sort()).toEqual([
    ['https://host.example/0', 77],
    ['https://host.example/1', 1],
  ])
  expect([since, unwritten]).toEqual([expect.any(Number), 0])
})

test('of more entries than are kept the totals stay', async () => {
  const log = new LedgerLog({ name, mostEntries: 100 })
  for (let index = 0; index < 250; index += 1) {
    log.record(entry(index))
    if (index % 40 === 0) await log.flush()
  }
  await log.flush()
  const { entries, dropped } = await log.read()
  expect(entries.length).toBeLessThanOrEqual(100)
  expect(entries.at(-1)?.url).toBe('https://host.example/249')
  expect(dropped).toHaveLength(1)
  expect(dropped[0]).toMatchObject({ host: 'host.example', requests: 250 - entries.length })
})

test('a line that was cleared meanwhile is not brought back', async () => {
  const log = new LedgerLog({ name, now: () => 5 })
  const line = log.record(entry(0))
  await log.flush()
  await log.clear()
  line.amend({ bytes: 9 })
  await log.flush()
  expect(await log.read()).toEqual({ entries: [], dropped: [], unwritten: 0, since: 5 })
})

test('erasing the database is not held up, and the next entry begins a new one', async () => {
  const log = new LedgerLog({ name })
  log.record(entry(0))
  await log.flush()
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = resolve
    request.onblocked = () => reject(new Error('blocked'))
  })
  log.record(entry(1))
  await log.flush()
  expect((await log.read()).entries.map(({ url }) => url)).toEqual(['https://host.example/1'])
})

test('a database that is refused neither fails nor delays anyone, and what was lost is counted', async () => {
  const log = new LedgerLog({ name })
  const later = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 9)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error('no database'))
  })
  for (let index = 0; index < 6_000; index += 1) log.record(entry(index))
  await log.flush()
  later.close()
  indexedDB.deleteDatabase(name)
  log.record(entry(6_000))
  await log.flush()
  await log.flush()
  const { entries, unwritten } = await log.read()
  expect(unwritten).toBeGreaterThan(0)
  expect(entries.length + unwritten).toBe(6_001)
})

test('a fetch writes what came, what failed, and where a redirect led', async () => {
  const log = new LedgerLog({ name })
  const books = { log, from: 'page', purpose: 'dataset' } as const
  const body = new TextEncoder().encode('0123456789')
  const answers: Record<string, () => Promise<Response>> = {
    'https://a.example/x?token=1': () => Promise.resolve(new Response(body)),
    'https://b.example/': () => Promise.reject(new TypeError('Failed to fetch')),
    'https://c.example/r': () => {
      const response = new Response(body)
      Object.defineProperties(response, {
        redirected: { value: true },
        url: { value: 'https://cdn.example/f?signature=1' },
      })
      return Promise.resolve(response)
    },
  }
  const fetch = recordedFetch((url) => answers[url]!(), books)
  const first = await fetch('https://a.example/x?token=1')
  expect(new Uint8Array(await first.arrayBuffer())).toEqual(body)
  await expect(fetch('https://b.example/')).rejects.toThrow('Failed to fetch')
  const redirected = await fetch('https://c.example/r')
  expect(redirected.url).toBe('https://cdn.example/f?signature=1')
  await redirected.body?.cancel()
  await log.flush()
  expect(
    (await log.read()).entries.map(({ url, outcome, bytes, redirectedBy }) => [
      url,
      outcome,
      bytes,
      redirectedBy,
    ]),
  ).toEqual([
    ['https://a.example/x', 'allowed', 10, null],
    ['https://b.example/', 'failed', null, null],
    ['https://c.example/r', 'allowed', null, null],
    ['https://cdn.example/f', 'allowed', 0, 'c.example'],
  ])
})

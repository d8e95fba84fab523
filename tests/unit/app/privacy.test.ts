import { describe, expect, it } from 'vitest'
import type { Control, PolicyKeeper } from '#app/policy-keeper'
import { Privacy } from '#app/privacy.svelte'
import type { SentUnder } from '#core/privacy/policy'
import { FIRST_VISIT, type PrivacyState } from '#core/privacy/state'

const HUB = 'https://huggingface.co'
const OWN = 'https://somnus.example'

interface Given {
  stored?: PrivacyState
  sentUnder?: SentUnder | null
  control?: Control
  /** What the service worker says that it obeys; by default what is stored. */
  obeyed?: PrivacyState | null
}

/** A tab whose record, service worker and other tabs are in memory. */
async function open({
  stored = FIRST_VISIT,
  sentUnder = 'host',
  control = 'controlled',
  obeyed,
}: Given = {}) {
  const told = { announcements: 0, waited: 0 }
  let heard: () => void = () => undefined
  let kept = stored
  const keeper: PolicyKeeper = {
    sentUnder: () => sentUnder,
    control: () => Promise.resolve(told.waited >= 2 && control === 'starting' ? 'controlled' : control),
    tell: () => Promise.resolve(obeyed === undefined ? kept : obeyed),
    onControl: () => undefined,
  }
  const privacy = new Privacy({
    record: {
      read: () => Promise.resolve(kept),
      change: (change) => Promise.resolve((kept = change(kept))),
    },
    keeper,
    announce: () => void (told.announcements += 1),
    hear: (listener) => (heard = listener),
    ownOrigin: OWN,
    wait: () => Promise.resolve(void (told.waited += 1)),
  })
  await privacy.restore()
  await settled()
  return {
    privacy,
    told,
    kept: () => kept,
    otherTab: async (state: PrivacyState) => {
      kept = state
      heard()
      await settled()
    },
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('starting a download', () => {
  it('chooses its hosts, tells everyone, and changes the policy of later workers', async () => {
    const { privacy, told, kept } = await open()
    const before = privacy.reach
    const addresses = [`${HUB}/owner/name/resolve/main/a.bin`, `${OWN}/models/formulary.gguf`]
    expect(await privacy.admit(addresses)).toEqual({ ok: true, value: undefined })
    expect(kept().hosts).toEqual([HUB])
    expect(told.announcements).toBe(1)
    expect(privacy.reach).not.toBe(before)
    await privacy.admit(addresses)
    expect(told.announcements).toBe(1)
  })

  it('of own files alone is possible while locked', async () => {
    const { privacy } = await open({ stored: { locked: true, hosts: [] } })
    expect(await privacy.admit([`${OWN}/a`])).toMatchObject({ ok: true })
  })

  it.each([
    ['while locked', { locked: true, hosts: [HUB] }, `${HUB}/a`, { kind: 'locked', url: `${HUB}/a` }],
    [
      'from an address that no policy can name',
      FIRST_VISIT,
      'http://[::1]:8080/a',
      { kind: 'address-invalid', address: 'http://[::1]:8080/a' },
    ],
  ])('is refused %s, and chooses nothing', async (_, stored, address, reason) => {
    const { privacy, kept } = await open({ stored })
    expect(await privacy.admit([address])).toEqual({ ok: false, failure: reason })
    expect(kept()).toEqual(stored)
  })

  it('is refused when another tab has just locked, before this one heard of it', async () => {
    let read = 0
    const locked = { locked: true, hosts: [HUB] }
    const record = {
      read: () => Promise.resolve((read += 1) > 1 ? locked : FIRST_VISIT),
      change: () => Promise.resolve(locked),
    }
    const keeper = {
      sentUnder: () => null,
      control: () => Promise.resolve('none' as const),
      tell: () => Promise.resolve(null),
      onControl: () => undefined,
    }
    const late = new Privacy({
      record,
      keeper,
      announce: () => undefined,
      hear: () => undefined,
      ownOrigin: OWN,
      wait: () => Promise.resolve(),
    })
    await late.restore()
    expect(late.locked).toBe(false)
    expect(await late.admit([`${HUB}/a`])).toMatchObject({ failure: { kind: 'locked' } })
  })

  it('waits for the service worker only where the host sent no policy', async () => {
    const bound = await open({ control: 'starting' })
    await bound.privacy.admit([`${HUB}/a`])
    expect(bound.told.waited).toBe(0)
    const unbound = await open({ control: 'starting', sentUnder: null })
    await unbound.privacy.admit([`${HUB}/a`])
    expect(unbound.told.waited).toBe(2)
  })
})

describe('the lock', () => {
  it('ends downloads here and when another tab locks, once each time', async () => {
    const tab = await open()
    let ended = 0
    tab.privacy.whenLocked(() => void (ended += 1))
    await tab.privacy.lock()
    await tab.privacy.lock()
    expect(ended).toBe(1)
    await tab.privacy.unlock()
    await tab.otherTab({ locked: true, hosts: [] })
    expect(tab.privacy.locked).toBe(true)
    expect(ended).toBe(2)
  })

  it('keeps the chosen hosts, which can be added and taken away meanwhile', async () => {
    const { privacy } = await open({ stored: { locked: true, hosts: [HUB] } })
    expect(await privacy.choose(' Mirror.Example.org/path ')).toBe(true)
    expect(await privacy.choose('http://[::1]/')).toBe(false)
    expect(await privacy.choose('not an address')).toBe(false)
    expect(privacy.hosts).toEqual([HUB, 'https://mirror.example.org'])
    await privacy.forget(HUB)
    expect(privacy.hosts).toEqual(['https://mirror.example.org'])
    expect(privacy.locked).toBe(true)
  })

  const locked = { locked: true, hosts: [] }
  it.each([
    ['the service worker answers for a page that came with a policy', {}, true],
    ['the page came without a policy', { sentUnder: null }, false],
    ['the page was loaded past the service worker', { control: 'bypassed' }, false],
    ['there is no service worker', { control: 'none' }, false],
    ['the service worker does not answer', { obeyed: null }, false],
    ['the service worker obeys another state', { obeyed: FIRST_VISIT }, false],
  ] as const)('is said to be in force or not: %s', async (_, given, is) => {
    const { privacy } = await open({ stored: locked, ...given })
    expect(privacy.inForce).toBe(is)
  })
})

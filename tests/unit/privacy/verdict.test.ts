import { describe, expect, it } from 'vitest'
import { choosable, HOST_FAMILIES, isAmong, sourcesOf } from '#core/privacy/hosts'
import { mayAskHost } from '#core/privacy/own-host'
import { verdictOf } from '#core/privacy/verdict'

const HUB = 'https://huggingface.co'
const open = { locked: false, hosts: [HUB, 'http://10.0.0.5:8080'] }
const worker = 'downloads/models-abc.js'

describe('a request to another origin', () => {
  it.each([
    ['a chosen host', HUB, worker, open, 'chosen-host'],
    ['a chosen host in the own network', 'http://10.0.0.5:8080', worker, open, 'chosen-host'],
    ['its storage host', 'https://cdn-lfs-us-1.hf.co', worker, open, 'chosen-host'],
    ['another port', 'http://10.0.0.5:8081', worker, open, 'host-not-chosen'],
    ['another scheme', 'http://huggingface.co', worker, open, 'host-not-chosen'],
    ['a name that ends alike', 'https://nothf.co', worker, open, 'host-not-chosen'],
    ['the storage host without encryption', 'http://cdn-lfs.hf.co', worker, open, 'host-not-chosen'],
    ['a name that only begins alike', 'https://huggingface.co.example', worker, open, 'host-not-chosen'],
    ['any host, on a first visit', HUB, worker, { locked: false, hosts: [] }, 'host-not-chosen'],
    ['a chosen host, while locked', HUB, worker, { ...open, locked: true }, 'locked'],
    ['a chosen host, from the page', HUB, '', open, 'not-a-download'],
    ['a chosen host, from the engine', HUB, 'assets/engine-abc.js', open, 'not-a-download'],
    [
      'a chosen host, from a file that only begins like the folder',
      HUB,
      'downloads.js',
      open,
      'not-a-download',
    ],
    ['a chosen host, from who knows where', HUB, null, open, 'not-a-download'],
  ] as const)('%s', (_, origin, asker, state, verdict) => {
    expect(verdictOf(origin, asker, state)).toBe(verdict)
  })
})

describe('a request to the own host that no kept file answers', () => {
  const files = new Set(['', 'sw.js', 'assets/a.js'])
  const plain = { method: 'GET', path: 'assets/a.js', hasQuery: false, asker: '' }
  const kept = { files, isKept: true }
  it.each([
    ['for a file of the build', {}, kept, true],
    ['for its length', { method: 'HEAD' }, kept, true],
    ['with a text in its body', { method: 'POST' }, kept, false],
    ['with a text behind the name', { hasQuery: true }, kept, false],
    ['with a text as the name', { path: 'assets/a-text' }, kept, false],
    [
      'with a text as the name, where the app is not kept',
      { path: 'assets/new.js' },
      { files, isKept: false },
      true,
    ],
    [
      'with a text behind the name, where it is not kept',
      { hasQuery: true },
      { files, isKept: false },
      false,
    ],
    ['for another folder of the host', { path: null }, { files, isKept: false }, false],
    ['of the engine', { path: 'a-text', asker: 'assets/engine.js' }, kept, false],
    ['of nobody knows whom', { path: 'a-text', asker: null }, kept, false],
    ['of a worker that downloads', { path: null, hasQuery: true, asker: worker }, kept, true],
  ] as const)('%s, while locked: %s', (_, request, site, may) => {
    const asked = { ...plain, ...request }
    expect(mayAskHost(asked, { locked: true, hosts: [] }, site)).toBe(may)
    expect(mayAskHost(asked, { locked: false, hosts: [] }, site)).toBe(true)
  })
})

describe('what can be chosen', () => {
  it.each([
    ['https://huggingface.co', true],
    ['http://localhost:3000', true],
    ['http://10.0.0.5', true],
    ['https://xn--fiqs8s.example', true],
    ['http://[::1]:8080', false],
    ['https://*.example', false],
    ['https://a.example/path', false],
    ['https://a.example b.example', false],
    ['https://a.example;', false],
    ['ftp://a.example', false],
    ['null', false],
    ['https:', false],
  ])('%s: %s', (origin, is) => {
    expect(choosable(origin)).toBe(is ? origin : null)
  })
})

describe('storage hosts', () => {
  it('are sources that can stand in a policy, each with the reason for it', () => {
    for (const { origin, storage, reason } of HOST_FAMILIES) {
      expect(choosable(origin)).toBe(origin)
      expect(reason).not.toBe('')
      for (const source of storage) expect(choosable(source.replace('*.', 'any.'))).not.toBeNull()
    }
  })

  it('come with their host, each source once', () => {
    expect(sourcesOf([HUB, 'https://hf-mirror.com'])).toEqual([
      HUB,
      'https://*.hf.co',
      'https://*.huggingface.co',
      'https://hf-mirror.com',
    ])
    expect(isAmong(sourcesOf(['https://mirror.example']), 'https://cdn-lfs.hf.co')).toBe(false)
  })
})
